import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, decimal, isNegative, minus, plus, sum, toFixed, ZERO } from '../../src/core/decimal.ts';
import { taxedGross, taxedNet } from '../../src/core/tax.ts';
import { partOfLine } from '../../src/orders/part-of-line.ts';
import { textOf } from '../core/arbitraries.ts';

const basis = fc.constantFrom('tax_exclusive' as const, 'tax_inclusive' as const);
const rate = fc.constantFrom('0.130000', '0.090000', '0.000000', '0.160000', '0.333333').map(decimal);
/** Parcels of a line in thousandths of its unit. */
const parcels = fc
  .array(fc.bigInt(1n, 5_000n), { minLength: 1, maxLength: 8 })
  .map(list => list.map(units => decimal(textOf(units, 3))));
const fixed = fc.bigInt(1n, 10_000_000n).map(cents => decimal(textOf(cents, 2)));

describe('the parts of an order line', () => {
  it('sum exactly to its net, tax and gross, in whatever steps, and none is negative', () => {
    fc.assert(
      fc.property(basis, rate, parcels, fixed, (on, at, list, figure) => {
        const line = { quantity: sum(list), fixed: figure, basis: on };
        let done = ZERO;
        const parts = list.map(now => {
          const part = partOfLine(line, done, now, at);
          done = plus(done, now);
          return part;
        });
        const whole = on === 'tax_exclusive' ? taxedNet(figure, at) : taxedGross(figure, at);
        for (const key of ['net', 'tax', 'gross'] as const) {
          expect(toFixed(sum(parts.map(part => part[key])), 2)).toBe(toFixed(whole[key], 2));
          expect(parts.some(part => isNegative(part[key]))).toBe(false);
        }
        for (const part of parts) expect(compare(part.gross, plus(part.net, part.tax))).toBe(0);
      }),
    );
  });

  it('keep the fixed figure when the tax rate changes between parcels', () => {
    fc.assert(
      fc.property(basis, rate, rate, parcels, fixed, (on, before, after, list, figure) => {
        const line = { quantity: sum(list), fixed: figure, basis: on };
        let done = ZERO;
        const parts = list.map((now, index) => {
          const part = partOfLine(line, done, now, index === 0 ? before : after);
          done = plus(done, now);
          return part;
        });
        const kept = on === 'tax_exclusive' ? 'net' : 'gross';
        expect(toFixed(sum(parts.map(part => part[kept])), 2)).toBe(toFixed(figure, 2));
      }),
    );
  });

  it('carry a third and two thirds of a cent where they fall', () => {
    const line = { quantity: decimal('3'), fixed: decimal('100.00'), basis: 'tax_exclusive' as const };
    const one = decimal('1');
    const nets = ['0', '1', '2'].map(done => toFixed(partOfLine(line, decimal(done), one, decimal('0.13')).net, 2));
    expect(nets).toEqual(['33.33', '33.34', '33.33']);
  });

  it('are within a cent of the exact share', () => {
    fc.assert(
      fc.property(rate, parcels, fixed, (at, list, figure) => {
        const line = { quantity: sum(list), fixed: figure, basis: 'tax_exclusive' as const };
        const [first = ZERO] = list;
        const { net, tax } = partOfLine(line, ZERO, first, at);
        const again = taxedNet(net, at).tax;
        expect(compare(minus(tax, again), ZERO)).toBe(0);
      }),
    );
  });
});
