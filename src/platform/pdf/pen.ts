import type { EmbeddedFont } from './embedded-font.ts';
import type { FontPair } from './fonts.ts';

export type TextStyle = { readonly size: number; readonly bold?: boolean; readonly color: string };
export type Pen = ReturnType<typeof createPen>;

/** Draws single lines of text, rules and boxes; y of a text is its baseline. */
export function createPen(doc: PDFKit.PDFDocument, fonts: FontPair) {
  const regular = nameFont(doc, 'regular', fonts.regular);
  const bold = nameFont(doc, 'bold', fonts.bold);
  const use = (style: Omit<TextStyle, 'color'>) => doc.font(style.bold ? bold : regular).fontSize(style.size);
  const widthOf = (text: string, style: Omit<TextStyle, 'color'>) => use(style).widthOfString(text);
  let inked = '';
  doc.on('pageAdded', () => {
    inked = '';
  });
  const ink = (color: string) => {
    if (color !== inked) doc.fillColor(color);
    inked = color;
  };
  const fill = (x: number, y: number, width: number, height: number, color: string) => {
    ink(color);
    doc.rect(x, y, width, height).fill();
  };
  const write = (text: string, x: number, y: number, style: TextStyle) => {
    if (text === '') return;
    ink(style.color);
    use(style).text(text, x, y, { lineBreak: false, baseline: 'alphabetic' });
  };
  return {
    widthOf,
    write,
    /** The text ends at `x`. */
    writeLeftOf: (text: string, x: number, y: number, style: TextStyle) =>
      write(text, x - widthOf(text, style), y, style),
    rule: (x: number, y: number, width: number, color: string, thickness = 0.5) => fill(x, y, width, thickness, color),
    shade: fill,
  };
}

function nameFont(doc: PDFKit.PDFDocument, name: string, font: EmbeddedFont | string): string {
  // A built-in font under a second name would be opened again at every use.
  if (typeof font === 'string') return font;
  // pdfkit takes an opened font, too; its types do not say so.
  doc.registerFont(name, font as unknown as PDFKit.Mixins.PDFFontSource);
  return name;
}

/** The style, smaller where the text would be wider than `width`. */
export function shrunk(pen: Pen, text: string, width: number, style: TextStyle): TextStyle {
  const wanted = pen.widthOf(text, style);
  return wanted <= width ? style : { ...style, size: (style.size * width) / wanted };
}
