import { expect } from 'vitest';
import { Problem } from '../../src/core/problem.ts';

/** Runs what must be refused and returns the problem; anything else that happens fails the test. */
export function refusal(act: () => unknown): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  expect.unreachable('it was not refused');
}
