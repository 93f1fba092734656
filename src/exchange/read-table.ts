/** A file that somebody sent, as rows of a kind's columns: CSV in any of its dialects, or the first fitting sheet of a workbook. */

import { type CsvRecord, csvRecords, type Delimiter, headRecords } from './csv-records.ts';
import { problem } from './errors.ts';
import { type FileBytes, openFileBytes } from './file-bytes.ts';
import { findHeader, HEADER_ROWS_SEARCHED, type Header } from './find-header.ts';
import type { Finding, ImportColumn, ImportSource, SourceRow } from './import-kind.ts';
import { ignoredColumns, type Table } from './table.ts';
import { type CheckedText, checkText, utf8Bytes } from './text-encoding.ts';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/**
 * Opens a file for a kind of import: format, encoding and delimiter are found from its content, and that it has the
 * required columns and a record. Throws FILE_UNREADABLE, FILE_EMPTY, FILE_TRUNCATED, FILE_TOO_LARGE, FILE_ENCODING,
 * FILE_MALFORMED, FILE_FORMAT_UNSUPPORTED, COLUMNS_MISSING, COLUMNS_AMBIGUOUS, WORKBOOK_UNREADABLE, WORKBOOK_TOO_LARGE.
 */
export async function openImportSource(
  path: string,
  columns: readonly ImportColumn[],
  options: { readonly fileName: string },
): Promise<ImportSource> {
  const { fileName } = options;
  const bytes = await openFileBytes(path, fileName);
  const table = bytes.format === 'xlsx' ? await openSheet(bytes, columns) : await openCsv(bytes, columns);
  const source = sourceOf(table, columns, fileName);
  for await (const batch of source.batches()) {
    if (batch.length > 0 || source.malformed.length > 0) return source;
  }
  if (source.malformed.length > 0) return source;
  throw problem('FILE_EMPTY', { fileName });
}

async function openSheet(bytes: FileBytes, columns: readonly ImportColumn[]): Promise<Table> {
  // only who is sent a workbook pays for the library that reads it
  const { openSheetTable } = await import('./read-sheet.ts');
  return await openSheetTable(bytes, columns);
}

async function openCsv(bytes: FileBytes, columns: readonly ImportColumn[]): Promise<Table> {
  const { fileName } = bytes;
  const text = await checkText(bytes);
  if (text.head.trim() === '') throw problem('FILE_EMPTY', { fileName });
  const { delimiter, header, headerLine } = await findDialect(text, columns, fileName);
  return {
    header,
    headerLine,
    records: () => csvRecords(utf8Bytes(bytes, text.encoding), delimiter, fileName),
    notices: ignoredColumns(header, headerLine),
  };
}

/** The delimiter under which the required columns are found; where none is, the nearest miss is the refusal. */
async function findDialect(text: CheckedText, columns: readonly ImportColumn[], fileName: string) {
  let missing: readonly string[] | null = null;
  let malformed: unknown = null;
  for (const delimiter of DELIMITERS) {
    const { records, error } = await headRecords(text.head, text.complete, delimiter, fileName);
    const line = (at: number) => records[at]?.line ?? 1;
    const found = findHeader(
      records.map(({ record }) => record),
      columns,
      { fileName, line },
    );
    if (found.header !== null) return { delimiter, header: found.header, headerLine: line(found.header.rowIndex) };
    if (missing === null || found.missing.length < missing.length) missing = found.missing;
    malformed ??= records.length < HEADER_ROWS_SEARCHED ? error : null;
  }
  const nothingKnown = missing?.length === columns.filter(({ required }) => required).length;
  if (nothingKnown && malformed !== null) throw malformed;
  throw problem('COLUMNS_MISSING', { fileName, missing, rowsSearched: HEADER_ROWS_SEARCHED });
}

function sourceOf(table: Table, columns: readonly ImportColumn[], fileName: string) {
  const { header } = table;
  const malformed: Finding[] = [];
  return {
    fileName,
    columns: new Set(columns.filter((_, at) => header.positions[at] !== -1).map(({ key }) => key)),
    malformed,
    notices: table.notices,
    async *batches(): AsyncGenerator<readonly SourceRow[]> {
      malformed.length = 0;
      let skip = header.rowIndex + 1;
      for await (const records of table.records()) {
        const rows: SourceRow[] = [];
        for (const record of records) {
          if (skip > 0) skip -= 1;
          else addRow(record, header, rows, malformed);
        }
        yield rows;
      }
    },
  };
}

function addRow({ line, record }: CsvRecord, header: Header, rows: SourceRow[], malformed: Finding[]): void {
  if (record.length !== header.cellsMin) {
    if (record.every(cell => cell.trim() === '')) return;
    const surplus = record.slice(header.cellsMin).some(cell => cell.trim() !== '');
    if (record.length < header.cellsMin || surplus) {
      malformed.push({ line, code: 'ROW_CELLS', expected: header.cellsMin, found: record.length });
      return;
    }
  }
  const cells: string[] = [];
  let empty = true;
  for (const position of header.positions) {
    const cell = record[position] ?? '';
    if (cell !== '') empty = false;
    cells.push(cell);
  }
  // separators and nothing else: a spreadsheet writes such lines below its last row
  if (empty && record.every(cell => cell.trim() === '')) return;
  rows.push({ line, cells, record });
}
