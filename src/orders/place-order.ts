import { appendAudit, type Context } from '../access/index.ts';
import { decimal, isPositive } from '../core/decimal.ts';
import { nextDocumentNumber } from '../firm/index.ts';
import {
  defaultWarehouse,
  getLocation,
  type Location,
  reserveStock,
  problem as stockProblem,
} from '../inventory/index.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { publish } from '../platform/outbox.ts';
import { holdExposure } from '../settlement/index.ts';
import { problem } from './errors.ts';
import { getOrderHeader, lockOrder } from './find-orders.ts';
import { LINE_COLUMNS, lineColumns, unnestLines } from './line-columns.ts';
import { backOrdered, type ORDER_TYPES, type Order, type OrderLine, requireOpen, waitingLines } from './order.ts';
import { contentOfLines, contentOfQuote, type OrderContent } from './order-content.ts';
import type { DocumentRequest } from './price-document.ts';

export type PlaceOrder = Partial<DocumentRequest> & {
  readonly quoteNumber?: string;
  readonly dealerCode?: string;
  /** The dealer's own number of the order, unique for ever. */
  readonly dealerDocument: string;
  /** The warehouse that fills it: the first one unless told. */
  readonly locationCode?: string;
  readonly orderType?: (typeof ORDER_TYPES)[number];
};

const INSERT = `with header as (
    insert into dealer_order (number, dealer_id, quote_id, order_type, dealer_document, currency, tax_inclusive, ordered_on, location_id,
                              zone, freight_mode, carriage, weight_kg, net, tax, gross, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning id
  ), lines as (
    insert into dealer_order_line (order_id, ${LINE_COLUMNS}, answer)
    select header.id, l.*, case l.kind when 'freight' then 'accepted' else 'back_ordered' end from header, ${unnestLines(19)}
  )
  select id from header`;

/**
 * Accepts an order of a quote (at its frozen prices) or of lines (priced now): holds the exposure under the credit limit,
 * reserves as much as there is, back-orders the rest. Locks: account, quote and order, stock. Throws what `contentOfQuote`
 * or `contentOfLines` throw, ORDER_CONTENT_INVALID, ORDER_LOCATION_INVALID, LOCATION_NOT_FOUND, DEALER_DOCUMENT_TAKEN,
 * CREDIT_LIMIT_EXCEEDED. R4.5, R5.1, R9.1.
 */
export async function placeOrder(tx: Tx, context: Context, command: PlaceOrder): Promise<Order> {
  const location = await warehouseOf(tx, context, command.locationCode);
  const content = await contentOf(tx, context, command);
  await requireNewDocument(tx, content.dealerId, command.dealerDocument);
  const { dealerId, dealerCode, currency, gross } = content;
  await holdExposure(tx, { dealerId, currency, amount: gross });
  const number = await nextDocumentNumber(tx, 'O', context.today);
  const order = await insertOrder(tx, context, { number, location, content, command });
  const lines = await reserveLines(tx, context, order);
  const { dealerDocument, orderType, quoteNumber } = order;
  const subject = {
    number,
    dealerCode,
    dealerDocument,
    orderType,
    quoteNumber,
    currency,
    gross,
    lines: answers(lines),
  };
  await appendAudit(tx, context, {
    action: 'order.placed',
    subjectKind: 'order',
    subjectId: number,
    dealerCode,
    after: subject,
  });
  publish(tx, { stream: dealerCode, type: 'order.placed', subject });
  return { ...order, lines };
}

/** Tries again to reserve what is back-ordered. Throws ORDER_NOT_FOUND, ORDER_NOT_OPEN, CORE_PART_BLOCKED. */
export async function reserveOrder(tx: Tx, context: Context, number: string): Promise<Order> {
  const { id, dealerCode } = await getOrderHeader(tx, number, context.principal.dealerId);
  const order = await lockOrder(tx, id);
  requireOpen(order);
  const lines = await reserveLines(tx, context, order);
  if (lines === order.lines) return order;
  await query(tx, 'update dealer_order set version = version + 1 where id = $1', [id]);
  const subject = { number, dealerCode, lines: answers(lines) };
  await appendAudit(tx, context, {
    action: 'order.reserved',
    subjectKind: 'order',
    subjectId: number,
    dealerCode,
    after: subject,
  });
  publish(tx, { stream: dealerCode, type: 'order.reserved', subject });
  return { ...order, version: order.version + 1, lines };
}

