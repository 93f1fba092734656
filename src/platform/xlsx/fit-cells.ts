/** Column widths and row heights, set in the file because not every spreadsheet program finds them by itself. */
import type { CellLook, Sheet, SheetCell } from './workbook.ts';

/** Excel counts column widths in digits of its default font, of this size in points. */
const DEFAULT_FONT_SIZE = 11;
const LINE_HEIGHT = 1.4;
const ROW_PADDING = 4;
/** Excel's own limit. */
const ROW_HEIGHT_MAX = 409;
const COLUMN_WIDTH_MAX = 60;
const WIDE_CHARACTER = '\u2e7f';
const MARGIN_CHARACTERS = 2;

/** The widths of the sheet, wider where a figure needs it: a cut figure would be a wrong figure. */
export function fitColumns({ columnWidths, rows }: Sheet): number[] {
  const widths = [...columnWidths];
  for (const cells of rows) {
    cells.forEach((cell, i) => {
      if (cell?.kind !== 'decimal') return;
      const digits = cell.value.length + Math.floor(cell.value.length / 3) + MARGIN_CHARACTERS;
      widths[i] = Math.max(widths[i] ?? 0, Math.min(digits, COLUMN_WIDTH_MAX));
    });
  }
  return widths;
}

/** Height in points of a row whose cells wrap; null where one line is enough. */
export function fitRow(
  cells: ReadonlyArray<SheetCell | null>,
  widths: readonly number[],
  looks: Readonly<Record<string, CellLook>>,
): number | null {
  let height = 0;
  cells.forEach((cell, i) => {
    const look = looks[cell?.look ?? ''];
    if (!cell || !look?.wraps) return;
    const perLine = ((widths[i] ?? 0) * DEFAULT_FONT_SIZE) / look.size - MARGIN_CHARACTERS;
    const lines = countLines(cell.value, perLine);
    if (lines > 1) height = Math.max(height, lines * look.size * LINE_HEIGHT + ROW_PADDING);
  });
  return height === 0 ? null : Math.min(height, ROW_HEIGHT_MAX);
}

function countLines(text: string, charactersPerLine: number): number {
  return text
    .split(/\r\n|[\r\n]/)
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(charactersOf(line) / charactersPerLine)), 0);
}

function charactersOf(line: string): number {
  let count = 0;
  for (const character of line) count += character > WIDE_CHARACTER ? 2 : 1;
  return count;
}
