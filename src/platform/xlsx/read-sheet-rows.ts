/** Reads workbooks that people upload. exceljs stays behind this file. */
import ExcelJS from 'exceljs';
import { decimalOf } from './cell-value.ts';
import { problem } from './errors.ts';
import { requireSafeZip } from './zip-entries.ts';

export type ReadRow = {
  readonly sheet: string;
  /** As the spreadsheet counts, from 1. */
  readonly row: number;
  /** From column A; null where a cell is empty. */
  readonly cells: ReadonlyArray<ReadCell | null>;
};

/**
 * `decimal`: what the spreadsheet shows in full, at most 15 digits. `date`: YYYY-MM-DD, with THH:MM:SS where the cell has
 * a time. `error`: such as #N/A. Of a formula the stored result is read.
 */
export type ReadCell = { readonly kind: 'text' | 'decimal' | 'date' | 'boolean' | 'error'; readonly value: string };

const COLUMNS_MAX = 512;
/** Parts of a sheet that say nothing about values and can be made to unfold into millions of cells. */
const IGNORED = [
  'mergeCells',
  'dataValidations',
  'conditionalFormatting',
  'hyperlinks',
  'drawing',
  'picture',
  'extLst',
];
const DAY_MS = 86_400_000;

/** Rows with at least one value, sheet by sheet. Throws WORKBOOK_UNREADABLE, WORKBOOK_TOO_LARGE. */
export async function* readSheetRows(file: Buffer): AsyncGenerator<ReadRow> {
  await requireSafeZip(file);
  for (const sheet of (await load(file)).worksheets) {
    const rows: ReadRow[] = [];
    sheet.eachRow((row, number) => rows.push({ sheet: sheet.name, row: number, cells: readRow(row) }));
    yield* rows.filter(row => row.cells.length > 0);
  }
}

async function load(file: Buffer): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  try {
    // Its types want the Buffer of an older Node.
    const data = file as unknown as Parameters<typeof book.xlsx.load>[0];
    await book.xlsx.load(data, { ignoreNodes: IGNORED });
  } catch {
    throw problem('WORKBOOK_UNREADABLE');
  }
  if (book.worksheets.length === 0) throw problem('WORKBOOK_UNREADABLE');
  return book;
}

function readRow(row: ExcelJS.Row): Array<ReadCell | null> {
  const cells: Array<ReadCell | null> = [];
  row.eachCell((cell, column) => {
    if (column > COLUMNS_MAX) throw problem('WORKBOOK_TOO_LARGE', { what: 'columns', max: COLUMNS_MAX });
    const value = readValue(cell.value);
    if (value === null) return;
    while (cells.length < column - 1) cells.push(null);
    cells[column - 1] = value;
  });
  return cells;
}

function readValue(value: ExcelJS.CellValue | undefined): ReadCell | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return { kind: 'text', value };
  if (typeof value === 'number') return { kind: 'decimal', value: decimalOf(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', value: String(value) };
  if (value instanceof Date) return readDate(value);
  if ('richText' in value) return { kind: 'text', value: value.richText.map(run => run.text).join('') };
  if ('error' in value) return { kind: 'error', value: value.error };
  if ('hyperlink' in value) return readValue(value.text);
  return readValue(value.result);
}

function readDate(date: Date): ReadCell {
  if (Number.isNaN(date.getTime())) return { kind: 'error', value: '#VALUE!' };
  const text = date.toISOString();
  return { kind: 'date', value: date.getTime() % DAY_MS === 0 ? text.slice(0, 10) : text.slice(0, 19) };
}
