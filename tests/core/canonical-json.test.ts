import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { decimal } from '../../src/core/decimal.ts';

test('is one text for one value, whatever the order of keys', () => {
  expect(canonicalJson({ b: [1, { y: null, x: true }], a: '件' })).toBe('{"a":"件","b":[1,{"x":true,"y":null}]}');
  expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
});

test('keeps the order of lists, and the difference between 1 and "1"', () => {
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  expect(canonicalJson(1)).not.toBe(canonicalJson('1'));
});

test('leaves out what is undefined, as JSON does', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test('reads back as the value, and is the same for the value with its keys turned round', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, reversed(member)]),
    );
  };
  fc.assert(
    fc.property(fc.json(), text => {
      const value: unknown = JSON.parse(text);
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

test.each([
  ['a decimal', decimal('1.5')],
  ['a date', new Date(0)],
  ['a bigint', 1n],
  ['NaN', Number.NaN],
  ['a function', () => 1],
  ['a map', new Map()],
  ['undefined', undefined],
  ['a hole in a list', [undefined]],
])('does not take a fingerprint of %s', (_, value) => {
  expect(() => canonicalJson({ value: [value] })).toThrow('assertion failed');
});
