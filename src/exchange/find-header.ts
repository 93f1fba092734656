/** Which row names the columns, and which column is which: by the kind's words for them, in Chinese or English. */
import { problem } from './errors.ts';
import type { ImportColumn } from './import-kind.ts';

/** Above the header people write titles, dates and notes. */
export const HEADER_ROWS_SEARCHED = 20;

export type Header = {
  /** Position of the header among the rows that were searched. */
  readonly rowIndex: number;
  /** Where each column of the kind stands in a record; -1 where the file has none. */
  readonly positions: readonly number[];
  /** Cells a record must have at least: up to the last named one. */
  readonly cellsMin: number;
  /** Header cells that stand for none of the kind's columns. */
  readonly ignored: readonly string[];
};

type HeaderSearch = { readonly header: Header | null; readonly missing: readonly string[] };

/** Case, blanks, punctuation and full-width forms do not tell headers apart. */
function normalizeHeader(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * The first row with every required column; without one, the required columns that the best row lacks.
 * Throws COLUMNS_AMBIGUOUS when two cells of the header stand for one column.
 */
export function findHeader(
  rows: readonly (readonly string[])[],
  columns: readonly ImportColumn[],
  where: { readonly fileName: string; line(rowIndex: number): number },
): HeaderSearch {
  const words = columns.map(({ key, headers }) => new Set([key, ...headers].map(normalizeHeader)));
  const required = columns.filter(column => column.required).map(column => column.key);
  let missing: readonly string[] = required;
  for (const [rowIndex, row] of rows.slice(0, HEADER_ROWS_SEARCHED).entries()) {
    const cells = row.map(normalizeHeader);
    const found = words.map(names => cells.flatMap((cell, at) => (cell !== '' && names.has(cell) ? [at] : [])));
    if (found.every(places => places.length === 0)) continue;
    const lacking = columns.filter((column, at) => column.required && found[at]?.length === 0).map(({ key }) => key);
    if (lacking.length < missing.length) missing = lacking;
    if (lacking.length > 0) continue;
    requireUnique(row, columns, found, { fileName: where.fileName, line: where.line(rowIndex) });
    const known = new Set(found.flat());
    return {
      header: {
        rowIndex,
        positions: found.map(([at = -1]) => at),
        cellsMin: cells.findLastIndex(cell => cell !== '') + 1,
        ignored: row.filter((cell, at) => cell.trim() !== '' && !known.has(at)),
      },
      missing: [],
    };
  }
  return { header: null, missing };
}

function requireUnique(
  row: readonly string[],
  columns: readonly ImportColumn[],
  found: readonly (readonly number[])[],
  where: { readonly fileName: string; readonly line: number },
): void {
  for (const [at, { key }] of columns.entries()) {
    const places = found[at] ?? [];
    if (places.length < 2) continue;
    throw problem('COLUMNS_AMBIGUOUS', { ...where, column: key, headers: places.map(place => row[place]) });
  }
}
