/** Why a line has no price. Staff see the true code; a dealer cannot tell core, unlisted and unknown parts apart (R2.3). */
import { assert } from '../core/assert.ts';
import { type Facts, knownProblems, type Language, Problem, type ProblemEntry } from '../core/problem.ts';
import { problem } from './errors.ts';

export type RefusalCode =
  | 'PART_NOT_PRICED'
  | 'PART_SUPERSEDED'
  | 'PART_NOT_SERVICEABLE'
  | 'PART_CORE_IP'
  | 'PART_NOT_FOUND'
  | 'QUANTITY_NOT_WHOLE'
  | 'LINE_POSTS_AS_ZERO';

export type LineRefusal = {
  readonly line: number;
  readonly partNumber: string;
  readonly code: RefusalCode;
  /** The quantity asked for, with QUANTITY_NOT_WHOLE only. */
  readonly value?: string;
  /** The current number to ask for instead, with PART_SUPERSEDED only. */
  readonly successor?: string;
};

const PARTS_NAMED_MAX = 20;

let entries: ReadonlyMap<string, ProblemEntry> | undefined;

/** The problem of a code from any module's table. */
export function problemOf(code: string, facts: Facts = {}): Problem {
  entries ??= new Map(knownProblems());
  const entry = entries.get(code);
  assert(entry, `${code} is in the catalogue of problems`);
  return new Problem(code, entry, facts);
}

/** A refused line as it goes out, in the reader's language. */
export function describeRefusal(refusal: LineRefusal, language: Language) {
  const { code, line, ...facts } = refusal;
  const described = problemOf(code, { ...facts, parts: refusal.partNumber });
  return { ...refusal, title: described.title(language), detail: described.detail(language) };
}

/** Throws the problem with the parts it is about, when there are any. */
export function refuseParts(code: Parameters<typeof problem>[0], parts: readonly string[], facts = {}): void {
  if (parts.length > 0) throw problem(code, { ...facts, ...namedParts(parts) });
}

/** Facts that name the parts; a million of them are counted, not listed. */
export function namedParts(parts: readonly string[]) {
  return { count: parts.length, parts: parts.slice(0, PARTS_NAMED_MAX) };
}
