/** Issue of reserved stock to the customer, oldest lots first, in one statement behind the locks of its levels. */
import type { Context } from '../access/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';
import type { StockLine } from './reserve-stock.ts';
import { lockLevels } from './stock-level.ts';

const ISSUE = `with wanted as (
    select line, part_id, quantity from unnest($1::integer[], $2::bigint[], $3::numeric[]) as w(line, part_id, quantity)
  ), held as (
    update reservation r set quantity = r.quantity - w.quantity from wanted w
    where r.document = $4 and r.line = w.line and r.location_id = $5 and r.part_id = w.part_id and r.quantity >= w.quantity
    returning r.line, r.part_id, w.quantity
  ), line_span as (
    select line, part_id, quantity, sum(quantity) over (partition by part_id order by line) as reach from held
  ), lot_span as (
    select l.lot_id, l.part_id, l.on_hand, s.unit_cost,
           sum(l.on_hand) over (partition by l.part_id order by s.received_on, l.lot_id) as reach
    from lot_level l join stock_lot s on s.id = l.lot_id
    where l.location_id = $5 and l.part_id = any($2::bigint[]) and l.on_hand > 0
  ), taken as (
    -- where the span of a line and the span of a lot overlap, the line takes of the lot
    select w.line, w.part_id, l.lot_id, l.unit_cost,
           least(w.reach, l.reach) - greatest(w.reach - w.quantity, l.reach - l.on_hand) as quantity
    from line_span w join lot_span l on l.part_id = w.part_id
      and l.reach - l.on_hand < w.reach and w.reach - w.quantity < l.reach
  ), level as (
    update stock_level s set on_hand = s.on_hand - t.quantity, reserved = s.reserved - t.quantity
    from (select part_id, sum(quantity) as quantity from taken group by part_id) t
    where s.location_id = $5 and s.part_id = t.part_id
  ), lot as (
    update lot_level l set on_hand = l.on_hand - t.quantity
    from (select lot_id, sum(quantity) as quantity from taken group by lot_id) t
    where l.location_id = $5 and l.lot_id = t.lot_id
  ), appended as (
    insert into stock_entry (from_location_id, to_location_id, part_id, lot_id, quantity, unit_cost, business_on, posted_at,
                             document_kind, document, line, actor)
    select $5, (select id from location where code = 'CUSTOMER'), part_id, lot_id, quantity, unit_cost, $7, $8,
           'shipment', $6, line, $9
    from taken order by line, lot_id
    returning line, quantity
  )
  select w.line, w.quantity as wanted, coalesce(sum(a.quantity), 0) as moved
  from wanted w left join appended a on a.line = w.line
  group by w.line, w.quantity having coalesce(sum(a.quantity), 0) <> w.quantity order by w.line`;

/**
 * Moves reserved stock of an order's lines to the customer, first lots first (FIFO by first receipt). Throws
 * INSUFFICIENT_STOCK (a line holds less than is to be shipped, with `lines`), CORE_PART_BLOCKED. R5.1, R5.2, R5.5.
 */
export async function shipStock(
  tx: Tx,
  context: Context,
  command: {
    /** The order that holds the reservation. */
    readonly orderDocument: string;
    /** The shipment under which the ledger will know the move. */
    readonly document: string;
    readonly locationId: string;
    readonly businessOn: string;
    readonly lines: readonly StockLine[];
  },
): Promise<void> {
  const { lines } = command;
  const partIds = lines.map(({ partId }) => partId);
  await lockLevels(tx, command.locationId, partIds);
  const short = await query<{ line: number; wanted: string; moved: string }>(tx, ISSUE, [
    lines.map(({ line }) => line),
    partIds,
    lines.map(({ quantity }) => quantity),
    command.orderDocument,
    command.locationId,
    command.document,
    command.businessOn,
    context.now.toISOString(),
    context.principal.name,
  ]);
  if (short.length > 0) {
    throw problem('INSUFFICIENT_STOCK', { lines: short.map(({ line, wanted }) => ({ line, wanted })) });
  }
}
