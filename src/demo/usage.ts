/** What the dealers order, month by month: wear parts steadily and more in season, functional parts now and then. */
import { addDays, addMonths, type BusinessDate, businessDate } from '../core/business-date.ts';
import type { DemoPart } from './catalogue.ts';
import { DEALERS } from './company.ts';
import { type Random, seededRandom } from './random.ts';

export type DemoOrder = {
  readonly dealerCode: string;
  readonly document: string;
  readonly on: BusinessDate;
  readonly viaQuote: boolean;
  /** The day it leaves the warehouse; null while it waits. */
  readonly shippedOn: BusinessDate | null;
  readonly lines: ReadonlyArray<{ readonly partNumber: string; readonly quantity: string }>;
};

const HARVEST_MONTHS = new Set([5, 6, 9, 10]);
const LEVEL_ORDERS: Readonly<Record<string, number>> = { A: 2, B: 2, C: 1 };
const SHIPS_AFTER_DAYS_MAX = 4;

/** The orders of one month, up to `today`, in order of their day. The same month always tells the same. */
export function ordersOfMonth(firstOn: BusinessDate, today: BusinessDate, parts: readonly DemoPart[]): DemoOrder[] {
  const random = seededRandom(Number(firstOn.replaceAll('-', '').slice(0, 6)));
  const sellable = parts.filter(part => part.partClass !== 'core');
  const month = firstOn.slice(0, 7);
  const orders = DEALERS.flatMap(dealer => {
    const count =
      random.between(0, LEVEL_ORDERS[dealer.level] ?? 1) + (HARVEST_MONTHS.has(Number(month.slice(5))) ? 1 : 0);
    return Array.from({ length: count }, (_, index) => {
      const on = addDays(firstOn, random.between(0, 24));
      const shippedOn = addDays(on, random.between(1, SHIPS_AFTER_DAYS_MAX));
      return {
        dealerCode: dealer.code,
        document: `PO-${month.replace('-', '')}-${index + 1}`,
        on,
        viaQuote: !random.oneIn(3),
        shippedOn: shippedOn > today ? null : shippedOn,
        lines: linesOf(random, sellable),
      };
    });
  });
  return orders.filter(order => order.on <= today).sort((a, b) => (a.on + a.dealerCode < b.on + b.dealerCode ? -1 : 1));
}

function linesOf(random: Random, sellable: readonly DemoPart[]) {
  const chosen = new Map<string, DemoPart>();
  for (let wanted = random.between(3, 9); wanted > 0; wanted -= 1) {
    const part = random.pick(sellable);
    // functional parts are wanted a quarter as often as wear and standard parts
    if (part.partClass !== 'functional' || random.oneIn(4)) chosen.set(part.partNumber, part);
  }
  const first = random.pick(sellable.filter(part => part.partClass === 'wear'));
  chosen.set(first.partNumber, first);
  return [...chosen.values()].map(part => ({
    partNumber: part.partNumber,
    quantity: String(quantityOf(random, part)),
  }));
}

function quantityOf(random: Random, part: DemoPart): number {
  if (part.partClass === 'standard') return random.between(1, 6) * 10;
  if (part.partClass === 'wear') return random.between(1, 8) * Math.min(part.quantity, 6);
  return random.between(1, 2);
}

/** First days of the 24 months before today's and of today's own. */
export function monthsUpTo(today: BusinessDate): BusinessDate[] {
  const current = businessDate(`${today.slice(0, 7)}-01`);
  return Array.from({ length: 25 }, (_, index) => addMonths(current, index - 24));
}
