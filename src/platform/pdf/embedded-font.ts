/**
 * A font as pdfkit takes it: any object with `layout` and `createSubset`, shared by all documents of the process.
 * Every code point gets its own number in the document, even one the font lacks or one that shares its glyph with
 * another, so the text copied out of the PDF is the text put in.
 */
import { openTrueTypeFont, type TrueTypeFont } from './truetype-font.ts';
import { writeSubset } from './truetype-subset.ts';

export type EmbeddedFont = {
  layout(text: string): Run;
  createSubset(): { includeGlyph(id: number): number; encode(): Buffer };
  getGlyph(id: number): Glyph;
};
type Run = { glyphs: Glyph[]; positions: Position[]; advanceWidth: number };
type Position = { xAdvance: number; yAdvance: number; xOffset: number; yOffset: number; advanceWidth: number };
/** `id` is the code point: pdfkit hands it back to the subset, which knows the outline. */
type Glyph = { readonly id: number; readonly advanceWidth: number; readonly codePoints: readonly number[] };

/** PDF numbers glyphs with two bytes. */
const GLYPHS_MAX = 65_535;
const UNSEEN = /^[\p{Default_Ignorable_Code_Point}\p{Cc}]$/u;

/** Opens a font file for use in any number of documents. */
export function openEmbeddedFont(path: string, name: string): EmbeddedFont {
  const font = openTrueTypeFont(path, name);
  const glyphs = new Map<number, Glyph>();
  const getGlyph = (codePoint: number): Glyph => {
    const known = glyphs.get(codePoint);
    if (known) return known;
    const width = isUnseen(codePoint) ? 0 : font.advanceOf(font.glyphOf(codePoint));
    const glyph = { id: codePoint, advanceWidth: width, codePoints: [codePoint] };
    glyphs.set(codePoint, glyph);
    return glyph;
  };
  return Object.assign(describe(font), {
    getGlyph,
    layout: (text: string) => layOut(text, getGlyph, font.unitsPerEm),
    createSubset: () => createSubset(font),
  });
}

/** One glyph per code point, left to right: enough for Han, Latin, Greek and Cyrillic. */
function layOut(text: string, getGlyph: (codePoint: number) => Glyph, unitsPerEm: number): Run {
  const run: Run = { glyphs: [], positions: [], advanceWidth: 0 };
  let width = 0;
  for (const character of text) {
    const glyph = getGlyph(character.codePointAt(0) ?? 0);
    run.glyphs.push(glyph);
    // pdfkit scales and keeps these objects, so each run needs its own.
    run.positions.push({ xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0, advanceWidth: 0 });
    width += glyph.advanceWidth;
  }
  run.advanceWidth = (width * 1000) / unitsPerEm;
  return run;
}

function createSubset(font: TrueTypeFont) {
  const numberOf = new Map<number, number>();
  const outlines = [0];
  return {
    includeGlyph(codePoint: number): number {
      const known = numberOf.get(codePoint);
      if (known !== undefined) return known;
      if (outlines.length >= GLYPHS_MAX) return 0;
      const position = outlines.push(outlineFor(font, codePoint)) - 1;
      numberOf.set(codePoint, position);
      return position;
    },
    encode: () => writeSubset(font, outlines),
  };
}

function outlineFor(font: TrueTypeFont, codePoint: number): number {
  return isUnseen(codePoint) ? font.glyphOf(0x20) : font.glyphOf(codePoint);
}

/** Joiners, variation selectors and controls take no room; any other code point the font lacks shows its empty box. */
function isUnseen(codePoint: number): boolean {
  return UNSEEN.test(String.fromCodePoint(codePoint));
}

/** What pdfkit reads to fill the PDF's font descriptor, under the names fontkit has for it. */
function describe(font: TrueTypeFont) {
  const { ascent, descent, lineGap, capHeight, xHeight, box } = font.metrics;
  return {
    postscriptName: font.name,
    unitsPerEm: font.unitsPerEm,
    ascent,
    descent,
    lineGap,
    capHeight,
    xHeight,
    bbox: box,
    italicAngle: 0,
    'OS/2': { sFamilyClass: 0 },
    post: { isFixedPitch: false },
    head: { macStyle: { italic: false } },
  };
}
