/** What of the catalog a caller may see: one predicate for parts, supersessions and service BOMs. */
import { type Context, visibleDealer } from '../access/index.ts';

export type Beholder = {
  readonly forDealer: boolean;
  readonly today: string;
};

/** Staff see all parts; a dealer's user sees those a dealer may know of. */
export function beholderOf({ principal, today }: Context): Beholder {
  return { forDealer: visibleDealer(principal) !== null, today };
}

/**
 * Core and unserviceable parts, and parts that are yet to come, do not exist for a dealer (R2.3, R3.3). The first two
 * parameters of the statement are `forDealer` and `today`.
 */
export function visiblePart(alias: string): string {
  return `(not $1::boolean or (${alias}.part_class <> 'core' and ${alias}.serviceable
    and coalesce(${alias}.active_from, $2::date) <= $2::date))`;
}
