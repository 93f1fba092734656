/** An order as its readers see it; internal ids stay inside. */
import { type Static, Type } from 'typebox';
import { isoInstant } from '../platform/database.ts';
import {
  BusinessDate,
  Code,
  Currency,
  closed,
  DocumentNumber,
  Instant,
  oneOf,
  Quantity,
  Version,
} from '../platform/http/schemas.ts';
import {
  BreakdownView,
  CarriageSchema,
  DealerDocument,
  FreightModeSchema,
  lineFields,
  Trace,
  textOrNull,
  totalFields,
  viewLine,
} from './document-schemas.ts';
import type { OrderHeader } from './find-orders.ts';
import { backOrdered, ORDER_STATES, ORDER_TYPES, type Order } from './order.ts';
import { breakdownOf } from './quote.ts';

export const OrderStateSchema = oneOf(ORDER_STATES);
export const OrderTypeSchema = oneOf(ORDER_TYPES);

const headerFields = {
  number: DocumentNumber,
  dealerCode: Code,
  quoteNumber: textOrNull('The quote whose prices it took'),
  orderType: OrderTypeSchema,
  dealerDocument: DealerDocument,
  state: OrderStateSchema,
  currency: Currency,
  taxInclusive: Type.Boolean(),
  orderedOn: BusinessDate,
  locationCode: Code,
  zone: textOrNull('Freight zone'),
  freightMode: FreightModeSchema,
  carriage: CarriageSchema,
  weightKg: Quantity,
  ...totalFields,
  createdAt: Instant,
  version: Version,
};
export const OrderHeaderView = closed(headerFields, { title: 'OrderHeader' });
const OrderLineView = closed({
  ...lineFields,
  trace: Type.Union([Trace, Type.Null()]),
  answer: oneOf(['accepted', 'back_ordered'], 'accepted once all of it was reserved'),
  reserved: Quantity,
  shipped: Quantity,
  cancelled: Quantity,
  backOrdered: Quantity,
});
export const OrderView = closed(
  { ...headerFields, breakdown: BreakdownView, lines: Type.Array(OrderLineView) },
  { title: 'Order' },
);

export function viewOrderHeader(order: OrderHeader): Static<typeof OrderHeaderView> {
  const { number, dealerCode, quoteNumber, orderType, dealerDocument, state, currency, taxInclusive, orderedOn } =
    order;
  const { locationCode, zone, freightMode, carriage, weightKg, net, tax, gross, version } = order;
  return {
    number,
    dealerCode,
    quoteNumber,
    orderType,
    dealerDocument,
    state,
    currency,
    taxInclusive,
    orderedOn,
    locationCode,
    zone,
    freightMode,
    carriage,
    weightKg,
    net,
    tax,
    gross,
    createdAt: isoInstant(order.createdAt),
    version,
  };
}

export function viewOrder(order: Order): Static<typeof OrderView> {
  return {
    ...viewOrderHeader(order),
    breakdown: breakdownOf(order),
    lines: order.lines.map(line => ({
      ...viewLine(line),
      trace: line.trace,
      answer: line.answer,
      reserved: line.reserved,
      shipped: line.shipped,
      cancelled: line.cancelled,
      backOrdered: line.kind === 'goods' ? backOrdered(line) : '0.000',
    })),
  };
}
