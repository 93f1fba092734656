/** A shipment: what left for the dealer of one order, and what was charged for it. Decided purely, recorded at the edge. */
import { businessDate } from '../core/business-date.ts';
import { compare, type Decimal, decimal, isPositive, isZero, minus, plus, sum } from '../core/decimal.ts';
import { formatAmount } from '../core/money.ts';
import { quantity as readQuantity } from '../core/quantity.ts';
import { problem as stockProblem } from '../inventory/index.ts';
import type { NewCharge } from '../settlement/index.ts';
import { problem } from './errors.ts';
import type { Order, OrderLine, OrderState } from './order.ts';
import { partOfLine } from './part-of-line.ts';

export type ShipLine = { readonly line: number; readonly quantity: string };

/** One line of a parcel: the charge it makes, and what of the order's gross it takes out of the open orders. */
export type ParcelLine = {
  readonly orderLine: OrderLine;
  readonly charge: NewCharge;
  readonly releasedGross: string;
};

/**
 * The goods lines to ship: those asked for, or everything reserved. Throws NOTHING_TO_SHIP, SHIPMENT_LINES_INVALID (a
 * line that is no goods line of the order, twice, not above zero, or broken pieces), INSUFFICIENT_STOCK (more than reserved).
 */
export function decideShipLines(
  order: Order,
  asked: readonly ShipLine[] | undefined,
  fractional: ReadonlySet<string>,
): ShipLine[] {
  if (asked === undefined) {
    const reserved = order.lines
      .filter(line => isPositive(decimal(line.reserved)))
      .map(line => ({ line: line.line, quantity: line.reserved }));
    if (reserved.length === 0) throw problem('NOTHING_TO_SHIP', { number: order.number });
    return reserved;
  }
  const goods = new Map(order.lines.filter(line => line.kind === 'goods').map(line => [line.line, line]));
  const seen = new Set<number>();
  const invalid = asked.filter(({ line, quantity }) => {
    const twice = seen.has(line);
    seen.add(line);
    const orderLine = goods.get(line);
    if (orderLine === undefined || twice) return true;
    const wanted = readQuantity(quantity);
    return !isPositive(wanted) || (!fractional.has(orderLine.unit ?? '') && !isWhole(quantity));
  });
  if (invalid.length > 0) throw problem('SHIPMENT_LINES_INVALID', { lines: invalid });
  const short = asked.filter(({ line, quantity }) => compare(readQuantity(quantity), reservedOf(goods.get(line))) > 0);
  if (short.length > 0) {
    throw stockProblem('INSUFFICIENT_STOCK', {
      lines: short.map(({ line, quantity }) => ({ line, wanted: quantity })),
    });
  }
  return [...asked].sort((a, b) => a.line - b.line);
}

/** Throws SHIPMENT_DATE_INVALID unless the day lies between the order and today. */
export function decideShippedOn(order: Pick<Order, 'orderedOn'>, wanted: string | undefined, today: string): string {
  const shippedOn = businessDate(wanted ?? today);
  if (shippedOn < order.orderedOn || shippedOn > today) {
    throw problem('SHIPMENT_DATE_INVALID', { from: order.orderedOn, to: today });
  }
  return shippedOn;
}

/**
 * The lines of a parcel with their charges, at the rates of its business date by tax class. Freight goes whole with the
 * first parcel: our back-orders cause no second one (money rules).
 */
export function buildParcel(
  order: Order,
  lines: readonly ShipLine[],
  rates: ReadonlyMap<string, string>,
): ParcelLine[] {
  const byNumber = new Map(lines.map(({ line, quantity }) => [line, quantity]));
  return order.lines.flatMap(orderLine => {
    const quantity =
      orderLine.kind === 'freight' && isZero(decimal(orderLine.shipped))
        ? orderLine.quantity
        : byNumber.get(orderLine.line);
    return quantity === undefined
      ? []
      : [parcelLine(order, orderLine, quantity, rates.get(orderLine.taxClass) as string)];
  });
}

function parcelLine(order: Order, orderLine: OrderLine, quantity: string, taxRate: string): ParcelLine {
  const whole = decimal(orderLine.quantity);
  const done = plus(decimal(orderLine.shipped), decimal(orderLine.cancelled));
  const now = decimal(quantity);
  // freight tariffs are tax-inclusive on every list
  const inclusive = order.taxInclusive || orderLine.kind === 'freight';
  const fixed = decimal(inclusive ? orderLine.gross : orderLine.net);
  const basis = inclusive ? 'tax_inclusive' : 'tax_exclusive';
  const part = (rate: string) => partOfLine({ quantity: whole, fixed, basis }, done, now, decimal(rate));
  const { net, tax, gross } = part(taxRate);
  const { line, kind, partId, textZh, textEn, unit } = orderLine;
  // quantity × unit price = net, also at a new rate: gross is what holds for freight, and its one unit is priced by the net
  const unitPrice = kind === 'freight' && !order.taxInclusive ? `${formatAmount(net)}00` : orderLine.unitPrice;
  return {
    orderLine,
    // at the order's own rate: equal to the charge while the rate stands, and the line's gross in the end
    releasedGross: formatAmount(part(orderLine.taxRate).gross),
    charge: {
      line,
      chargeKind: kind,
      partId,
      textZh,
      textEn,
      unit,
      quantity,
      unitPrice,
      taxRate,
      net: formatAmount(net),
      tax: formatAmount(tax),
      gross: formatAmount(gross),
    },
  };
}

/** The state of an order once a parcel has left. */
export function stateAfter(order: Order, parcel: readonly ParcelLine[]): OrderState {
  const leaving = new Map(parcel.map(({ orderLine, charge }) => [orderLine.line, charge.quantity]));
  const open = order.lines.some(line => {
    const gone = sum([line.shipped, line.cancelled, leaving.get(line.line) ?? '0'].map(decimal));
    return isPositive(minus(decimal(line.quantity), gone));
  });
  return open ? 'partially_shipped' : 'shipped';
}

function reservedOf(line: OrderLine | undefined): Decimal {
  return decimal(line?.reserved ?? '0');
}

function isWhole(quantity: string): boolean {
  return /^\d+(?:\.0+)?$/.test(quantity);
}
