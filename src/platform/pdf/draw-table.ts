import type { Frame } from './draw-head.ts';
import { heightOf, type LaidOutRow, type Line } from './paginate.ts';
import { shrunk, type TextStyle } from './pen.ts';
import type { TableCell, TableColumn } from './table-document.ts';
import { wrapText } from './wrap-text.ts';

const TAIL_GAP = 5;

/** Cuts the cells of one row into lines that fit their columns. */
export function layOutRow(frame: Frame, columns: readonly TableColumn[], cells: readonly TableCell[]): LaidOutRow {
  const lines = columns.map((column, i): Line[] => {
    const cell = cells[i] ?? { text: '' };
    return column.wraps ? wrapCell(frame, column, cell) : [{ text: cell.text, below: false }];
  });
  return { cells: lines, lineCount: Math.max(1, ...lines.map(list => list.length)) };
}

/** The text in as many lines as it takes; what goes below follows on the last one where there is room for all of it. */
function wrapCell({ pen, style }: Frame, column: TableColumn, { text, below }: TableCell): Line[] {
  const room = column.width - 2 * style.cellPadding.x;
  const sizes = { main: { size: style.fontSizes.cell }, below: { size: style.fontSizes.below } };
  const cut = (part: string, size: { size: number }) => wrapText(part, room, piece => pen.widthOf(piece, size));
  const main = cut(text, sizes.main).map((line): Line => ({ text: line, below: false }));
  if (!below) return main;
  const belowLines = cut(below, sizes.below);
  const last = main.at(-1);
  const [only] = belowLines;
  if (last && only !== undefined && belowLines.length === 1) {
    const width = pen.widthOf(last.text, sizes.main) + TAIL_GAP + pen.widthOf(only, sizes.below);
    if (width <= room) return [...main.slice(0, -1), { ...last, tail: only }];
  }
  return [...main, ...belowLines.map(line => ({ text: line, below: true }))];
}

/** Draws the column labels; returns the y below them. */
export function drawColumnLabels(frame: Frame, columns: readonly TableColumn[], top: number): number {
  const { pen, style, left, width } = frame;
  const height = columnLabelsHeight(frame);
  const label: TextStyle = { size: style.fontSizes.heading, bold: true, color: style.colors.accent };
  pen.shade(left, top, width, height, style.colors.shade);
  pen.rule(left, top + height, width, style.colors.accent, 0.8);
  eachColumn(frame, columns, (column, x, room) => {
    const fitted = shrunk(pen, column.label, room, label);
    const baseline = top + height * 0.66;
    if (column.align === 'right') pen.writeLeftOf(column.label, x + room, baseline, fitted);
    else pen.write(column.label, x, baseline, fitted);
  });
  return top + height;
}

/** Height of the column labels. */
export function columnLabelsHeight({ style }: Frame): number {
  return style.fontSizes.heading * 1.5 + 2 * style.cellPadding.y;
}

/** Draws one row and the hairline under it; returns the y below. */
export function drawRow(frame: Frame, columns: readonly TableColumn[], row: LaidOutRow, top: number): number {
  const { pen, style, left, width } = frame;
  const { lineHeight, cellPadding, fontSizes, colors } = style;
  const main: TextStyle = { size: fontSizes.cell, color: colors.ink };
  const below: TextStyle = { size: fontSizes.below, color: colors.muted };
  const firstBaseline = top + cellPadding.y + lineHeight * 0.76;
  eachColumn(frame, columns, (column, x, room, i) => {
    row.cells[i]?.forEach((line, n) => {
      const wanted = line.below ? below : main;
      const fitted = column.wraps ? wanted : shrunk(pen, line.text, room, wanted);
      const baseline = firstBaseline + n * lineHeight;
      if (column.align === 'right') pen.writeLeftOf(line.text, x + room, baseline, fitted);
      else pen.write(line.text, x, baseline, fitted);
      if (line.tail) pen.write(line.tail, x + pen.widthOf(line.text, fitted) + TAIL_GAP, baseline, below);
    });
  });
  const bottom = top + heightOf(row, { lineHeight, padding: 2 * cellPadding.y });
  pen.rule(left, bottom, width, colors.rule, 0.4);
  return bottom;
}

function eachColumn(
  { style, left }: Frame,
  columns: readonly TableColumn[],
  visit: (column: TableColumn, x: number, room: number, index: number) => void,
): void {
  let x = left;
  columns.forEach((column, i) => {
    visit(column, x + style.cellPadding.x, column.width - 2 * style.cellPadding.x, i);
    x += column.width;
  });
}
