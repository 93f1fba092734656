/** Writes a TrueType font with chosen glyphs only, as ISO 32000-1 §9.9 wants it embedded. */
import { assert } from '../../core/assert.ts';
import type { TrueTypeFont } from './truetype-font.ts';

const LONG_OFFSETS = 1;

/** A font whose glyph n is `glyphs[n]` of the source. The same list gives the same bytes. */
export function writeSubset(font: TrueTypeFont, glyphs: readonly number[]): Buffer {
  const outlines = glyphs.map(glyph => {
    const outline = font.outlineOf(glyph);
    // A compound glyph names its parts by number, and here they have others. Noto Sans SC has none.
    assert(outline.length === 0 || outline.readInt16BE(0) >= 0, `glyph ${glyph} is not compound`);
    return outline;
  });
  // In the order of their tags, as the format demands.
  return assemble([
    ['cvt ', font.table('cvt ')],
    ['fpgm', font.table('fpgm')],
    ['glyf', Buffer.concat(outlines)],
    ['head', patched(font.table('head'), head => head.writeInt16BE(LONG_OFFSETS, 50))],
    ['hhea', patched(font.table('hhea'), hhea => hhea.writeUInt16BE(glyphs.length, 34))],
    ['hmtx', metricsOf(font, glyphs)],
    ['loca', offsetsOf(outlines)],
    ['maxp', patched(font.table('maxp'), maxp => maxp.writeUInt16BE(glyphs.length, 4))],
    ['prep', font.table('prep')],
  ]);
}

function metricsOf(font: TrueTypeFont, glyphs: readonly number[]): Buffer {
  const table = Buffer.alloc(glyphs.length * 4);
  glyphs.forEach((glyph, i) => {
    table.writeUInt16BE(font.advanceOf(glyph), i * 4);
    table.writeInt16BE(font.bearingOf(glyph), i * 4 + 2);
  });
  return table;
}

function offsetsOf(outlines: readonly Buffer[]): Buffer {
  const table = Buffer.alloc((outlines.length + 1) * 4);
  let offset = 0;
  outlines.forEach((outline, i) => {
    offset += outline.length;
    table.writeUInt32BE(offset, (i + 1) * 4);
  });
  return table;
}

function patched(source: Buffer, change: (copy: Buffer) => unknown): Buffer {
  const copy = Buffer.from(source);
  change(copy);
  return copy;
}

function assemble(list: ReadonlyArray<readonly [string, Buffer]>): Buffer {
  const present = list.filter(([, data]) => data.length > 0);
  const header = Buffer.alloc(12 + present.length * 16);
  const power = Math.floor(Math.log2(present.length));
  header.writeUInt32BE(0x0001_0000, 0);
  header.writeUInt16BE(present.length, 4);
  header.writeUInt16BE(16 * 2 ** power, 6);
  header.writeUInt16BE(power, 8);
  header.writeUInt16BE(16 * (present.length - 2 ** power), 10);
  const parts: Buffer[] = [header];
  let offset = header.length;
  present.forEach(([tag, data], i) => {
    const padded = data.length % 4 === 0 ? data : Buffer.concat([data, Buffer.alloc(4 - (data.length % 4))]);
    header.write(tag, 12 + i * 16, 'latin1');
    header.writeUInt32BE(checksum(padded), 16 + i * 16);
    header.writeUInt32BE(offset, 20 + i * 16);
    header.writeUInt32BE(data.length, 24 + i * 16);
    parts.push(padded);
    offset += padded.length;
  });
  return Buffer.concat(parts);
}

function checksum(padded: Buffer): number {
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}
