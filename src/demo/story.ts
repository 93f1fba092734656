/** One month of business: the warehouse fills up, dealers quote and order, goods leave, charges arrive. */

import { findParts } from '../catalog/index.ts';
import { type BusinessDate, compareDates } from '../core/business-date.ts';
import { availabilityOf, createStockReceipt, getLocation } from '../inventory/index.ts';
import { createQuote, placeOrder, shipOrder } from '../orders/index.ts';
import type { Tx } from '../platform/database.ts';
import { type DemoPart, demoParts, yuan } from './catalogue.ts';
import { castOn } from './step.ts';
import { type DemoOrder, ordersOfMonth } from './usage.ts';

const WAREHOUSE = 'WH1-SJZ';
/** Stock is filled up to this much when it falls below a third of it. */
const FILL_TO: Readonly<Record<DemoPart['partClass'], number>> = { standard: 240, wear: 90, functional: 8, core: 0 };

type Happening = { readonly on: BusinessDate; readonly happen: () => Promise<void> };

/** Everything of one month in order of its days; the same month always tells the same. */
export async function playMonth(tx: Tx, firstOn: BusinessDate, today: BusinessDate): Promise<void> {
  const parts = demoParts();
  await fillUp(tx, firstOn, parts);
  const numbers = new Map<DemoOrder, string>();
  const happenings = ordersOfMonth(firstOn, today, parts).flatMap((order): Happening[] => {
    const place = { on: order.on, happen: async () => void numbers.set(order, await orderParts(tx, order)) };
    const { shippedOn } = order;
    if (shippedOn === null) return [place];
    return [place, { on: shippedOn, happen: async () => ship(tx, shippedOn, numbers.get(order) ?? '') }];
  });
  happenings.sort((a, b) => compareDates(a.on, b.on));
  for (const { happen } of happenings) await happen();
}

/** The month's receipts: what fell below a third is filled up again, at standard cost. */
async function fillUp(tx: Tx, firstOn: BusinessDate, parts: readonly DemoPart[]): Promise<void> {
  const { warehouse } = castOn(firstOn);
  const location = await getLocation(tx, WAREHOUSE);
  const known = await findParts(
    tx,
    parts.map(({ partNumber }) => partNumber),
  );
  const ids = [...known.values()].map(({ id }) => id);
  const levels = await availabilityOf(tx, { partIds: ids, locationId: location.id });
  const lines = parts.flatMap(part => {
    const available = Number(levels.get(known.get(part.partNumber)?.id ?? '')?.available ?? '0');
    const wanted = FILL_TO[part.partClass];
    if (available * 3 >= wanted) return [];
    return [
      { partNumber: part.partNumber, quantity: String(Math.ceil(wanted - available)), unitCost: yuan(part.costFen) },
    ];
  });
  if (lines.length > 0)
    await createStockReceipt(tx, warehouse, { locationCode: WAREHOUSE, receivedOn: firstOn, lines });
}

/** Places an order, by way of a quote or at once; returns its number. */
async function orderParts(tx: Tx, order: DemoOrder): Promise<string> {
  const { specialist } = castOn(order.on);
  const { dealerCode, document, lines } = order;
  const placed = { dealerDocument: document, locationCode: WAREHOUSE };
  if (!order.viaQuote) return (await placeOrder(tx, specialist, { ...placed, dealerCode, lines })).number;
  const quote = await createQuote(tx, specialist, { dealerCode, lines });
  return (await placeOrder(tx, specialist, { ...placed, quoteNumber: quote.number })).number;
}

/** Ships what is reserved; an order of which nothing is there waits. */
async function ship(tx: Tx, on: BusinessDate, orderNumber: string): Promise<void> {
  const { warehouse } = castOn(on);
  await shipOrder(tx, warehouse, { orderNumber });
}
