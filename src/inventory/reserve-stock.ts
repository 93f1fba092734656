/** Setting stock aside for the lines of a document, and giving it back. Levels hold the sum of what is held. */
import type { Context } from '../access/index.ts';
import { assert } from '../core/assert.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { lockLevels } from './stock-level.ts';

export type StockLine = { readonly line: number; readonly partId: string; readonly quantity: string };

/**
 * Reserves for each line as much as there is and never more; earlier lines first. Returns what each line got now
 * (three decimals, `0.000` where there is nothing). Throws CORE_PART_BLOCKED. R5.1, R5.5.
 */
export async function reserveStock(
  tx: Tx,
  context: Context,
  command: { document: string; locationId: string; lines: readonly StockLine[] },
): Promise<Map<number, string>> {
  const { document, locationId, lines } = command;
  const held = await lockLevels(
    tx,
    locationId,
    lines.map(line => line.partId),
  );
  const reservable = lines.filter(line => held.has(line.partId));
  const rows = await query<{ line: number; quantity: string }>(
    tx,
    `with wanted as (
       select line, part_id, quantity, sum(quantity) over (partition by part_id order by line) - quantity as ahead
       from unnest($1::integer[], $2::bigint[], $3::numeric[]) as w(line, part_id, quantity)
     ), granted as (
       select w.line, w.part_id, least(w.quantity, s.on_hand - s.reserved - w.ahead) as quantity
       from wanted w join stock_level s on s.location_id = $5 and s.part_id = w.part_id
       where s.on_hand - s.reserved - w.ahead > 0
     ), held as (
       insert into reservation as r (location_id, part_id, document, line, quantity, created_at)
       select $5, part_id, $4, line, quantity, $6 from granted order by part_id, line
       on conflict (document, line, location_id) do update set quantity = r.quantity + excluded.quantity
     ), level as (
       update stock_level s set reserved = s.reserved + g.quantity
       from (select part_id, sum(quantity) as quantity from granted group by part_id) g
       where s.location_id = $5 and s.part_id = g.part_id
     )
     select line, quantity::numeric(14, 3) as quantity from granted`,
    [...columns(reservable), document, locationId, context.now.toISOString()],
  );
  const got = new Map(rows.map(({ line, quantity }) => [line, quantity]));
  return new Map(lines.map(({ line }) => [line, got.get(line) ?? '0.000']));
}

/** Gives back what lines of a document hold, at whatever place; never more than is held, which would be an error of ours. */
export async function releaseStock(
  tx: Tx,
  _context: Context,
  command: { document: string; lines: ReadonlyArray<{ readonly line: number; readonly quantity: string }> },
): Promise<void> {
  const { document, lines } = command;
  if (lines.length === 0) return;
  const numbers = lines.map(({ line }) => line);
  await query(
    tx,
    `select from stock_level s join reservation r on r.location_id = s.location_id and r.part_id = s.part_id
     where r.document = $1 and r.line = any($2::integer[]) order by s.location_id, s.part_id for update of s`,
    [document, numbers],
  );
  const done = await queryOne<{ complete: boolean }>(
    tx,
    `with wanted as (
       select * from unnest($2::integer[], $3::numeric[]) as w(line, quantity)
     ), held as (
       select r.id, r.line, r.location_id, r.part_id, r.quantity,
              sum(r.quantity) over (partition by r.line order by r.location_id) - r.quantity as ahead
       from reservation r where r.document = $1 and r.line = any($2::integer[]) and r.quantity > 0
     ), given as (
       select h.id, h.location_id, h.part_id, least(h.quantity, w.quantity - h.ahead) as quantity
       from held h join wanted w on w.line = h.line where w.quantity > h.ahead
     ), reservation_less as (
       update reservation r set quantity = r.quantity - g.quantity from given g where r.id = g.id
     ), level as (
       update stock_level s set reserved = s.reserved - g.quantity
       from (select location_id, part_id, sum(quantity) as quantity from given group by location_id, part_id) g
       where s.location_id = g.location_id and s.part_id = g.part_id
     )
     select (select coalesce(sum(quantity), 0) from given) = (select sum(quantity) from wanted) as complete`,
    [document, numbers, lines.map(({ quantity }) => quantity)],
  );
  assert(done?.complete, `${document} holds what it gives back`);
}

function columns(lines: readonly StockLine[]): [number[], string[], string[]] {
  return [lines.map(({ line }) => line), lines.map(({ partId }) => partId), lines.map(({ quantity }) => quantity)];
}
