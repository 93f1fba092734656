/** The one statement by which stock enters the firm: lots, levels and ledger move together or not at all. */
import type { Context } from '../access/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

export type IncomingLine = {
  readonly line: number;
  readonly partId: string;
  readonly quantity: string;
  /** Net of VAT, in the firm's currency, per unit. */
  readonly unitCost: string;
  /** First receipt into the network, a business date. */
  readonly receivedOn: string;
};

mapConstraints({
  stock_entry_core_destination: () => problem('CORE_PART_BLOCKED'),
  reservation_not_core: () => problem('CORE_PART_BLOCKED'),
  stock_level_never_negative: () => problem('INSUFFICIENT_STOCK'),
  stock_level_reserved: () => problem('INSUFFICIENT_STOCK'),
  lot_level_never_negative: () => problem('INSUFFICIENT_STOCK'),
});

/** Makes a lot per line at a counted place, from the supplier's edge. Throws CORE_PART_BLOCKED (R5.1, R5.2, R5.5). */
export async function appendReceipt(
  tx: Tx,
  context: Context,
  receipt: {
    readonly originKind: 'receipt' | 'opening';
    readonly document: string;
    readonly locationId: string;
    readonly businessOn: string;
    readonly lines: readonly IncomingLine[];
  },
): Promise<void> {
  const { lines } = receipt;
  await query(
    tx,
    `with incoming as (
       select * from unnest($1::integer[], $2::bigint[], $3::numeric[], $4::numeric[], $5::date[])
         as i(line, part_id, quantity, unit_cost, received_on)
     ), lot as (
       insert into stock_lot (part_id, received_on, origin_kind, origin_document, origin_line, quantity, unit_cost, created_at)
       select part_id, received_on, $6, $7, line, quantity, unit_cost, $10 from incoming order by line
       returning id, part_id, origin_line, unit_cost
     ), level as (
       -- in the one order of all stock moves; a level is taken before any of its lots
       insert into stock_level as l (location_id, part_id, on_hand)
       select $8, part_id, sum(quantity) from incoming group by part_id order by part_id
       on conflict (location_id, part_id) do update set on_hand = l.on_hand + excluded.on_hand
     ), lot_here as (
       insert into lot_level (location_id, lot_id, part_id, on_hand)
       select $8, lot.id, lot.part_id, i.quantity from lot join incoming i on i.line = lot.origin_line
     )
     insert into stock_entry (from_location_id, to_location_id, part_id, lot_id, quantity, unit_cost, business_on, posted_at,
                              document_kind, document, line, actor)
     select (select id from location where code = 'SUPPLIER'), $8, lot.part_id, lot.id, i.quantity, lot.unit_cost, $9, $10,
            $6, $7, i.line, $11
     from lot join incoming i on i.line = lot.origin_line order by i.line`,
    [
      lines.map(line => line.line),
      lines.map(line => line.partId),
      lines.map(line => line.quantity),
      lines.map(line => line.unitCost),
      lines.map(line => line.receivedOn),
      receipt.originKind,
      receipt.document,
      receipt.locationId,
      receipt.businessOn,
      context.now.toISOString(),
      context.principal.name,
    ],
  );
}
