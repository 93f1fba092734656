/** One proof that figures agree (R12.3). Modules hand their checks in at composition; each names what breaks, with document numbers. */
import type { Reader } from '../platform/database.ts';

export type Disagreement = { readonly subject: string; readonly expected: string; readonly found: string };

export type VerifyCheck = {
  /** Stable kebab-case name: `stock-levels-match-ledger`. */
  readonly name: string;
  /** Empty when everything agrees; at most `limit` disagreements. */
  run(em: Reader, limit: number): Promise<Disagreement[]>;
};
