/** What a parcel takes of an order line, so that the parts sum exactly to the line in whatever steps it is shipped. Pure. */
import { shareOf } from '../core/allocate.ts';
import { type Decimal, minus, plus, ZERO } from '../core/decimal.ts';
import { type TaxBasis, type Taxed, taxedGross, taxedNet } from '../core/tax.ts';

export type WholeLine = {
  readonly quantity: Decimal;
  /** The figure that holds whatever the rate: net of a tax-exclusive list, gross of a tax-inclusive one. */
  readonly fixed: Decimal;
  readonly basis: TaxBasis;
};

/**
 * Figures of `now` of a line's quantity after `done` went before, at the rate of the charge's business date: the
 * difference of two cumulative figures, each rounded once, so none is negative, net + tax = gross, and at an unchanged
 * rate the parts sum to the line's own net, tax and gross (money rules: partial shipment, tax-rate change).
 */
export function partOfLine(line: WholeLine, done: Decimal, now: Decimal, rate: Decimal): Taxed {
  const before = cumulative(line, done, rate);
  const after = cumulative(line, plus(done, now), rate);
  return {
    net: minus(after.net, before.net),
    tax: minus(after.tax, before.tax),
    gross: minus(after.gross, before.gross),
  };
}

function cumulative({ fixed, quantity, basis }: WholeLine, reached: Decimal, rate: Decimal): Taxed {
  const share = shareOf(fixed, ZERO, reached, quantity);
  return basis === 'tax_exclusive' ? taxedNet(share, rate) : taxedGross(share, rate);
}
