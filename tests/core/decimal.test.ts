import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  dividedBy,
  equals,
  hasScale,
  isNegative,
  isPositive,
  isZero,
  minus,
  negate,
  plus,
  roundTo,
  sum,
  times,
  toFixed,
  toText,
  ZERO,
} from '../../src/core/decimal.ts';
import { decimals, textOf } from './arbitraries.ts';
import { refusal } from './refusal.ts';

describe('reading', () => {
  test.each([
    '',
    '-',
    '+1',
    '.5',
    '5.',
    '1e5',
    '1E-7',
    '007',
    '00',
    '-01.5',
    '1,000',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    'NaN',
    'Infinity',
    '--1',
    '1.2.3',
    '１２',
    '1\u0000',
    '1'.repeat(31),
    `0.${'1'.repeat(30)}`,
  ])('refuses %j', text => {
    expect(refusal(() => decimal(text))).toMatchObject({ code: 'DECIMAL_INVALID', status: 400 });
  });

  test('accepts thirty digits and keeps them all', () => {
    const text = `-${'9'.repeat(15)}.${'9'.repeat(15)}`;
    expect(toText(decimal(text))).toBe(text);
  });

  test('shows only the beginning of a huge text', () => {
    expect(refusal(() => decimal('9'.repeat(100_000))).facts).toEqual({ value: '9'.repeat(40), digitsMax: 30 });
  });

  test('gives back the text it read', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.nat(8), (units, scale) => {
        const text = textOf(units, scale);
        expect(toFixed(decimal(text), scale)).toBe(text);
      }),
    );
  });
});

describe('writing', () => {
  test('never writes a negative zero', () => {
    const zeros = [decimal('-0.00'), negate(ZERO), roundTo(decimal('-0.001'), 2), times(ZERO, decimal('-3'))];
    for (const zero of [...zeros, dividedBy(ZERO, decimal('-3'), 2), dividedBy(decimal('-1'), decimal('9999'), 2)]) {
      expect(toFixed(zero, 2)).toBe('0.00');
      expect(toText(zero)).toBe('0');
      expect(isZero(zero)).toBe(true);
      expect(isNegative(zero)).toBe(false);
    }
  });

  test('never writes an exponent', () => {
    const tiny = times(decimal(`0.${'0'.repeat(20)}1`), decimal(`0.${'0'.repeat(20)}1`));
    const huge = times(decimal('9'.repeat(30)), decimal('9'.repeat(30)));
    for (const each of [tiny, huge]) {
      expect(toText(each)).not.toMatch(/e/i);
      expect(`${each}`).not.toMatch(/e/i);
      expect(JSON.stringify(each)).not.toMatch(/e/i);
    }
  });

  test('does not round in silence', () => {
    expect(() => toFixed(decimal('1.005'), 2)).toThrow('assertion failed');
    expect(toFixed(decimal('1.500'), 1)).toBe('1.5');
  });

  test("refuses JavaScript's own arithmetic", () => {
    expect(() => Number(decimal('1.5'))).toThrow();
  });
});

describe('rounding', () => {
  test.each([
    ['0.005', '0.01'],
    ['-0.005', '-0.01'],
    ['0.0049999', '0.00'],
    ['1.115', '1.12'],
    ['-1.115', '-1.12'],
    ['1.125', '1.13'],
    ['2.675', '2.68'],
    ['9.995', '10.00'],
    ['-9.994', '-9.99'],
  ])('takes %s to %s, half away from zero', (from, to) => {
    expect(toFixed(roundTo(decimal(from), 2), 2)).toBe(to);
  });

  test('cuts towards zero when told so', () => {
    expect(toFixed(roundTo(decimal('-1.999'), 2, 'down'), 2)).toBe('-1.99');
    expect(toFixed(dividedBy(decimal('2'), decimal('3'), 2, 'down'), 2)).toBe('0.66');
    expect(toFixed(dividedBy(decimal('2'), decimal('3'), 2), 2)).toBe('0.67');
  });

  test('rounds a quotient once, however close it comes to a tie', () => {
    const justBelowHalf = dividedBy(decimal(`4${'9'.repeat(28)}`), decimal(`1${'0'.repeat(29)}`), 0);
    expect(toFixed(justBelowHalf, 0)).toBe('0');
  });

  test('keeps a quotient within half a unit of the truth', () => {
    fc.assert(
      fc.property(decimals(4), decimals(4), fc.nat(8), (a, b, scale) => {
        fc.pre(!isZero(b));
        const quotient = dividedBy(a, b, scale);
        expect(hasScale(quotient, scale)).toBe(true);
        expect(toFixed(quotient, scale)).toMatch(/^-?\d+(\.\d+)?$/);
        const error = absolute(minus(times(quotient, b), a));
        const halfUnit = times(absolute(b), decimal(`0.${'0'.repeat(scale)}5`));
        expect(compare(error, halfUnit)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('mirrors: the rounded negative is the negative of the rounded', () => {
    fc.assert(
      fc.property(decimals(6), decimals(3), (a, b) => {
        expect(equals(roundTo(negate(a), 2), negate(roundTo(a, 2)))).toBe(true);
        fc.pre(!isZero(b));
        expect(equals(dividedBy(negate(a), b, 2), negate(dividedBy(a, b, 2)))).toBe(true);
      }),
    );
  });

  test('refuses to divide by zero', () => {
    expect(() => dividedBy(decimal('1'), ZERO, 2)).toThrow('assertion failed');
  });
});

describe('arithmetic', () => {
  test('agrees with whole-number arithmetic in units', () => {
    const units = fc.bigInt(-(10n ** 15n), 10n ** 15n);
    const made = (n: bigint): Decimal => decimal(textOf(n, 4));
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(toFixed(plus(made(a), made(b)), 4)).toBe(textOf(a + b, 4));
        expect(toFixed(minus(made(a), made(b)), 4)).toBe(textOf(a - b, 4));
        expect(toFixed(times(made(a), made(b)), 8)).toBe(textOf(a * b, 8));
        expect(compare(made(a), made(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(isNegative(made(a))).toBe(a < 0n);
        expect(isPositive(made(a))).toBe(a > 0n);
        expect(hasScale(made(a), 2)).toBe(a % 100n === 0n);
      }),
    );
  });

  test('sums a list, and nothing to zero', () => {
    expect(toText(sum(['0.1', '0.2', '-0.05'].map(decimal)))).toBe('0.25');
    expect(isZero(sum([]))).toBe(true);
  });

  test('has an absolute value', () => {
    expect(['-1.5', '0', '1.5'].map(text => toText(absolute(decimal(text))))).toEqual(['1.5', '0', '1.5']);
  });
});
