import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal, toText } from '../../src/core/decimal.ts';
import { amount, currency, formatAmount, formatUnitPrice, roundAmount, unitPrice } from '../../src/core/money.ts';
import { decimals, textOf } from './arbitraries.ts';
import { refusal } from './refusal.ts';

const AMOUNT_MAX = '99999999999999999.99';
const UNIT_PRICE_MAX = '999999999999999.9999';

test('keeps every amount numeric(19,2) holds', () => {
  const units = fc.bigInt(-(10n ** 19n) + 1n, 10n ** 19n - 1n);
  fc.assert(
    fc.property(units, n => {
      expect(formatAmount(amount(textOf(n, 2)))).toBe(textOf(n, 2));
    }),
  );
  expect(formatAmount(amount(AMOUNT_MAX))).toBe(AMOUNT_MAX);
});

test('keeps every unit price numeric(19,4) holds', () => {
  const units = fc.bigInt(-(10n ** 19n) + 1n, 10n ** 19n - 1n);
  fc.assert(
    fc.property(units, n => {
      expect(formatUnitPrice(unitPrice(textOf(n, 4)))).toBe(textOf(n, 4));
    }),
  );
  expect(formatUnitPrice(unitPrice(UNIT_PRICE_MAX))).toBe(UNIT_PRICE_MAX);
});

test('refuses more decimals instead of rounding', () => {
  const problem = refusal(() => amount('1.005'));
  expect(problem).toMatchObject({ code: 'DECIMAL_SCALE_EXCEEDED', status: 422 });
  expect(problem.facts).toEqual({ value: '1.005', decimalsMax: 2 });
  expect(refusal(() => unitPrice('1.00005'))).toMatchObject({ code: 'DECIMAL_SCALE_EXCEEDED' });
});

test('accepts further zeros, which change nothing', () => {
  expect(formatAmount(amount('1.5000'))).toBe('1.50');
});

test('refuses what the column cannot hold', () => {
  expect(refusal(() => amount('-100000000000000000.00'))).toMatchObject({ code: 'DECIMAL_TOO_LARGE', status: 422 });
  expect(refusal(() => unitPrice('1000000000000000'))).toMatchObject({ facts: { integerDigitsMax: 15 } });
  expect(refusal(() => roundAmount(decimal('99999999999999999.995')))).toMatchObject({ code: 'DECIMAL_TOO_LARGE' });
});

test('rounds a computed amount to the cent', () => {
  expect(toText(roundAmount(decimal('-2.345')))).toBe('-2.35');
  fc.assert(
    fc.property(decimals(6), d => {
      expect(formatAmount(roundAmount(d))).toMatch(/^-?\d+\.\d{2}$/);
    }),
  );
});

test('knows currencies by their ISO 4217 code', () => {
  expect(['CNY', 'GBP', 'EUR'].map(currency)).toEqual(['CNY', 'GBP', 'EUR']);
  for (const text of ['', 'cny', 'CN', 'CNYY', 'QQQ', '￥', '__proto__']) {
    expect(refusal(() => currency(text))).toMatchObject({ code: 'CURRENCY_INVALID', status: 422 });
  }
});
