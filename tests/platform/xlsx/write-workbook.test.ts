import ExcelJS from 'exceljs';
import { afterEach, expect, test, vi } from 'vitest';
import { type SheetCell, type Workbook, writeWorkbook } from '../../../src/platform/xlsx/index.ts';
import { allRows } from './all-rows.ts';

afterEach(() => vi.useRealTimers());

const HOSTILE = [
  '=1+1',
  '+86 10',
  '-x',
  '@SUM(A1)',
  '\tx',
  "'quoted'",
  'a"b<c>&d',
  'two\r\nlines\rand\nmore',
  '_x000D_',
  'bell\u0007 del\u007f',
  '滤清器 🚜 שלום',
  '  spaces  ',
  '{=A1}',
  '1234567890123456789',
];

function workbook(cells: SheetCell[]): Workbook {
  return {
    title: 'Statement',
    company: '农机公司',
    keywords: 'abc',
    createdAt: new Date('2011-04-01T00:00:00Z'),
    fontName: 'Microsoft YaHei',
    looks: { plain: { size: 9, color: '#112233', numberFormat: '#,##0.00' } },
    sheets: [
      {
        name: 'a/b[c]',
        columnWidths: [30],
        rows: [[{ kind: 'text', value: 'heading', look: 'plain' }], ...cells.map(cell => [cell])],
        headingRow: 1,
        lastTableRow: cells.length + 1,
        orientation: 'landscape',
        footer: { left: 'A&B 12', pageOf: (page, pages) => `${page}/${pages}` },
      },
    ],
  };
}

async function reread(cells: SheetCell[]) {
  const rows = await allRows(await writeWorkbook(workbook(cells)));
  return rows.slice(1).map(row => row.cells[0]);
}

async function open(file: Buffer): Promise<ExcelJS.Worksheet> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(file as never);
  const [sheet] = book.worksheets;
  if (!sheet) throw new Error('no sheet');
  return sheet;
}

test('writes any text as that text, never as a formula', async () => {
  const cells = HOSTILE.map((value): SheetCell => ({ kind: 'text', value, look: 'plain' }));
  expect(await reread(cells)).toEqual(HOSTILE.map(value => ({ kind: 'text', value })));
  const sheet = await open(await writeWorkbook(workbook(cells)));
  for (let row = 2; row <= cells.length + 1; row++) {
    expect(sheet.getCell(row, 1).type).toBe(ExcelJS.ValueType.String);
  }
});

test('writes a decimal as a number, or as text where a number would lose digits', async () => {
  const cells = ['-1234.50', '0.00', '1234567890123.45', '12345678901234567.89'].map(
    (value): SheetCell => ({ kind: 'decimal', value, look: 'plain' }),
  );
  expect(await reread(cells)).toEqual([
    { kind: 'decimal', value: '-1234.5' },
    { kind: 'decimal', value: '0' },
    { kind: 'decimal', value: '1234567890123.45' },
    { kind: 'text', value: '12345678901234567.89' },
  ]);
});

test('writes a date as a date of the spreadsheet, the same day in every time zone', async () => {
  const days = ['2011-03-31', '2000-02-29', '1900-03-01', '2999-12-31'];
  const dated = { ...workbook(days.map(value => ({ kind: 'date', value, look: 'plain' }))) };
  const file = await writeWorkbook({
    ...dated,
    looks: { plain: { size: 9, color: '#000000', numberFormat: 'yyyy-mm-dd' } },
  });
  const rows = await allRows(file);
  expect(rows.slice(1).map(row => row.cells[0])).toEqual(days.map(value => ({ kind: 'date', value })));
});

test('keeps the heading in sight, repeats it on paper and can filter by it', async () => {
  const sheet = await open(await writeWorkbook(workbook([{ kind: 'text', value: 'x', look: 'plain' }])));
  expect(sheet.name).toBe('a b c ');
  expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
  expect(sheet.pageSetup).toMatchObject({
    orientation: 'landscape',
    paperSize: 9,
    printTitlesRow: '1:1',
    fitToWidth: 1,
  });
  expect(sheet.headerFooter.oddFooter).toBe('&LA&&B 12&R&P/&N');
  expect(sheet.autoFilter).toBe('A1:A2');
  expect(sheet.getCell('A2').font).toMatchObject({ name: 'Microsoft YaHei', size: 9, color: { argb: 'FF112233' } });
});

test('names no person', async () => {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await writeWorkbook(workbook([]))) as never);
  expect(book).toMatchObject({ creator: 'Partledger', lastModifiedBy: 'Partledger', company: '农机公司' });
});

test('gives the same bytes whenever it is written', async () => {
  const cells: SheetCell[] = [{ kind: 'text', value: 'x', look: 'plain' }];
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2011-04-01T00:00:00Z') });
  const before = await writeWorkbook(workbook(cells));
  vi.setSystemTime(new Date('2024-02-29T12:34:56Z'));
  expect(await writeWorkbook(workbook(cells))).toEqual(before);
});