function contentOf(tx: Tx, context: Context, command: PlaceOrder): Promise<OrderContent> {
  const { quoteNumber, lines, dealerCode, freightMode, carriage, zone } = command;
  if (quoteNumber === undefined && lines !== undefined) return contentOfLines(tx, context, { ...command, lines });
  const fixedByQuote = [lines, dealerCode, freightMode, carriage, zone].some(value => value !== undefined);
  if (quoteNumber === undefined || fixedByQuote) throw problem('ORDER_CONTENT_INVALID');
  return contentOfQuote(tx, context, quoteNumber);
}

async function warehouseOf(tx: Tx, { principal }: Context, code: string | undefined): Promise<Location> {
  const location = code === undefined ? await defaultWarehouse(tx) : await getLocation(tx, code);
  if (location.kind !== 'warehouse' || !location.active) {
    // a dealer is not told what other places there are: some are another dealer's
    if (principal.dealerId !== null) throw stockProblem('LOCATION_NOT_FOUND', { locationCode: location.code });
    throw problem('ORDER_LOCATION_INVALID', { locationCode: location.code });
  }
  return location;
}

/** The unique key has the last word; asking first names the order before the credit limit is looked at. */
async function requireNewDocument(tx: Tx, dealerId: string, dealerDocument: string): Promise<void> {
  const taken = await queryOne<{ number: string }>(
    tx,
    'select number from dealer_order where dealer_id = $1 and dealer_document = $2',
    [dealerId, dealerDocument],
  );
  if (taken !== null) throw problem('DEALER_DOCUMENT_TAKEN', { dealerDocument, orderNumber: taken.number });
}

async function insertOrder(
  tx: Tx,
  context: Context,
  draft: { number: string; location: Location; content: OrderContent; command: PlaceOrder },
): Promise<Order> {
  const { number, location, content, command } = draft;
  const { orderType = 'stock', dealerDocument } = command;
  const createdAt = context.now.toISOString();
  const made = (await queryOne<{ id: string }>(tx, INSERT, [
    number,
    content.dealerId,
    content.quoteId,
    orderType,
    dealerDocument,
    content.currency,
    content.taxInclusive,
    context.today,
    location.id,
    content.zone,
    content.freightMode,
    content.carriage,
    content.weightKg,
    content.net,
    content.tax,
    content.gross,
    context.principal.name,
    createdAt,
    ...lineColumns(content.lines),
  ])) as { id: string };
  const nothing = { reserved: '0.000', shipped: '0.000', cancelled: '0.000', releasedGross: '0.00' };
  return {
    ...content,
    id: made.id,
    number,
    orderType,
    dealerDocument,
    state: 'placed',
    orderedOn: context.today,
    locationId: location.id,
    locationCode: location.code,
    createdAt,
    version: 1,
    lines: content.lines.map(line => ({
      ...line,
      ...nothing,
      answer: line.kind === 'freight' ? 'accepted' : 'back_ordered',
    })),
  };
}

/** Reserves what the lines wait for, and answers them; the very same lines when nothing came of it. */
async function reserveLines(tx: Tx, context: Context, order: Order): Promise<readonly OrderLine[]> {
  const waiting = waitingLines(order.lines);
  if (waiting.length === 0) return order.lines;
  const got = await reserveStock(tx, context, {
    document: order.number,
    locationId: order.locationId,
    lines: waiting,
  });
  const gained = waiting.filter(({ line }) => isPositive(decimal(got.get(line) as string)));
  if (gained.length === 0) return order.lines;
  const rows = await query<Pick<OrderLine, 'line' | 'reserved' | 'answer'>>(
    tx,
    `update dealer_order_line l set reserved_quantity = l.reserved_quantity + g.quantity,
       answer = case when l.reserved_quantity + g.quantity + l.shipped_quantity + l.cancelled_quantity = l.quantity then 'accepted' else 'back_ordered' end
     from unnest($2::integer[], $3::numeric[]) as g(line, quantity) where l.order_id = $1 and l.line = g.line
     returning l.line, l.reserved_quantity as reserved, l.answer`,
    [order.id, gained.map(({ line }) => line), gained.map(({ line }) => got.get(line))],
  );
  const changed = new Map(rows.map(row => [row.line, row]));
  return order.lines.map(line => ({ ...line, ...changed.get(line.line) }));
}

function answers(lines: readonly OrderLine[]) {
  return lines
    .filter(line => line.kind === 'goods')
    .map(line => ({
      line: line.line,
      partNumber: line.partNumber,
      answer: line.answer,
      backOrdered: backOrdered(line),
    }));
}
