import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MAX_MS = 20_000;

/** Repeats a check until it holds; what it said last is the failure. For what happens in another process or task. */
export async function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  const until = Date.now() + WAIT_MAX_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(20);
    }
  }
}
