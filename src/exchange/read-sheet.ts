/** The first sheet of a workbook that has the columns of a kind. Held in memory: a workbook is bounded where it is unpacked. */
import { readFile } from 'node:fs/promises';
import { readSheetRows } from '../platform/xlsx/index.ts';
import { BATCH_RECORDS, type CsvRecord } from './csv-records.ts';
import { problem } from './errors.ts';
import type { FileBytes } from './file-bytes.ts';
import { findHeader, HEADER_ROWS_SEARCHED } from './find-header.ts';
import type { ImportColumn } from './import-kind.ts';
import { ignoredColumns, type Table } from './table.ts';

/** Throws FILE_EMPTY, COLUMNS_MISSING, COLUMNS_AMBIGUOUS, WORKBOOK_UNREADABLE, WORKBOOK_TOO_LARGE. */
export async function openSheetTable(bytes: FileBytes, columns: readonly ImportColumn[]): Promise<Table> {
  const { fileName, path } = bytes;
  const sheets = await readSheets(path);
  if (sheets.size === 0) throw problem('FILE_EMPTY', { fileName });
  let missing: readonly string[] | null = null;
  for (const [name, rows] of sheets) {
    const line = (at: number) => rows[at]?.line ?? 1;
    const found = findHeader(
      rows.map(({ record }) => record),
      columns,
      { fileName, line },
    );
    if (missing === null || found.missing.length < missing.length) missing = found.missing;
    if (found.header === null) continue;
    const { header } = found;
    const headerLine = line(header.rowIndex);
    const others = [...sheets.keys()].filter(other => other !== name);
    const ignoredSheets = others.length === 0 ? [] : [{ line: 1, code: 'SHEETS_IGNORED', sheets: others }];
    // a workbook stores no empty cells, so a row may end before the last column
    const records = rows.map(({ line, record }) => ({ line, record: padded(record, header.cellsMin) }));
    return {
      header,
      headerLine,
      records: () => inBatches(records),
      notices: [...ignoredColumns(header, headerLine), ...ignoredSheets],
    };
  }
  throw problem('COLUMNS_MISSING', { fileName, missing, rowsSearched: HEADER_ROWS_SEARCHED });
}

async function readSheets(path: string): Promise<Map<string, CsvRecord[]>> {
  const sheets = new Map<string, CsvRecord[]>();
  for await (const { sheet, row, cells } of readSheetRows(await readFile(path))) {
    const rows = sheets.get(sheet) ?? [];
    sheets.set(sheet, rows);
    rows.push({ line: row, record: cells.map(cell => cell?.value ?? '') });
  }
  return sheets;
}

function padded(record: readonly string[], cells: number): readonly string[] {
  return record.length >= cells ? record : [...record, ...Array.from({ length: cells - record.length }, () => '')];
}

async function* inBatches(records: readonly CsvRecord[]): AsyncGenerator<readonly CsvRecord[]> {
  for (let at = 0; at < records.length; at += BATCH_RECORDS) yield records.slice(at, at + BATCH_RECORDS);
}
