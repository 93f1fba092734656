/** Generators of well-formed figures, shared by the property tests of core. */
import fc from 'fast-check';
import { type BusinessDate, businessDate } from '../../src/core/business-date.ts';
import { type Decimal, decimal } from '../../src/core/decimal.ts';

/** Writes `units` of 10^-scale as text by string handling alone, so that it can judge decimal.ts. */
export function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

/** A decimal of up to `unitsMax` units of 10^-scale, in both signs. */
export function decimals(scale: number, unitsMax = 10n ** 12n): fc.Arbitrary<Decimal> {
  return fc.bigInt(-unitsMax, unitsMax).map(units => decimal(textOf(units, scale)));
}

/** The same, never negative. */
export function weights(scale: number, unitsMax = 10n ** 9n): fc.Arbitrary<Decimal> {
  return fc.bigInt(0n, unitsMax).map(units => decimal(textOf(units, scale)));
}

/** Days of the years 1901–2998, so that a shift of some months stays inside the calendar. */
export function dates(): fc.Arbitrary<BusinessDate> {
  return fc
    .date({ min: new Date('1901-01-01'), max: new Date('2998-12-31'), noInvalidDate: true })
    .map(day => businessDate(day.toISOString().slice(0, 10)));
}
