/** Who is asking, as every route sees it. */
import { problem } from './errors.ts';
import type { Permission, Role } from './permissions.ts';

export type Principal = {
  /** `person:<login>` or `machine:<name>`: the scope of idempotency keys and the actor of the audit. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Internal id and code of the dealer this principal belongs to; null for the firm's own people. */
  readonly dealerId: string | null;
  readonly dealerCode: string | null;
  readonly language: 'zh' | 'en';
};

/** What a command knows of its surroundings: who, when, and which business day it is for the firm. */
export type Context = {
  readonly principal: Principal;
  readonly now: Date;
  readonly today: string;
  readonly requestId?: string;
};

/**
 * The one predicate of dealer scoping: the dealer whose rows may be seen, or null for all. Bind it as `$n` in
 * `($n::bigint is null or t.dealer_id = $n::bigint)`; a row that is not visible is not found.
 */
export function visibleDealer(principal: Principal): string | null {
  return principal.dealerId;
}

/** The dealer a write is for: its own for a dealer, the named one for staff. Throws DEALER_REQUIRED; another dealer's code is DEALER_NOT_FOUND. */
export function dealerCodeFor(principal: Principal, named: string | undefined): string {
  if (principal.dealerCode === null) {
    if (named === undefined) throw problem('DEALER_REQUIRED');
    return named;
  }
  if (named !== undefined && named !== principal.dealerCode) throw problem('DEALER_NOT_FOUND', { dealerCode: named });
  return principal.dealerCode;
}
