export { type ReadCell, type ReadRow, readSheetRows } from './read-sheet-rows.ts';
export type { CellLook, Sheet, SheetCell, Workbook } from './workbook.ts';
export { writeWorkbook } from './write-workbook.ts';
