import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, shareOf } from '../../src/core/allocate.ts';
import {
  absolute,
  compare,
  decimal,
  equals,
  isPositive,
  isZero,
  minus,
  negate,
  plus,
  sum,
  times,
  toFixed,
  ZERO,
} from '../../src/core/decimal.ts';
import { decimals, textOf, weights } from './arbitraries.ts';

const weightLists = fc.array(weights(3), { minLength: 1, maxLength: 30 }).filter(list => list.some(isPositive));

describe('allocate', () => {
  const split = (total: string, by: string[], scale = 2) =>
    allocate(decimal(total), by.map(decimal), scale).map(share => toFixed(share, scale));

  test('gives what is left to the largest remainders', () => {
    expect(split('100.00', ['1', '1', '1'])).toEqual(['33.34', '33.33', '33.33']);
    expect(split('10.00', ['3', '3', '1'])).toEqual(['4.29', '4.28', '1.43']);
    expect(split('0.05', ['0.1', '0.7', '0.2'])).toEqual(['0.01', '0.03', '0.01']);
  });

  test('settles ties by line order', () => {
    expect(split('0.02', ['5', '5', '5'])).toEqual(['0.01', '0.01', '0.00']);
  });

  test('splits a negative total as the mirror', () => {
    expect(split('-100.00', ['1', '1', '1'])).toEqual(['-33.34', '-33.33', '-33.33']);
    fc.assert(
      fc.property(decimals(2), weightLists, (total, by) => {
        const mirrored = allocate(negate(total), by).map(negate);
        expect(allocate(total, by).every((share, i) => equals(share, mirrored[i] ?? ZERO))).toBe(true);
      }),
    );
  });

  test('splits pieces and other scales', () => {
    expect(split('7', ['1', '1'], 0)).toEqual(['4', '3']);
    expect(split('0.0001', ['1', '2'], 4)).toEqual(['0.0000', '0.0001']);
  });

  test('always sums to the whole, each share less than a cent from its exact part', () => {
    fc.assert(
      fc.property(decimals(2), weightLists, (total, by) => {
        const shares = allocate(total, by);
        const weightSum = sum(by);
        expect(equals(sum(shares), total)).toBe(true);
        shares.forEach((share, i) => {
          const weight = by[i] ?? ZERO;
          const error = absolute(minus(times(share, weightSum), times(total, weight)));
          expect(compare(error, times(weightSum, decimal('0.01')))).toBe(-1);
          if (isZero(weight)) expect(isZero(share)).toBe(true);
        });
      }),
    );
  });

  test('does not split over nothing, over negative weights or finer than the total', () => {
    for (const by of [[], ['0', '0'], ['2', '-1']]) expect(() => split('1.00', by)).toThrow('assertion failed');
    expect(() => split('1.001', ['1'])).toThrow('assertion failed');
  });
});

describe('shareOf', () => {
  test('sums exactly to the total, in whatever steps the whole is done', () => {
    const steps = fc.array(fc.bigInt(0n, 10n ** 6n), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        decimals(2),
        steps.filter(list => list.some(step => step > 0n)),
        (total, units) => {
          const parts = units.map(step => decimal(textOf(step, 3)));
          const whole = sum(parts);
          let done = ZERO;
          const shares = parts.map(now => {
            const share = shareOf(total, done, now, whole);
            done = plus(done, now);
            return share;
          });
          expect(equals(sum(shares), total)).toBe(true);
        },
      ),
    );
  });

  test('gives a third, a third and the rest', () => {
    const third = (done: string) => toFixed(shareOf(decimal('100'), decimal(done), decimal('1'), decimal('3')), 2);
    expect(['0', '1', '2'].map(third)).toEqual(['33.33', '33.34', '33.33']);
  });

  test('does not go beyond the whole', () => {
    const two = decimal('2');
    expect(() => shareOf(two, two, decimal('0.001'), two)).toThrow('assertion failed');
    expect(() => shareOf(two, ZERO, ZERO, ZERO)).toThrow('assertion failed');
  });
});
