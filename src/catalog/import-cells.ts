/** Cells of a person's file: trimmed texts, and what is wrong with them under a stable code. */
import type { Finding, ImportColumn } from '../exchange/index.ts';

export const VALUE_SHOWN_MAX = 100;

/** What is wrong with one cell. */
export type CellFault = { readonly code: string; readonly column: string; readonly value: string };

/** The cells of one row by the key of their column. A blank cell says nothing: what is stored stays as it is. */
export type Cells = { get(column: string): string | null };

/** Reads rows of a kind: the first fault of a row ends it. */
export function cellsOf(columns: readonly ImportColumn[]): (cells: readonly string[]) => Cells {
  const places = new Map(columns.map(({ key }, at) => [key, at]));
  return cells => ({
    get(column) {
      const text = (cells[places.get(column) ?? -1] ?? '').trim();
      return text === '' ? null : text;
    },
  });
}

/** Thrown inside the reader of a row and caught at its edge. */
export class CellRefused extends Error {
  readonly fault: CellFault;

  constructor(code: string, column: string, value: string | null) {
    super(code);
    this.fault = { code, column, value: (value ?? '').slice(0, VALUE_SHOWN_MAX) };
  }
}

export type ReadRow<Row> =
  | { readonly row: Row; readonly fault: null }
  | { readonly row: null; readonly fault: Finding };

/** Runs the reader of one row; a refused cell becomes the finding of its line. */
export function readRow<Row>(line: number, read: () => Row): ReadRow<Row> {
  try {
    return { row: read(), fault: null };
  } catch (error) {
    if (error instanceof CellRefused) return { row: null, fault: { line, ...error.fault } };
    throw error;
  }
}

/** A text of at most `lengthMax` characters; line breaks and other control characters of a cell become blanks. */
export function textCell(cells: Cells, column: string, code: string, lengthMax: number): string | null {
  const text =
    cells
      .get(column)
      ?.replace(/\p{Cc}/gu, ' ')
      .trim() ?? null;
  if (text === null || text === '') return null;
  if ([...text].length > lengthMax) throw new CellRefused(code, column, text);
  return text;
}

/** A cell of a given form. */
export function formCell(cells: Cells, column: string, code: string, form: RegExp): string | null {
  const text = cells.get(column);
  if (text !== null && !form.test(text)) throw new CellRefused(code, column, text);
  return text;
}

/** One of a closed list of words, as people write them in either language. */
export function wordCell<Word extends string | boolean>(
  cells: Cells,
  column: string,
  code: string,
  words: ReadonlyMap<string, Word>,
): Word | null {
  const text = cells.get(column);
  if (text === null) return null;
  const word = words.get(text.toLowerCase());
  if (word === undefined) throw new CellRefused(code, column, text);
  return word;
}
