/** Posted amounts, unit prices and currencies. Input is refused, never rounded; computed figures are rounded by name. */
import { type Decimal, decimal, type NumericColumn, requireNumeric, roundTo, toFixed } from './decimal.ts';
import { problem } from './errors.ts';

export const AMOUNT_SCALE = 2;
export const UNIT_PRICE_SCALE = 4;

const AMOUNT: NumericColumn = { precision: 19, scale: AMOUNT_SCALE };
const UNIT_PRICE: NumericColumn = { precision: 19, scale: UNIT_PRICE_SCALE };

declare const currencyBrand: unique symbol;
/** An ISO 4217 alphabetic code. Figures of two currencies are never added or set off. */
export type Currency = string & { readonly [currencyBrand]: true };

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Reads an amount as numeric(19,2). Throws DECIMAL_INVALID, DECIMAL_SCALE_EXCEEDED, DECIMAL_TOO_LARGE. */
export function amount(text: string): Decimal {
  return requireNumeric(decimal(text), AMOUNT);
}

/** Reads a commercial unit price as numeric(19,4). Throws DECIMAL_INVALID, DECIMAL_SCALE_EXCEEDED, DECIMAL_TOO_LARGE. */
export function unitPrice(text: string): Decimal {
  return requireNumeric(decimal(text), UNIT_PRICE);
}

/** The amount on the wire and in files: always two decimals. */
export function formatAmount(d: Decimal): string {
  return toFixed(d, AMOUNT_SCALE);
}

/** The unit price on the wire and in files: always four decimals. */
export function formatUnitPrice(d: Decimal): string {
  return toFixed(d, UNIT_PRICE_SCALE);
}

/** Rounds a computed figure to a postable amount, half away from zero. Throws DECIMAL_TOO_LARGE. */
export function roundAmount(d: Decimal): Decimal {
  return requireNumeric(roundTo(d, AMOUNT_SCALE), AMOUNT);
}

/** Reads an ISO 4217 code, upper case as in the standard. Throws CURRENCY_INVALID. */
export function currency(text: string): Currency {
  if (!currencies.has(text)) throw problem('CURRENCY_INVALID', { value: text.slice(0, 10) });
  return text as Currency;
}
