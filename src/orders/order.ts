/** A dealer's order: what was accepted at which prices, and how much of each line is reserved, shipped, cancelled (R4.5). */
import { decimal, isPositive, minus, sum } from '../core/decimal.ts';
import { formatQuantity } from '../core/quantity.ts';
import { problem } from './errors.ts';
import type { DocumentLine, PricedDocument } from './price-document.ts';

export const ORDER_TYPES = ['stock', 'emergency'] as const;
export const ORDER_STATES = ['placed', 'partially_shipped', 'shipped', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export type OrderLine = DocumentLine & {
  readonly answer: 'accepted' | 'back_ordered';
  readonly reserved: string;
  readonly shipped: string;
  readonly cancelled: string;
  /** Of the gross: what has left the dealer's open orders, by shipment or cancellation. */
  readonly releasedGross: string;
};

export type Order = Omit<PricedDocument, 'lines'> & {
  readonly id: string;
  readonly number: string;
  readonly dealerId: string;
  readonly dealerCode: string;
  readonly quoteNumber: string | null;
  readonly orderType: (typeof ORDER_TYPES)[number];
  readonly dealerDocument: string;
  readonly state: OrderState;
  readonly orderedOn: string;
  readonly locationId: string;
  readonly locationCode: string;
  readonly createdAt: string;
  readonly version: number;
  readonly lines: readonly OrderLine[];
};

/** What is neither reserved nor shipped nor cancelled: the back-order of a line, in its unit. */
export function backOrdered(line: Pick<OrderLine, 'quantity' | 'reserved' | 'shipped' | 'cancelled'>): string {
  const taken = sum([line.reserved, line.shipped, line.cancelled].map(decimal));
  return formatQuantity(minus(decimal(line.quantity), taken));
}

/** Goods lines that wait for stock, with the quantity they wait for. */
export function waitingLines(lines: readonly OrderLine[]): Array<{ line: number; partId: string; quantity: string }> {
  return lines
    .filter(line => line.kind === 'goods')
    .map(line => ({ line: line.line, partId: line.partId as string, quantity: backOrdered(line) }))
    .filter(({ quantity }) => isPositive(decimal(quantity)));
}

/** Throws ORDER_NOT_OPEN once everything is shipped or cancelled. */
export function requireOpen(order: Pick<Order, 'number' | 'state'>): void {
  if (order.state !== 'placed' && order.state !== 'partially_shipped') {
    throw problem('ORDER_NOT_OPEN', { number: order.number, state: order.state });
  }
}
