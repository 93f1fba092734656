import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapText } from '../../../src/platform/pdf/wrap-text.ts';

/** Han is twice as wide as Latin. */
const measure = (text: string) => [...text].reduce((sum, character) => sum + (character > '\u2e00' ? 2 : 1), 0);
const wrap = (text: string, width: number) => wrapText(text, width, measure);

test('breaks Latin text at spaces and Han text anywhere', () => {
  expect(wrap('Diesel filter assembly', 13)).toEqual(['Diesel filter', 'assembly']);
  expect(wrap('柴油滤清器总成', 8)).toEqual(['柴油滤清', '器总成']);
  expect(wrap('V型皮带 SPB 2500', 9)).toEqual(['V型皮带', 'SPB 2500']);
});

test('keeps closing punctuation with the character before it', () => {
  expect(wrap('弹齿左，右', 6)).toEqual(['弹齿', '左，右']);
  expect(wrap('弹齿（左）右', 8)).toEqual(['弹齿（', '左）右']);
});

test('keeps the line breaks of the text, whatever their kind', () => {
  expect(wrap('a\nb\r\nc\rd\u2028e\n\nf', 10)).toEqual(['a', 'b', 'c', 'd', 'e', '', 'f']);
});

test('cuts a word that is wider than the line', () => {
  expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  expect(wrap('🚜🚜🚜', 3)).toEqual(['🚜', '🚜', '🚜']);
});

test('loses no character but the space at a break, and no line is too wide', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'Z', ' ', '，', '（', '）', '液', '泵', '\n', '🚜', '-'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 4, max: 20 }), (value, width) => {
      const lines = wrap(value, width);
      expect(lines.join('').replace(/\s/g, '')).toBe(value.replace(/\s/g, ''));
      for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
    }),
  );
});
