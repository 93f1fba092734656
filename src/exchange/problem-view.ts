/** A stored refusal in the words of the reader's language. */
import { Type } from 'typebox';
import { knownProblems, type Language, Problem } from '../core/problem.ts';
import type { StoredProblem } from './job.ts';

export const ProblemView = Type.Object(
  { code: Type.String(), title: Type.String(), detail: Type.String() },
  { additionalProperties: true, title: 'StoredProblem', description: 'Why it ended; further facts beside the code' },
);

type ProblemWords = { code: string; title: string; detail: string; [fact: string]: unknown };

export function problemView(stored: StoredProblem | null, language: Language): ProblemWords | null {
  if (stored === null) return null;
  const { code, facts } = stored;
  const entry = knownProblems().find(([known]) => known === code)?.[1];
  if (entry === undefined) return { ...facts, code, title: code, detail: code };
  const refusal = new Problem(code, entry, facts);
  return { ...facts, code, title: refusal.title(language), detail: refusal.detail(language) };
}
