import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { Problem } from '../../../src/core/problem.ts';
import { UNPACKED_BYTES_MAX } from '../../../src/platform/xlsx/zip-entries.ts';
import { allRows } from './all-rows.ts';
import { storedZip, workbookAround } from './stored-zip.ts';

const codeOf = async (file: Buffer) => {
  const failure = await allRows(file).then(
    () => 'was read',
    (error: unknown) => error,
  );
  return failure instanceof Problem ? failure.code : failure;
};

async function sample(): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('配件');
  sheet.addRow(['code', 12.5, new Date('2011-03-31T00:00:00Z'), true]);
  sheet.addRow([]);
  sheet.addRow([null, { formula: 'A1&"x"', result: 'codex' }, new Date('2011-03-31T08:30:00Z'), { error: '#N/A' }]);
  sheet.addRow([{ richText: [{ text: '滤' }, { text: '清器' }] }, { text: 'link', hyperlink: 'https://example.com' }]);
  book.addWorksheet('Second').addRow(['=1+1']);
  return Buffer.from(await book.xlsx.writeBuffer());
}

test('reads every sheet, row and cell with its type and place', async () => {
  expect(await allRows(await sample())).toEqual([
    {
      sheet: '配件',
      row: 1,
      cells: [
        { kind: 'text', value: 'code' },
        { kind: 'decimal', value: '12.5' },
        { kind: 'date', value: '2011-03-31' },
        { kind: 'boolean', value: 'true' },
      ],
    },
    {
      sheet: '配件',
      row: 3,
      cells: [
        null,
        { kind: 'text', value: 'codex' },
        { kind: 'date', value: '2011-03-31T08:30:00' },
        { kind: 'error', value: '#N/A' },
      ],
    },
    {
      sheet: '配件',
      row: 4,
      cells: [
        { kind: 'text', value: '滤清器' },
        { kind: 'text', value: 'link' },
      ],
    },
    { sheet: 'Second', row: 1, cells: [{ kind: 'text', value: '=1+1' }] },
  ]);
});

test('refuses what is not a whole workbook, wherever it is cut', async () => {
  const file = await sample();
  const oldFormat = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  const cuts = Array.from({ length: 40 }, (_, i) => file.subarray(0, Math.floor((file.length * i) / 40)));
  for (const bad of [oldFormat, Buffer.from('a,b\n1,2\n'), storedZip({ 'readme.txt': 'no sheet' }), ...cuts]) {
    expect(await codeOf(bad)).toBe('WORKBOOK_UNREADABLE');
  }
});

test('refuses a workbook that unpacks to more than it says', async () => {
  const file = await sample();
  const central = file.indexOf(Buffer.from('504b0102', 'hex'));
  file.writeUInt32LE(file.readUInt32LE(central + 24) - 1, central + 24);
  expect(await codeOf(file)).toBe('WORKBOOK_UNREADABLE');
});

test('refuses a workbook that says it unpacks to more than the limit', async () => {
  const file = await sample();
  file.writeUInt32LE(UNPACKED_BYTES_MAX + 1, file.indexOf(Buffer.from('504b0102', 'hex')) + 24);
  expect(await codeOf(file)).toBe('WORKBOOK_TOO_LARGE');
});

test('refuses a cell far to the right', async () => {
  const cell = '<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>';
  expect(await codeOf(workbookAround(cell))).toBe('WORKBOOK_TOO_LARGE');
});

test('is not unfolded by a merge or a validation over the whole sheet', async () => {
  const rows = '<sheetData><row r="1"><c r="A1"><v>1.10</v></c></row></sheetData>';
  const merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>';
  const validation =
    '<dataValidations count="1"><dataValidation type="whole" sqref="A1:XFD1048576"><formula1>1</formula1></dataValidation></dataValidations>';
  expect(await allRows(workbookAround(rows + merge + validation))).toEqual([
    { sheet: 'S', row: 1, cells: [{ kind: 'decimal', value: '1.1' }] },
  ]);
});
