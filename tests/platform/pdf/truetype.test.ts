import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openTrueTypeFont } from '../../../src/platform/pdf/truetype-font.ts';
import { writeSubset } from '../../../src/platform/pdf/truetype-subset.ts';

const path = fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'));
const font = openTrueTypeFont(path, 'NotoSansSC-Regular');
const glyphOf = (character: string) => font.glyphOf(character.codePointAt(0) ?? 0);

describe('the font', () => {
  test('has simplified and traditional Han, rare Han beyond the first plane, Latin, Greek and Cyrillic', () => {
    for (const character of '账賬𣲗éΩЖ㎡') expect(glyphOf(character), character).toBeGreaterThan(0);
  });

  test('has no glyph for an emoji, which the reader sees as an empty box', () => {
    expect(glyphOf('🚜')).toBe(0);
    expect(font.outlineOf(0).length).toBeGreaterThan(0);
  });

  test('knows widths: Han a full em, digits all alike', () => {
    expect(font.advanceOf(glyphOf('账'))).toBe(font.unitsPerEm);
    expect(new Set([...'0123456789'].map(digit => font.advanceOf(glyphOf(digit)))).size).toBe(1);
  });
});

test('a subset holds exactly the outlines and widths asked for, in that order', () => {
  const glyphs = [0, ...[...'账A 账1'].map(glyphOf)];
  const subset = readTables(writeSubset(font, glyphs));
  const loca = subset('loca');
  const offsets = Array.from({ length: loca.length / 4 }, (_, i) => loca.readUInt32BE(i * 4));
  const outlines = glyphs.map((_, i) => subset('glyf').subarray(offsets[i], offsets[i + 1]));
  expect(outlines).toEqual(glyphs.map(glyph => Buffer.from(font.outlineOf(glyph))));
  expect(subset('maxp').readUInt16BE(4)).toBe(glyphs.length);
  expect(glyphs.map((_, i) => subset('hmtx').readUInt16BE(i * 4))).toEqual(glyphs.map(font.advanceOf));
});

function readTables(bytes: Buffer): (tag: string) => Buffer {
  return tag => {
    for (let at = 12; at < 12 + bytes.readUInt16BE(4) * 16; at += 16) {
      const offset = bytes.readUInt32BE(at + 8);
      if (bytes.toString('latin1', at, at + 4) !== tag) continue;
      const data = bytes.subarray(offset, offset + bytes.readUInt32BE(at + 12));
      return data;
    }
    throw new Error(`no table ${tag}`);
  };
}
