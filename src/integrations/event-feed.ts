/** The cursor feed: what happened, per stream in commit order, for a dealer's ERP that asks "and since then?" (R11.2). */
import { isoInstant, query, type Reader } from '../platform/database.ts';

export type FeedEvent = {
  readonly id: string;
  readonly sequence: string;
  readonly type: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly occurredAt: string;
};

/** Events of one stream after a sequence, oldest first. Sequence order is commit order: a later page never holds an earlier event. */
export async function listEvents(em: Reader, stream: string, after: string, limit: number): Promise<FeedEvent[]> {
  const rows = await query<FeedEvent>(
    em,
    `select id, sequence, type, subject, occurred_at as "occurredAt" from event
     where stream = $1 and sequence > $2::bigint order by sequence limit $3`,
    [stream, after, limit],
  );
  return rows.map(row => ({ ...row, occurredAt: isoInstant(row.occurredAt) }));
}
