import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalOf, escapeCellText, exactNumber } from '../../../src/platform/xlsx/cell-value.ts';

test('makes a number of a decimal that a spreadsheet keeps in full', () => {
  expect(exactNumber('1234.50')).toBe(1234.5);
  expect(exactNumber('-0.01')).toBe(-0.01);
  expect(exactNumber('0.000')).toBe(0);
  expect(exactNumber('1234567890123.45')).toBe(1234567890123.45);
});

test('makes no number of a decimal with more digits than a spreadsheet keeps', () => {
  expect(exactNumber('12345678901234.56')).toBe(null);
  expect(exactNumber('-99999999999999999.99')).toBe(null);
});

test('makes no number of what is not a plain decimal', () => {
  for (const text of ['', '1e5', '0x10', '+1', ' 1', '1,000', 'Infinity', '.5']) expect(exactNumber(text)).toBe(null);
});

test('gives back every decimal it took, digit by digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.integer({ min: 0, max: 4 }), (digits, scale) => {
      const plain = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
      const text = `${digits < 0n ? '-' : ''}${plain.slice(0, plain.length - scale)}${scale ? `.${plain.slice(-scale)}` : ''}`;
      const number = exactNumber(text);
      if (number === null) expect(plain.length).toBeGreaterThan(15);
      else expect(number.toFixed(scale)).toBe(text);
    }),
  );
});

test('reads numbers as the spreadsheet shows them: 15 digits, no exponent, no minus zero', () => {
  expect(decimalOf(0.1 + 0.2)).toBe('0.3');
  expect(decimalOf(1e21)).toBe('1000000000000000000000');
  expect(decimalOf(1.5e-7)).toBe('0.00000015');
  expect(decimalOf(-0)).toBe('0');
});

test('escapes what XML cannot carry and what looks like an escape', () => {
  expect(escapeCellText('a\rb\u0001c\u007f\uffff')).toBe('a_x000D_b_x0001_c_x007F__xFFFF_');
  expect(escapeCellText('_x000D_ _x12 a_b')).toBe('_x005F_x000D_ _x12 a_b');
  expect(escapeCellText('tab\tand\nline 🚜 <&">')).toBe('tab\tand\nline 🚜 <&">');
});
