import { appendAudit, type Context } from '../access/index.ts';
import { decimal, sum } from '../core/decimal.ts';
import { formatAmount } from '../core/money.ts';
import { nextDocumentNumber, periodForPosting, taxRatesOn } from '../firm/index.ts';
import { shipStock } from '../inventory/index.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { publish } from '../platform/outbox.ts';
import { postCharges } from '../settlement/index.ts';
import { getOrderHeader, lockAccount, lockOrder } from './find-orders.ts';
import { getShipment, type Shipment } from './find-shipments.ts';
import { type Order, requireOpen } from './order.ts';
import { totalsOf } from './price-document.ts';
import {
  buildParcel,
  decideShipLines,
  decideShippedOn,
  type ParcelLine,
  type ShipLine,
  stateAfter,
} from './shipment.ts';

export type ShipOrder = {
  readonly orderNumber: string;
  /** Everything that is reserved unless told. */
  readonly lines?: readonly ShipLine[];
  /** Today unless told. */
  readonly shippedOn?: string;
  readonly trackingNumber?: string;
};

const RECORD = `with made as (
    insert into shipment (number, order_id, dealer_id, journal_entry_id, shipped_on, tracking_number, net, tax, gross, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id, order_id
  ), parcel as (
    select * from unnest($12::integer[], $13::numeric[], $14::numeric[], $15::numeric[], $16::numeric[], $17::numeric[], $18::numeric[])
      as l(line, quantity, tax_rate, net, tax, gross, released_gross)
  ), lines as (
    insert into shipment_line (shipment_id, order_id, line, quantity, tax_rate, net, tax, gross)
    select made.id, made.order_id, l.line, l.quantity, l.tax_rate, l.net, l.tax, l.gross from made, parcel l
  ), ordered as (
    update dealer_order_line o set shipped_quantity = o.shipped_quantity + l.quantity, released_gross = o.released_gross + l.released_gross,
      reserved_quantity = o.reserved_quantity - case o.kind when 'goods' then l.quantity else 0 end
    from parcel l where o.order_id = $2 and o.line = l.line
  )
  update dealer_order set state = $19, version = version + 1 where id = $2`;

/**
 * Ships reserved stock of an order and charges it in the same transaction: stock, ledger of the dealer, shipment and order
 * agree or nothing happened. The charge carries the tax rate of `shippedOn`; what the order held under the credit limit is
 * given up by the order's own share. Locks: period, account, order, stock. Throws ORDER_NOT_FOUND, ORDER_NOT_OPEN,
 * SHIPMENT_DATE_INVALID, SHIPMENT_LINES_INVALID, NOTHING_TO_SHIP, INSUFFICIENT_STOCK, CORE_PART_BLOCKED, TAX_RATE_MISSING,
 * PERIOD_CLOSED, CREDIT_LIMIT_EXCEEDED (a risen tax rate). S1 §8.3, §8.6.
 */
export async function shipOrder(tx: Tx, context: Context, command: ShipOrder): Promise<Shipment> {
  const header = await getOrderHeader(tx, command.orderNumber, context.principal.dealerId);
  const shippedOn = decideShippedOn(header, command.shippedOn, context.today);
  await periodForPosting(tx, shippedOn, context.today);
  await lockAccount(tx, header.dealerId, header.currency);
  const order = await lockOrder(tx, header.id);
  requireOpen(order);
  const lines = decideShipLines(order, command.lines, await fractionalUnits(tx));
  const parcel = buildParcel(
    order,
    lines,
    await taxRatesOn(
      tx,
      order.lines.map(line => line.taxClass),
      shippedOn,
    ),
  );
  const number = await nextDocumentNumber(tx, 'D', shippedOn);
  await shipStock(tx, context, {
    orderDocument: order.number,
    document: number,
    locationId: order.locationId,
    businessOn: shippedOn,
    lines: parcel.flatMap(({ charge: { line, partId, quantity } }) =>
      partId === null ? [] : [{ line, partId, quantity }],
    ),
  });
  const { journalEntryId } = await postCharges(tx, context, {
    documentKind: 'shipment',
    document: number,
    dealer: { id: order.dealerId, code: order.dealerCode, currency: order.currency },
    businessOn: shippedOn,
    releasedExposure: formatAmount(sum(parcel.map(line => decimal(line.releasedGross)))),
    lines: parcel.map(({ charge }) => charge),
  });
  await record(tx, context, {
    order,
    parcel,
    number,
    shippedOn,
    journalEntryId,
    trackingNumber: command.trackingNumber,
  });
  await announce(tx, context, { order, parcel, number, shippedOn });
  return await getShipment(tx, number, null);
}

async function record(
  tx: Tx,
  context: Context,
  made: {
    order: Order;
    parcel: readonly ParcelLine[];
    number: string;
    shippedOn: string;
    journalEntryId: string;
    trackingNumber: string | undefined;
  },
): Promise<void> {
  const { order, parcel } = made;
  const charges = parcel.map(({ charge }) => charge);
  const totals = totalsOf(charges);
  await queryOne(tx, RECORD, [
    made.number,
    order.id,
    order.dealerId,
    made.journalEntryId,
    made.shippedOn,
    made.trackingNumber ?? null,
    totals.net,
    totals.tax,
    totals.gross,
    context.principal.name,
    context.now.toISOString(),
    charges.map(({ line }) => line),
    charges.map(({ quantity }) => quantity),
    charges.map(({ taxRate }) => taxRate),
    charges.map(({ net }) => net),
    charges.map(({ tax }) => tax),
    charges.map(({ gross }) => gross),
    parcel.map(({ releasedGross }) => releasedGross),
    stateAfter(order, parcel),
  ]);
}

async function announce(
  tx: Tx,
  context: Context,
  {
    order,
    parcel,
    number,
    shippedOn,
  }: { order: Order; parcel: readonly ParcelLine[]; number: string; shippedOn: string },
): Promise<void> {
  const { dealerCode, dealerDocument } = order;
  const lines = parcel
    .filter(({ orderLine }) => orderLine.kind === 'goods')
    .map(({ orderLine, charge }) => ({
      line: charge.line,
      partNumber: orderLine.partNumber,
      quantity: charge.quantity,
    }));
  const subject = { number, orderNumber: order.number, dealerCode, dealerDocument, shippedOn, lines };
  await appendAudit(tx, context, {
    action: 'shipment.created',
    subjectKind: 'shipment',
    subjectId: number,
    dealerCode,
    after: subject,
  });
  publish(tx, { stream: dealerCode, type: 'shipment.created', subject });
  if (stateAfter(order, parcel) === 'shipped') {
    const done = { number: order.number, dealerCode, dealerDocument, shipmentNumber: number };
    publish(tx, { stream: dealerCode, type: 'order.shipped', subject: done });
  }
}

async function fractionalUnits(tx: Tx): Promise<Set<string>> {
  const rows = await query<{ code: string }>(tx, 'select code from unit where fractional');
  return new Set(rows.map(({ code }) => code));
}
