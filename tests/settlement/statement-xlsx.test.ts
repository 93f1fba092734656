import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';
import { decimal, toFixed } from '../../src/core/decimal.ts';
import type { Language } from '../../src/core/problem.ts';
import type { ReadCell, ReadRow } from '../../src/platform/xlsx/index.ts';
import type { FrozenLine, FrozenStatement } from '../../src/settlement/frozen-statement.ts';
import { renderStatement } from '../../src/settlement/statement-document.ts';
import { allRows } from '../platform/xlsx/all-rows.ts';
import { frozenStatement, HOSTILE_TEXTS } from './frozen-statement-builder.ts';

const HEADINGS = {
  zh: ['序号', '日期', '单据号', '行', '配件号', '名称', '英文名称', '数量', '单位', '不含税金额', '税额', '价税合计'],
  en: [
    ...['No.', 'Date', 'Document', 'Line', 'Part number', 'Description', 'Chinese description'],
    ...['Quantity', 'Unit', 'Net', 'Tax', 'Gross'],
  ],
};

/** Rows of the table, and what stands above and below it. */
async function reread(statement: FrozenStatement, language: Language) {
  const rows = await allRows(await renderStatement(statement, 'xlsx', language));
  const heading = rows.findIndex(row => row.cells[0]?.value === HEADINGS[language][0]);
  expect(rows[heading]?.cells.map(cell => cell?.value)).toEqual(HEADINGS[language]);
  const end = heading + 1 + Math.max(1, statement.lines.length);
  return { above: rows.slice(0, heading), table: rows.slice(heading + 1, end), below: rows.slice(end) };
}

const figure = (cell: ReadCell | null | undefined, scale: number) =>
  cell && ['decimal', 'text'].includes(cell.kind) ? toFixed(decimal(cell.value), scale) : cell;
const textOf = (cell: ReadCell | null | undefined) => cell?.value ?? null;
const flat = (rows: ReadRow[]) => rows.flatMap(row => row.cells.map(textOf)).filter(value => value !== null);

function frozenLine({ cells }: ReadRow, language: Language): FrozenLine {
  const [position, businessOn, document, line, partNumber, text, otherText, quantity, unit, net, tax, gross] = cells;
  expect(businessOn?.kind).toBe('date');
  const texts = { [language]: textOf(text), [language === 'zh' ? 'en' : 'zh']: textOf(otherText) };
  return {
    position: Number(textOf(position)),
    document: textOf(document) ?? '',
    line: Number(textOf(line)),
    businessOn: textOf(businessOn) ?? '',
    textZh: texts['zh'] ?? null,
    textEn: texts['en'] ?? null,
    partNumber: textOf(partNumber),
    quantity: String(figure(quantity, 3)),
    unit: textOf(unit),
    net: String(figure(net, 2)),
    tax: String(figure(tax, 2)),
    gross: String(figure(gross, 2)),
  };
}

/** What the columns of one language can tell of a line: a missing text shows the other, a doubled one shows once. */
function shown(line: FrozenLine, language: Language): FrozenLine {
  const [first, second] = language === 'zh' ? [line.textZh, line.textEn] : [line.textEn, line.textZh];
  const text = first ?? second;
  const other = first !== null && first !== second ? second : null;
  return { ...line, textZh: language === 'zh' ? text : other, textEn: language === 'zh' ? other : text };
}

describe.each(['zh', 'en'] as const)('in %s', language => {
  test('the workbook equals the frozen rows cell by cell', async () => {
    const statement = frozenStatement(400);
    const { table } = await reread(statement, language);
    expect(table.map(row => frozenLine(row, language))).toEqual(statement.lines.map(line => shown(line, language)));
  });

  test('hostile texts and figures of 17 digits arrive unchanged', async () => {
    const base = frozenStatement(HOSTILE_TEXTS.length);
    const lines = base.lines.map((line, i) => ({
      ...line,
      document: `=${line.document}`,
      textZh: HOSTILE_TEXTS[i] ?? null,
      textEn: `@${i}`,
      partNumber: '+1',
      net: '-12345678901234567.89',
      gross: '99999999999999999.99',
    }));
    const { table } = await reread(frozenStatement(0, { lines }), language);
    expect(table.map(row => frozenLine(row, language))).toEqual(lines);
  });

  test('balances, dealer, number, period, currency and hash stand around the table', async () => {
    const statement = frozenStatement(3);
    const { above, below } = await reread(statement, language);
    const { dealer, firm } = statement;
    const [zh, en] = [dealer.nameZh, dealer.nameEn];
    for (const value of [statement.number, dealer.code, statement.period, 'CNY', firm.nameZh, firm.nameEn]) {
      expect(flat(above)).toContain(value);
    }
    expect(flat(above)).toContain(language === 'zh' ? `${zh} / ${en}` : `${en} / ${zh}`);
    expect(flat(above)).toContain('2011-03-01 – 2011-03-31');
    for (const rows of [above, below]) {
      const figures = rows.map(row => row.cells[11]).filter(cell => cell?.kind === 'decimal');
      expect(figures.map(cell => figure(cell, 2))).toEqual([statement.opening, statement.movements, statement.closing]);
    }
    expect(flat(below).join()).toContain(statement.contentHash);
  });

  test('a statement without lines says so', async () => {
    const { table } = await reread(frozenStatement(0), language);
    expect(flat(table)).toEqual([language === 'zh' ? '本期无发生' : 'No movements']);
  });
});

test('no cell is a formula and nobody is named', async () => {
  const book = new ExcelJS.Workbook();
  const statement = frozenStatement(20, { dealer: { code: '=1+1', nameZh: '=cmd()', nameEn: '@x' } });
  await book.xlsx.load((await renderStatement(statement, 'xlsx', 'en')) as never);
  const types = new Set<number>();
  book.worksheets[0]?.eachRow(row => row.eachCell(cell => void types.add(cell.type)));
  expect([...types].sort()).toEqual(
    [ExcelJS.ValueType.Number, ExcelJS.ValueType.String, ExcelJS.ValueType.Date].sort(),
  );
  expect(book).toMatchObject({ creator: 'Partledger', lastModifiedBy: 'Partledger' });
});

test('the same statement is the same bytes', async () => {
  const [first, second] = await Promise.all([0, 1].map(() => renderStatement(frozenStatement(40), 'xlsx', 'zh')));
  expect(first).toEqual(second);
});
