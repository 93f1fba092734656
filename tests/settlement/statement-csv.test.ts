import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { statementContentHash } from '../../src/settlement/statement-csv.ts';
import { renderStatement } from '../../src/settlement/statement-document.ts';
import { frozenStatement, HOSTILE_TEXTS } from './frozen-statement-builder.ts';

const HEADER = 'dealer,period,opening,document,line,business_on,text,quantity,net,tax,gross,closing\n';
const csv = async (statement: ReturnType<typeof frozenStatement>) =>
  (await renderStatement(statement, 'csv', 'zh')).toString();

test('is these bytes, which every hash of this version stands on', async () => {
  expect(await csv(frozenStatement(5))).toBe(
    `${HEADER}17850,2011-03,1023456.78,CH201103-1000,1,2011-03-01,柴油滤清器总成 / Diesel filter assembly,1250.500,1000.60,130.08,1130.68,1023000.00
17850,2011-03,1023456.78,CH201103-1000,2,2011-03-02,"收割台拨禾轮弹齿（左，加强型，适用于4LZ-6.0系列及改进型号） / Reel tine, left, reinforced, fits 4LZ-6.0 and later",12.000,1001.60,130.08,1131.68,1023000.00
17850,2011-03,1023456.78,CH201103-1000,3,2011-03-03,驾驶室门锁,12.000,1002.60,130.08,1132.68,1023000.00
17850,2011-03,1023456.78,CH201103-1000,4,2011-03-04,Bearing 6205-2RS,1250.500,1003.60,130.08,1133.68,1023000.00
17850,2011-03,1023456.78,CH201103-1001,1,2011-03-05,密封圈,-2.000,-0.10,-0.01,-0.11,1023000.00
`,
  );
});

test('of a statement without lines has one row that says so', async () => {
  expect(await csv(frozenStatement(0, { opening: '7.00', movements: '0.00', closing: '7.00' }))).toBe(
    `${HEADER}17850,2011-03,7.00,,0,2011-03-31,本期无发生 / No movements,0.000,0.00,0.00,0.00,7.00\n`,
  );
});

test('puts the lines in order of their position', async () => {
  const statement = frozenStatement(9);
  expect(await csv({ ...statement, lines: statement.lines.toReversed() })).toBe(await csv(statement));
});

test('is the same in both languages', async () => {
  const statement = frozenStatement(9);
  expect(await renderStatement(statement, 'csv', 'en')).toEqual(await renderStatement(statement, 'csv', 'zh'));
});

test('carries every figure and text of the frozen rows, formulas made harmless', async () => {
  const base = frozenStatement(HOSTILE_TEXTS.length);
  const statement = frozenStatement(0, {
    dealer: { ...base.dealer, code: '@dealer' },
    lines: base.lines.map((line, i) => ({
      ...line,
      document: `=${line.document}`,
      textZh: HOSTILE_TEXTS[i] ?? null,
      textEn: null,
      net: '-12345678901234567.89',
    })),
  });
  const rows = parse<Record<string, string>>(await csv(statement), { columns: true });
  expect(rows).toEqual(
    statement.lines.map((line, i) => ({
      dealer: "'@dealer",
      period: '2011-03',
      opening: statement.opening,
      document: `'${line.document}`,
      line: String(line.line),
      business_on: line.businessOn,
      text: i < 6 ? `'${line.textZh}` : line.textZh,
      quantity: line.quantity,
      net: '-12345678901234567.89',
      tax: line.tax,
      gross: line.gross,
      closing: statement.closing,
    })),
  );
});

test('has the content hash as its SHA-256', async () => {
  const statement = frozenStatement(12);
  const file = await renderStatement(statement, 'csv', 'en');
  expect(createHash('sha256').update(file).digest('hex')).toBe(statement.contentHash);
});

test('changes its hash with any figure or text it holds', () => {
  const statement = frozenStatement(2);
  const [first, second] = statement.lines;
  if (!first || !second) throw new Error('two lines');
  const others = [
    { ...statement, opening: '1023456.79' },
    { ...statement, closing: '1023000.01' },
    { ...statement, lines: [first] },
    ...(['quantity', 'net', 'tax', 'gross', 'document', 'textEn'] as const).map(key => ({
      ...statement,
      lines: [first, { ...second, [key]: '1' }],
    })),
  ];
  const hashes = [statement, ...others].map(statementContentHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});
