import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimal } from '../../src/core/decimal.ts';
import { formatQuantity, quantity, requireWhole } from '../../src/core/quantity.ts';
import { textOf } from './arbitraries.ts';
import { refusal } from './refusal.ts';

test('keeps every quantity numeric(14,3) holds', () => {
  const units = fc.bigInt(-(10n ** 14n) + 1n, 10n ** 14n - 1n);
  fc.assert(
    fc.property(units, n => {
      expect(formatQuantity(quantity(textOf(n, 3)))).toBe(textOf(n, 3));
    }),
  );
});

test('refuses more than three decimals or eleven digits', () => {
  expect(refusal(() => quantity('0.0001'))).toMatchObject({ code: 'DECIMAL_SCALE_EXCEEDED' });
  expect(refusal(() => quantity('100000000000'))).toMatchObject({ code: 'DECIMAL_TOO_LARGE' });
});

test('refuses a broken piece, allows half a metre', () => {
  const problem = refusal(() => requireWhole(decimal('-1.5'), false));
  expect(problem).toMatchObject({ code: 'QUANTITY_NOT_WHOLE', status: 422, facts: { value: '-1.5' } });
  expect(formatQuantity(requireWhole(decimal('0.5'), true))).toBe('0.500');
  expect(formatQuantity(requireWhole(decimal('2.000'), false))).toBe('2.000');
});
