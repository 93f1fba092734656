/**
 * The tables of a TrueType font that a PDF needs. Read by hand because a font of 10 MB is opened once per process
 * and then looked up by code point only: no shaping, no outlines, nothing decoded that is not asked for.
 */
import { readFileSync } from 'node:fs';
import { assert } from '../../core/assert.ts';

export type TrueTypeFont = {
  readonly name: string;
  readonly unitsPerEm: number;
  /** Vertical metrics and slant, in font units. */
  readonly metrics: FontMetrics;
  /** Glyph of a code point; 0 where the font has none. */
  glyphOf(codePoint: number): number;
  /** Advance width in font units. */
  advanceOf(glyph: number): number;
  bearingOf(glyph: number): number;
  /** The outline record; empty for a blank glyph. A view, not a copy. */
  outlineOf(glyph: number): Buffer;
  /** A whole table, empty where the font has none. A view, not a copy. */
  table(tag: string): Buffer;
};

type FontMetrics = {
  readonly ascent: number;
  readonly descent: number;
  readonly lineGap: number;
  readonly capHeight: number;
  readonly xHeight: number;
  readonly box: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number };
};

const TRUETYPE_OUTLINES = 0x0001_0000;

/** Opens a .ttf with TrueType outlines; `name` becomes the PostScript name in the PDF. */
export function openTrueTypeFont(path: string, name: string): TrueTypeFont {
  const bytes = readFileSync(path);
  assert(bytes.readUInt32BE(0) === TRUETYPE_OUTLINES, `${path} holds TrueType outlines`);
  const tables = new Map<string, Buffer>();
  for (let i = 0; i < bytes.readUInt16BE(4); i++) {
    const entry = 12 + i * 16;
    const offset = bytes.readUInt32BE(entry + 8);
    const tag = bytes.toString('latin1', entry, entry + 4);
    tables.set(tag, bytes.subarray(offset, offset + bytes.readUInt32BE(entry + 12)));
  }
  const table = (tag: string) => tables.get(tag) ?? Buffer.alloc(0);
  const head = table('head');
  const loca = table('loca');
  const glyf = table('glyf');
  const hmtx = table('hmtx');
  const longOffsets = head.readInt16BE(50) === 1;
  const advances = table('hhea').readUInt16BE(34);
  const offsetOf = (glyph: number) => (longOffsets ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2);
  return {
    name,
    unitsPerEm: head.readUInt16BE(18),
    metrics: readMetrics(head, table('hhea'), table('OS/2')),
    glyphOf: readCharacterMap(table('cmap')),
    advanceOf: glyph => hmtx.readUInt16BE(Math.min(glyph, advances - 1) * 4),
    bearingOf: glyph => hmtx.readInt16BE(glyph < advances ? glyph * 4 + 2 : advances * 4 + (glyph - advances) * 2),
    outlineOf: glyph => glyf.subarray(offsetOf(glyph), offsetOf(glyph + 1)),
    table,
  };
}

function readMetrics(head: Buffer, hhea: Buffer, os2: Buffer): FontMetrics {
  return {
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    lineGap: hhea.readInt16BE(8),
    xHeight: os2.readInt16BE(86),
    capHeight: os2.readInt16BE(88),
    box: {
      minX: head.readInt16BE(36),
      minY: head.readInt16BE(38),
      maxX: head.readInt16BE(40),
      maxY: head.readInt16BE(42),
    },
  };
}

/** Only format 12 is read: it holds every plane, and every font with Han beyond the first plane carries it. */
function readCharacterMap(cmap: Buffer): (codePoint: number) => number {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const subtable = cmap.subarray(cmap.readUInt32BE(4 + i * 8 + 4));
    if (subtable.readUInt16BE(0) === 12) return codePoint => findInGroups(subtable, codePoint);
  }
  throw new Error('the font has no character map of format 12');
}

function findInGroups(subtable: Buffer, codePoint: number): number {
  let low = 0;
  let high = subtable.readUInt32BE(12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = 16 + middle * 12;
    const first = subtable.readUInt32BE(group);
    if (codePoint < first) high = middle - 1;
    else if (codePoint > subtable.readUInt32BE(group + 4)) low = middle + 1;
    else return subtable.readUInt32BE(group + 8) + codePoint - first;
  }
  return 0;
}
