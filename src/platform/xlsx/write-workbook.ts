/** Writes a workbook. exceljs stays behind this file: a faster writer may replace it. */
import ExcelJS from 'exceljs';
import { assert } from '../../core/assert.ts';
import { dateOf, escapeCellText, exactNumber } from './cell-value.ts';
import { fitColumns, fitRow } from './fit-cells.ts';
import type { CellLook, Sheet, SheetCell, Workbook } from './workbook.ts';
import { fixZipDates } from './zip-entries.ts';

/** Excel's own limit. */
const SHEET_ROWS_MAX = 1_048_576;
const PAPER_A4 = 9;
const FOOTER_CHARACTERS_MAX = 90;
const HEADING_INCHES = 0.3;
const MARGIN_INCHES = 0.5;

/**
 * The workbook as .xlsx; the same workbook gives the same bytes. Text is always text, whatever it begins with; a decimal
 * is a number only where every digit survives that, otherwise text; no formulas, no names of people.
 */
export async function writeWorkbook(workbook: Workbook): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.title = escapeCellText(workbook.title);
  book.company = escapeCellText(workbook.company);
  book.keywords = escapeCellText(workbook.keywords);
  book.creator = 'Partledger';
  book.lastModifiedBy = 'Partledger';
  book.created = workbook.createdAt;
  book.modified = workbook.createdAt;
  const styles = new Map(Object.entries(workbook.looks).map(([name, look]) => [name, style(look, workbook.fontName)]));
  for (const sheet of workbook.sheets) writeSheet(book, sheet, workbook.looks, styles);
  return fixZipDates(Buffer.from(await book.xlsx.writeBuffer()));
}

type Styles = ReadonlyMap<string, Partial<ExcelJS.Style>>;

function writeSheet(book: ExcelJS.Workbook, sheet: Sheet, looks: Workbook['looks'], styles: Styles): void {
  assert(sheet.rows.length <= SHEET_ROWS_MAX, `a sheet holds at most ${SHEET_ROWS_MAX} rows`);
  const target = addSheet(book, sheet);
  const widths = fitColumns(sheet);
  target.columns = widths.map(width => ({ width }));
  sheet.rows.forEach((cells, rowIndex) => {
    const row = target.getRow(rowIndex + 1);
    const height = fitRow(cells, widths, looks);
    if (height !== null) row.height = height;
    cells.forEach((cell, columnIndex) => {
      if (cell === null) return;
      const written = row.getCell(columnIndex + 1);
      written.value = cellValue(cell);
      const cellStyle = styles.get(cell.look);
      assert(cellStyle, `the look ${cell.look} is defined`);
      written.style = cellStyle;
    });
  });
}

function addSheet(book: ExcelJS.Workbook, sheet: Sheet): ExcelJS.Worksheet {
  const target = book.addWorksheet(sheetName(sheet.name), {
    views: [{ state: 'frozen', ySplit: sheet.headingRow, showGridLines: false }],
    pageSetup: {
      paperSize: PAPER_A4,
      orientation: sheet.orientation,
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: `${sheet.headingRow}:${sheet.headingRow}`,
      margins: {
        left: MARGIN_INCHES,
        right: MARGIN_INCHES,
        top: MARGIN_INCHES,
        bottom: MARGIN_INCHES + HEADING_INCHES,
        header: HEADING_INCHES,
        footer: HEADING_INCHES,
      },
    },
    headerFooter: { oddFooter: `&L${footerText(sheet.footer.left)}&R${sheet.footer.pageOf('&P', '&N')}` },
  });
  target.autoFilter = {
    from: { row: sheet.headingRow, column: 1 },
    to: { row: sheet.lastTableRow, column: sheet.columnWidths.length },
  };
  return target;
}

function cellValue({ kind, value }: SheetCell): ExcelJS.CellValue {
  if (value === '') return null;
  if (kind === 'date') return dateOf(value);
  return (kind === 'decimal' ? exactNumber(value) : null) ?? escapeCellText(value);
}

function style(look: CellLook, fontName: string): Partial<ExcelJS.Style> {
  const { align, indent, wraps, numberFormat, fill, lineBelow } = look;
  return {
    font: { name: fontName, size: look.size, bold: look.bold ?? false, color: argb(look.color) },
    alignment: { vertical: 'middle', horizontal: align ?? 'left', indent: indent ?? 0, wrapText: wraps ?? false },
    ...(numberFormat && { numFmt: numberFormat }),
    ...(fill && { fill: { type: 'pattern', pattern: 'solid', fgColor: argb(fill) } }),
    ...(lineBelow && { border: { bottom: { style: 'thin', color: argb(lineBelow) } } }),
  };
}

function argb(color: string): { argb: string } {
  return { argb: `FF${color.slice(1).toUpperCase()}` };
}

function sheetName(name: string): string {
  return name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31);
}

/** An ampersand begins a code in a page footer, which holds 255 characters in all. */
function footerText(text: string): string {
  return text.slice(0, FOOTER_CHARACTERS_MAX).replaceAll('&', '&&');
}
