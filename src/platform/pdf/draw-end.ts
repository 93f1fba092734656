import type { Block, Frame } from './draw-head.ts';
import type { TextStyle } from './pen.ts';
import type { TableDocument } from './table-document.ts';
import { wrapText } from './wrap-text.ts';

const SIGNATURE_HEIGHT = 62;
const FIGURE_WIDTH_MIN = 80;
const FIGURE_GAP = 16;

/** What closes the document: the figures again under their column, notes, lines to sign. Never cut by a page end. */
export function layOutEnd(frame: Frame, document: TableDocument): Block {
  const { style } = frame;
  const figureHeight = style.lineHeight + 2 * style.cellPadding.y;
  const figuresHeight = document.figures.length * figureHeight;
  const note: TextStyle = { size: style.fontSizes.note, color: style.colors.muted };
  const noteHeight = style.fontSizes.note * 1.5;
  const notes = document.notes.flatMap(text => wrapText(text, frame.width, part => frame.pen.widthOf(part, note)));
  const notesHeight = notes.length * noteHeight + 8;
  return {
    height: figuresHeight + notesHeight + (document.signatures.length > 0 ? SIGNATURE_HEIGHT : 0),
    draw: top => {
      drawFigures(frame, document.figures, top, figureHeight);
      notes.forEach((text, i) => {
        frame.pen.write(text, frame.left, top + figuresHeight + 8 + (i + 0.7) * noteHeight, note);
      });
      drawSignatures(frame, document.signatures, top + figuresHeight + notesHeight);
    },
  };
}

function drawFigures(frame: Frame, figures: TableDocument['figures'], top: number, height: number): void {
  const { pen, style, left, width } = frame;
  const { fontSizes, colors, cellPadding } = style;
  const right = left + width - cellPadding.x;
  const widest = Math.max(...figures.map(({ value }) => pen.widthOf(value, { size: fontSizes.cell, bold: true })));
  figures.forEach(({ label, value }, i) => {
    const last = i === figures.length - 1;
    const y = top + i * height;
    const text: TextStyle = { size: fontSizes.cell, bold: last, color: last ? colors.accent : colors.ink };
    if (last) pen.shade(left, y, width, height, colors.shade);
    const baseline = y + cellPadding.y + style.lineHeight * 0.76;
    pen.writeLeftOf(label, right - Math.max(FIGURE_WIDTH_MIN, widest + FIGURE_GAP), baseline, text);
    pen.writeLeftOf(value, right, baseline, text);
    if (last) pen.rule(left, y + height, width, colors.accent, 0.8);
  });
}

function drawSignatures(frame: Frame, captions: readonly string[], top: number): void {
  const { pen, style, left, width } = frame;
  const gap = 40;
  const each = (width - gap * (captions.length - 1)) / captions.length;
  captions.forEach((caption, i) => {
    const x = left + i * (each + gap);
    pen.rule(x, top + SIGNATURE_HEIGHT - 14, each, style.colors.muted, 0.5);
    pen.write(caption, x, top + SIGNATURE_HEIGHT - 2, { size: style.fontSizes.note, color: style.colors.muted });
  });
}
