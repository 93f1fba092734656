import { type ReadRow, readSheetRows } from '../../../src/platform/xlsx/index.ts';

/** Every row of a workbook at once. */
export async function allRows(file: Buffer): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const row of readSheetRows(file)) rows.push(row);
  return rows;
}
