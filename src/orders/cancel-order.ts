import { appendAudit, type Context } from '../access/index.ts';
import { decimal, isPositive, minus, sum } from '../core/decimal.ts';
import { formatAmount } from '../core/money.ts';
import { formatQuantity } from '../core/quantity.ts';
import { releaseStock } from '../inventory/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { publish } from '../platform/outbox.ts';
import { releaseExposure } from '../settlement/index.ts';
import { getOrderHeader, lockAccount, lockOrder } from './find-orders.ts';
import { type Order, requireOpen } from './order.ts';

/**
 * Cancels what is not shipped: gives back the stock it holds and the exposure it holds, exactly. An order of which nothing
 * was shipped is cancelled, any other is shipped as far as it went. Locks: account, order, stock. Throws ORDER_NOT_FOUND,
 * ORDER_NOT_OPEN.
 */
export async function cancelOrder(tx: Tx, context: Context, number: string): Promise<Order> {
  const { id, dealerId, dealerCode, currency } = await getOrderHeader(tx, number, context.principal.dealerId);
  await lockAccount(tx, dealerId, currency);
  const order = await lockOrder(tx, id);
  requireOpen(order);
  await releaseStock(tx, context, {
    document: number,
    lines: order.lines
      .filter(line => isPositive(decimal(line.reserved)))
      .map(line => ({ line: line.line, quantity: line.reserved })),
  });
  const released = formatAmount(sum(order.lines.map(line => minus(decimal(line.gross), decimal(line.releasedGross)))));
  if (isPositive(decimal(released))) await releaseExposure(tx, { dealerId, currency, amount: released });
  const state = order.lines.some(line => isPositive(decimal(line.shipped))) ? 'shipped' : 'cancelled';
  await query(
    tx,
    `with lines as (
       update dealer_order_line set cancelled_quantity = quantity - shipped_quantity, reserved_quantity = 0, released_gross = gross
       where order_id = $1
     )
     update dealer_order set state = $2, version = version + 1 where id = $1`,
    [id, state],
  );
  await appendAudit(tx, context, {
    action: 'order.cancelled',
    subjectKind: 'order',
    subjectId: number,
    dealerCode,
    before: { state: order.state },
    after: { state, releasedGross: released },
  });
  publish(tx, { stream: dealerCode, type: 'order.cancelled', subject: { number, dealerCode, state } });
  return {
    ...order,
    state,
    version: order.version + 1,
    lines: order.lines.map(line => ({
      ...line,
      reserved: '0.000',
      cancelled: minusQuantity(line.quantity, line.shipped),
      releasedGross: line.gross,
    })),
  };
}

function minusQuantity(whole: string, part: string): string {
  return formatQuantity(minus(decimal(whole), decimal(part)));
}
