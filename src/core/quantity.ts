/** Quantities in the part's unit: whole unless the unit can be divided, such as metre or litre (R1.2). */
import { type Decimal, decimal, hasScale, type NumericColumn, requireNumeric, toFixed, toText } from './decimal.ts';
import { problem } from './errors.ts';

export const QUANTITY_SCALE = 3;

const QUANTITY: NumericColumn = { precision: 14, scale: QUANTITY_SCALE };

/** Reads a quantity as numeric(14,3). Throws DECIMAL_INVALID, DECIMAL_SCALE_EXCEEDED, DECIMAL_TOO_LARGE. */
export function quantity(text: string): Decimal {
  return requireNumeric(decimal(text), QUANTITY);
}

/** The quantity on the wire and in files: always three decimals. */
export function formatQuantity(d: Decimal): string {
  return toFixed(d, QUANTITY_SCALE);
}

/** Returns the quantity when its unit allows it (R1.2). Throws QUANTITY_NOT_WHOLE. */
export function requireWhole(q: Decimal, unitIsFractional: boolean): Decimal {
  if (!unitIsFractional && !hasScale(q, 0)) throw problem('QUANTITY_NOT_WHOLE', { value: toText(q) });
  return q;
}
