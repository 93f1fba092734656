/** Orders as they are read and locked. An order that is not visible is not found. */
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';
import { SELECT_LINE } from './line-columns.ts';
import type { Order, OrderLine, OrderState } from './order.ts';

export type OrderHeader = Omit<Order, 'lines'>;

const SELECT = `select o.id, o.number, o.dealer_id as "dealerId", d.code as "dealerCode", q.number as "quoteNumber",
    o.order_type as "orderType", o.dealer_document as "dealerDocument", o.state, o.currency, o.tax_inclusive as "taxInclusive",
    o.ordered_on as "orderedOn", o.location_id as "locationId", w.code as "locationCode", o.zone, o.freight_mode as "freightMode",
    o.carriage, o.weight_kg as "weightKg", o.net, o.tax, o.gross, o.created_at as "createdAt", o.version
  from dealer_order o join dealer d on d.id = o.dealer_id join location w on w.id = o.location_id left join quote q on q.id = o.quote_id`;
const VISIBLE = '($2::bigint is null or o.dealer_id = $2::bigint)';

/** An order with its lines. Throws ORDER_NOT_FOUND. */
export async function getOrder(em: Reader, number: string, visible: string | null): Promise<Order> {
  const header = await getOrderHeader(em, number, visible);
  return { ...header, lines: await linesOf(em, header.id) };
}

/** What never changes of an order, without its lines: whose it is. Throws ORDER_NOT_FOUND. */
export async function getOrderHeader(em: Reader, number: string, visible: string | null): Promise<OrderHeader> {
  const order = await queryOne<OrderHeader>(em, `${SELECT} where o.number = $1 and ${VISIBLE}`, [number, visible]);
  if (order === null) throw problem('ORDER_NOT_FOUND', { number });
  return order;
}

/**
 * The order held for a change, as it is now. Whoever also touches the dealer's account has taken that before
 * (`lockAccount`); stock comes after.
 */
export async function lockOrder(tx: Tx, id: string): Promise<Order> {
  const header = (await queryOne<OrderHeader>(tx, `${SELECT} where o.id = $1 for update of o`, [id])) as OrderHeader;
  return { ...header, lines: await linesOf(tx, id) };
}

async function linesOf(em: Reader, orderId: string): Promise<OrderLine[]> {
  return await query<OrderLine>(
    em,
    `select ${SELECT_LINE}, l.answer, l.reserved_quantity as reserved, l.shipped_quantity as shipped,
            l.cancelled_quantity as cancelled, l.released_gross as "releasedGross"
     from dealer_order_line l left join part p on p.id = l.part_id where l.order_id = $1 order by l.line`,
    [orderId],
  );
}

/**
 * Takes the dealer's account before an order of it is locked and before stock is: an order, a shipment and a
 * cancellation of one dealer would otherwise wait for each other in a ring.
 */
export async function lockAccount(tx: Tx, dealerId: string, currency: string): Promise<void> {
  await query(tx, 'select from dealer_account where dealer_id = $1 and currency = $2 for update', [dealerId, currency]);
}

/** One page, latest first. */
export async function listOrders(
  em: Reader,
  filter: {
    readonly visible: string | null;
    readonly dealerCode: string | null;
    readonly state: OrderState | null;
    readonly dealerDocument: string | null;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<OrderHeader[]> {
  return await query<OrderHeader>(
    em,
    `${SELECT} where ($1::bigint is null or o.id < $1::bigint) and ${VISIBLE} and ($3::text is null or d.code = $3)
       and ($4::text is null or o.state = $4) and ($5::text is null or o.dealer_document = $5)
     order by o.id desc limit $6`,
    [filter.before, filter.visible, filter.dealerCode, filter.state, filter.dealerDocument, filter.limit],
  );
}
