/** What each module offers to the machinery below it, as literal lists: kinds of files, long jobs, proofs. */
import type { ImportKind, JobKind } from './exchange/index.ts';
import type { VerifyCheck } from './firm/index.ts';

export const importKinds: readonly ImportKind[] = [];

export const jobKinds: readonly JobKind[] = [];

export const verifyChecks: readonly VerifyCheck[] = [];
