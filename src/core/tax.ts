/**
 * Net, tax and gross of a line. Tax is per line and each figure is rounded once, half away from zero, so a negative
 * line is the mirror of the positive one; a document's totals are the sums of its lines (R4.2).
 */
import { assert } from './assert.ts';
import {
  compare,
  type Decimal,
  decimal,
  dividedBy,
  hasScale,
  isNegative,
  minus,
  plus,
  requireNumeric,
  sum,
  times,
  toText,
} from './decimal.ts';
import { problem } from './errors.ts';
import { AMOUNT_SCALE, roundAmount } from './money.ts';

/** Whether a list's prices are without tax (net holds) or with it (gross holds). */
export type TaxBasis = 'tax_exclusive' | 'tax_inclusive';

/** net + tax = gross, always; amounts of one currency. */
export type Taxed = { readonly net: Decimal; readonly tax: Decimal; readonly gross: Decimal };

export type PricedLine = {
  readonly unitPrice: Decimal;
  readonly quantity: Decimal;
  readonly rate: Decimal;
  readonly basis: TaxBasis;
};

const ONE = decimal('1');
const TAX_RATE = { precision: 7, scale: 6 };

/** Reads a rate as a fraction, 0.13 for 13 %. Throws DECIMAL_INVALID, TAX_RATE_INVALID, DECIMAL_SCALE_EXCEEDED. */
export function taxRate(text: string): Decimal {
  const rate = decimal(text);
  if (isNegative(rate) || compare(rate, ONE) >= 0) throw problem('TAX_RATE_INVALID', { value: toText(rate) });
  return requireNumeric(rate, TAX_RATE);
}

/** Price × quantity of one line, taxed on the list's basis. Throws DECIMAL_TOO_LARGE. */
export function taxedLine({ unitPrice, quantity, rate, basis }: PricedLine): Taxed {
  const extended = roundAmount(times(unitPrice, quantity));
  return basis === 'tax_exclusive' ? taxedNet(extended, rate) : taxedGross(extended, rate);
}

/** Tax on top of a net amount. Throws DECIMAL_TOO_LARGE. */
export function taxedNet(net: Decimal, rate: Decimal): Taxed {
  assert(hasScale(net, AMOUNT_SCALE), 'the net amount is rounded');
  const tax = roundAmount(times(net, rate));
  return { net, tax, gross: roundAmount(plus(net, tax)) };
}

/** Tax contained in a gross amount. */
export function taxedGross(gross: Decimal, rate: Decimal): Taxed {
  assert(hasScale(gross, AMOUNT_SCALE), 'the gross amount is rounded');
  const net = dividedBy(gross, plus(ONE, rate), AMOUNT_SCALE);
  return { net, tax: minus(gross, net), gross };
}

/** Totals of a document: the sums of its lines, never computed again. Throws DECIMAL_TOO_LARGE. */
export function sumTaxed(lines: readonly Taxed[]): Taxed {
  return {
    net: roundAmount(sum(lines.map(line => line.net))),
    tax: roundAmount(sum(lines.map(line => line.tax))),
    gross: roundAmount(sum(lines.map(line => line.gross))),
  };
}
