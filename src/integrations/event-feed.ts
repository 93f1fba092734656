/** The cursor feed: what happened, per stream in commit order, for a dealer's ERP that asks "and since then?" (R11.2). */
import type { Permission, Principal } from '../access/index.ts';
import { isoInstant, query, type Reader } from '../platform/database.ts';

export type FeedEvent = {
  readonly id: string;
  readonly sequence: string;
  readonly type: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly occurredAt: string;
};

/** What one must be allowed to read to be told of it: an event says no more than its document does (R12.1). */
export const NOUN_PERMISSIONS: Readonly<Record<string, Permission>> = {
  charges: 'charges.read',
  dealer: 'dealers.read',
  dealers: 'dealers.read',
  'freight-tariff': 'freight-tariffs.read',
  import: 'imports.read',
  location: 'locations.read',
  'machine-model': 'machine-models.read',
  order: 'orders.read',
  part: 'parts.read',
  parts: 'parts.read',
  period: 'periods.read',
  'price-list': 'price-lists.read',
  'price-release': 'price-releases.read',
  quote: 'quotes.read',
  shipment: 'shipments.read',
  statement: 'statements.read',
  stock: 'stock-entries.read',
};

/** The nouns a principal hears of. */
export function nounsFor(principal: Principal): string[] {
  return Object.keys(NOUN_PERMISSIONS).filter(noun => principal.permissions.has(NOUN_PERMISSIONS[noun] as Permission));
}

/** Events of one stream after a sequence, oldest first. Sequence order is commit order: a later page never holds an earlier event. */
export async function listEvents(
  em: Reader,
  filter: { stream: string; nouns: readonly string[]; after: string; limit: number },
): Promise<FeedEvent[]> {
  const rows = await query<FeedEvent>(
    em,
    `select id, sequence, type, subject, occurred_at as "occurredAt" from event
     where stream = $1 and split_part(type, '.', 1) = any($2::text[]) and sequence > $3::bigint order by sequence limit $4`,
    [filter.stream, filter.nouns, filter.after, filter.limit],
  );
  return rows.map(row => ({ ...row, occurredAt: isoInstant(row.occurredAt) }));
}
