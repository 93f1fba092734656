import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupDigits } from '../../../src/platform/pdf/index.ts';

test('separates thousands before the decimal point only', () => {
  expect(groupDigits('1234567.1234567')).toBe('1,234,567.1234567');
  expect(groupDigits('-123456.00')).toBe('-123,456.00');
  expect(groupDigits('999')).toBe('999');
  expect(groupDigits('-999.50')).toBe('-999.50');
  expect(groupDigits('12345678901234567.89')).toBe('12,345,678,901,234,567.89');
});

test('changes no digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), n => {
      expect(groupDigits(`${n}.05`).replaceAll(',', '')).toBe(`${n}.05`);
    }),
  );
});
