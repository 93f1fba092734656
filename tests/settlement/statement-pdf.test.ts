import { describe, expect, test } from 'vitest';
import type { Language } from '../../src/core/problem.ts';
import type { FrozenLine } from '../../src/settlement/frozen-statement.ts';
import { renderStatement } from '../../src/settlement/statement-document.ts';
import { frozenStatement, HOSTILE_TEXTS } from './frozen-statement-builder.ts';
import { type ColumnTexts, readPdf, tableRows, visible } from './pdf-table.ts';

const LABELS = { zh: { heading: '价税合计', end: '期初余额' }, en: { heading: 'Gross', end: 'Opening balance' } };

/** A line as its printed texts, white space left out; empty cells are not there. */
function printed(line: FrozenLine, language: Language): ColumnTexts {
  const [first, second] = language === 'zh' ? [line.textZh, line.textEn] : [line.textEn, line.textZh];
  const cells = {
    position: String(line.position),
    businessOn: line.businessOn,
    document: line.document,
    line: String(line.line),
    partNumber: line.partNumber ?? '',
    text: [first ?? second ?? '', first !== null && second !== null && first !== second ? second : ''].join(''),
    quantity: grouped(line.quantity.replace('.000', '')),
    unit: line.unit ?? '',
    net: grouped(line.net),
    tax: grouped(line.tax),
    gross: grouped(line.gross),
  };
  return Object.fromEntries(
    Object.entries(cells).flatMap(([key, value]) => (value === '' ? [] : [[key, visible(value)]])),
  );
}

function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const sign = whole.startsWith('-') ? '-' : '';
  const groups = BigInt(whole).toLocaleString('en-US').replace('-', '');
  return sign + groups + (fraction === undefined ? '' : `.${fraction}`);
}

async function reread(statement: ReturnType<typeof frozenStatement>, language: Language) {
  const { pages, info } = await readPdf(await renderStatement(statement, 'pdf', language));
  return { pages, info, rows: tableRows(pages, LABELS[language]), all: pages.flat().map(item => item.text) };
}

describe.each(['zh', 'en'] as const)('in %s', language => {
  test('the pages equal the frozen rows cell by cell', async () => {
    const statement = frozenStatement(400);
    const { pages, rows } = await reread(statement, language);
    expect(pages.length).toBeGreaterThan(5);
    expect(rows).toEqual(statement.lines.map(line => printed(line, language)));
  });

  test('hostile texts and figures of 17 digits are shown and can be copied out', async () => {
    const lines = frozenStatement(HOSTILE_TEXTS.length).lines.map((line, i) => ({
      ...line,
      document: `=${line.document}`,
      textZh: HOSTILE_TEXTS[i] ?? null,
      textEn: `@${i}`,
      net: '-12345678901234567.89',
      gross: '99999999999999999.99',
    }));
    const { rows } = await reread(frozenStatement(0, { lines }), language);
    expect(rows).toEqual(lines.map(line => printed(line, language)));
  });

  test('balances stand at the top and under the table, and all that identifies the statement', async () => {
    const statement = frozenStatement(60);
    const { all, pages } = await reread(statement, language);
    for (const balance of ['1,023,456.78', '-456.78', '1,023,000.00']) {
      expect(pages[0]?.map(item => item.text)).toContain(balance);
      expect(pages.at(-1)?.map(item => item.text)).toContain(balance);
    }
    const { firm, dealer } = statement;
    const identity = [statement.number, dealer.code, dealer.nameZh, dealer.nameEn, firm.nameZh, firm.nameEn, 'CNY'];
    for (const text of [...identity, '2011-03', '2011-03-01 – 2011-03-31', '2011-04-01 09:12']) {
      expect(all).toContain(text);
    }
    expect(all.join(' ')).toContain(statement.contentHash);
  });

  test('each page names the statement, its hash and its place among the pages', async () => {
    const statement = frozenStatement(100);
    const { pages } = await reread(statement, language);
    pages.forEach((page, i) => {
      const texts = page.map(item => item.text).join(' ');
      expect(texts).toContain(statement.number);
      expect(texts).toContain(statement.contentHash.slice(0, 12));
      const place = { zh: `第 ${i + 1} 页，共 ${pages.length} 页`, en: `Page ${i + 1} of ${pages.length}` };
      expect(texts).toContain(place[language]);
    });
  });

  test('a statement without lines is one page that says so', async () => {
    const { pages, all } = await reread(frozenStatement(0), language);
    expect(pages).toHaveLength(1);
    expect(all).toContain(language === 'zh' ? '本期无发生' : 'No movements');
  });
});

test('right-to-left text loses no character', async () => {
  const text = 'שלום עולם سلام';
  const [line] = frozenStatement(1).lines;
  if (!line) throw new Error('one line');
  const lines = [{ ...line, textZh: text, textEn: null }];
  const { rows } = await reread(frozenStatement(0, { lines }), 'zh');
  expect([...(rows[0]?.['text'] ?? '')].sort().join('')).toBe([...text.replace(/\s/g, '')].sort().join(''));
});

test('the same statement is the same bytes, dated when it was frozen, with the firm as its author', async () => {
  const statement = frozenStatement(40);
  expect(await renderStatement(statement, 'pdf', 'zh')).toEqual(await renderStatement(statement, 'pdf', 'zh'));
  const { info } = await reread(statement, 'zh');
  expect(info).toMatchObject({
    Title: '对账单 S2011-03-17850',
    Author: '沃野农业装备股份有限公司',
    Creator: 'Partledger',
    CreationDate: 'D:20110401011213Z',
    ModDate: 'D:20110401011213Z',
    Keywords: statement.contentHash,
  });
});
