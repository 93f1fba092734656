/**
 * Events are collected on the transaction and written as its last statement: only then are the stream
 * counters taken (sorted), so a dealer's stream is locked for one round trip and its order is commit order.
 */
import { uuidv7 } from '../core/uuid.ts';
import { query, type Tx } from './database.ts';

export type DomainEvent = {
  /** A dealer's code, or `FIRM_STREAM` for what concerns no dealer. */
  readonly stream: string;
  /** `noun.verb`, past tense: `order.placed`. */
  readonly type: string;
  /** What the feed shows: no cost, no personal data. */
  readonly subject: Readonly<Record<string, unknown>>;
};

/** No dealer's code begins so: a dealer of code `firm` would read the firm's own events. */
export const FIRM_STREAM = '@firm';

const collected = new WeakMap<Tx, DomainEvent[]>();

/** Notes an event; it is written when the transaction commits, and never if it does not. */
export function publish(tx: Tx, event: DomainEvent): void {
  const events = collected.get(tx);
  if (events === undefined) collected.set(tx, [event]);
  else events.push(event);
}

/** Takes over what a savepoint collected (or drops it when the savepoint was rolled back). */
export function adoptEvents(tx: Tx, from: Tx): void {
  if (tx === from) return;
  for (const event of collected.get(from) ?? []) publish(tx, event);
  collected.delete(from);
}

/** Writes what was collected; the wrapper of the transaction calls it last, nobody else. */
export async function writeEvents(tx: Tx, now: Date): Promise<void> {
  const events = collected.get(tx);
  if (events === undefined || events.length === 0) return;
  collected.delete(tx);
  await query(
    tx,
    `with incoming as (
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) with ordinality as e(id, stream, type, subject, ord)
     ), counted as (
       insert into event_stream as s (stream, last_sequence)
       select stream, count(*) from incoming group by stream order by stream
       on conflict (stream) do update set last_sequence = s.last_sequence + excluded.last_sequence
       returning stream, last_sequence
     )
     insert into event (id, stream, sequence, type, subject, occurred_at)
     select i.id, i.stream,
            c.last_sequence - count(*) over (partition by i.stream) + row_number() over (partition by i.stream order by i.ord),
            i.type, i.subject, $5
     from incoming i join counted c using (stream)`,
    [
      events.map(() => uuidv7(now)),
      events.map(event => event.stream),
      events.map(event => event.type),
      events.map(event => JSON.stringify(event.subject)),
      now.toISOString(),
    ],
  );
}
