/**
 * Exact decimals for money, prices, quantities and rates; the only file that knows big.js.
 * Nothing is rounded unless a function's name or parameter says so.
 */
import Big from 'big.js';
import { assert } from './assert.ts';
import { problem } from './errors.ts';

declare const decimalBrand: unique symbol;
/** An exact decimal. Opaque: JavaScript's own operators throw on it. */
export type Decimal = { readonly [decimalBrand]: true };

/** half_away: to the nearest, ties away from zero (the rule for posted figures). down: towards zero. */
export type Rounding = 'half_away' | 'down';

/** What a PostgreSQL numeric(precision, scale) column holds. */
export type NumericColumn = { readonly precision: number; readonly scale: number };

const DIGITS_MAX = 30;
const VALUE_SHOWN_MAX = 40;
const PATTERN = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

const Exact = Big();
Exact.strict = true;
// The text form never turns into an exponent.
Exact.NE = -1_000_000;
Exact.PE = 1_000_000;

export const ZERO: Decimal = seal(new Exact('0'));

/** Reads a decimal text as people and wires write it. Throws DECIMAL_INVALID. */
export function decimal(text: string): Decimal {
  const digits = text.length - (text.startsWith('-') ? 1 : 0) - (text.includes('.') ? 1 : 0);
  if (digits > DIGITS_MAX || !PATTERN.test(text)) {
    throw problem('DECIMAL_INVALID', { value: text.slice(0, VALUE_SHOWN_MAX), digitsMax: DIGITS_MAX });
  }
  return seal(new Exact(text));
}

/** Exact sum of two decimals. */
export function plus(a: Decimal, b: Decimal): Decimal {
  return seal(open(a).plus(open(b)));
}

/** Exact difference a − b. */
export function minus(a: Decimal, b: Decimal): Decimal {
  return seal(open(a).minus(open(b)));
}

/** Exact product. */
export function times(a: Decimal, b: Decimal): Decimal {
  return seal(open(a).times(open(b)));
}

/** a ÷ b, rounded once to `scale` decimals. The divisor is never zero. */
export function dividedBy(a: Decimal, b: Decimal, scale: number, rounding: Rounding = 'half_away'): Decimal {
  assert(!isZero(b), 'a divisor is not zero');
  // big.js reads both only in div, so every division sets its own: rounding a longer quotient again would round twice.
  Exact.DP = scale;
  Exact.RM = modeOf(rounding);
  return seal(open(a).div(open(b)));
}

/** Exact total of a list; zero for an empty one. */
export function sum(list: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const each of list) total = plus(total, each);
  return total;
}

/** The same figure with the other sign: how reversals mirror. */
export function negate(d: Decimal): Decimal {
  return seal(open(d).neg());
}

/** The figure without its sign. */
export function absolute(d: Decimal): Decimal {
  return seal(open(d).abs());
}

/** Order by value: −1, 0 or 1, as Array.sort wants it. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return open(a).cmp(open(b));
}

/** Equal by value: 1.5 equals 1.50. */
export function equals(a: Decimal, b: Decimal): boolean {
  return open(a).eq(open(b));
}

/** Is it zero? */
export function isZero(d: Decimal): boolean {
  return equals(d, ZERO);
}

/** Is it below zero? */
export function isNegative(d: Decimal): boolean {
  return compare(d, ZERO) < 0;
}

/** Is it above zero? */
export function isPositive(d: Decimal): boolean {
  return compare(d, ZERO) > 0;
}

/** Rounds to `scale` decimals, ties away from zero unless told otherwise. */
export function roundTo(d: Decimal, scale: number, rounding: Rounding = 'half_away'): Decimal {
  return seal(open(d).round(scale, modeOf(rounding)));
}

/** Does it fit `scale` decimals without rounding? Decided by value: 1.500 has scale 1. */
export function hasScale(d: Decimal, scale: number): boolean {
  const { c, e } = open(d);
  return c.length - 1 - e <= scale;
}

/** Text with exactly `scale` decimals: never an exponent, never −0. Rounding first is the caller's decision. */
export function toFixed(d: Decimal, scale: number): string {
  // the text is made only when it is needed: this stands on the way of every figure that goes out
  if (!hasScale(d, scale)) assert(false, `${toText(d)} has no more than ${scale} decimals`);
  // big.js writes -0.00 only for what it rounds here itself, which the line above excludes.
  return open(d).toFixed(scale);
}

/** The shortest exact text, for rates, traces and problem facts: never an exponent, never −0. */
export function toText(d: Decimal): string {
  return open(d).toFixed();
}

/** Returns `d` when the column can hold it unchanged. Throws DECIMAL_SCALE_EXCEEDED, DECIMAL_TOO_LARGE. */
export function requireNumeric(d: Decimal, { precision, scale }: NumericColumn): Decimal {
  if (!hasScale(d, scale)) throw problem('DECIMAL_SCALE_EXCEEDED', { value: toText(d), decimalsMax: scale });
  const integerDigitsMax = precision - scale;
  if (open(d).e >= integerDigitsMax) throw problem('DECIMAL_TOO_LARGE', { value: toText(d), integerDigitsMax });
  return d;
}

function modeOf(rounding: Rounding) {
  return rounding === 'down' ? Big.roundDown : Big.roundHalfUp;
}

function open(d: Decimal): Big.Big {
  return d as unknown as Big.Big;
}

function seal(big: Big.Big): Decimal {
  return big as unknown as Decimal;
}
