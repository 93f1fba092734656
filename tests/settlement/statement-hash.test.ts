/** PostgreSQL makes the canonical form when a period closes, TypeScript when a file is written: the same bytes, whatever the texts. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadStatements } from '../../src/settlement/statement.ts';
import { statementCsv } from '../../src/settlement/statement-csv.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, type Dealer, makeDealer, makePart, post, select } from './ledger.ts';

let test: TestApp;
let part: string;
beforeAll(async () => {
  test = await openTestApp();
  part = await makePart(test, 'P1');
});
afterAll(() => test.close());

const HOSTILE = [
  '=1+1',
  '+1',
  '-1',
  '@cmd',
  '\ttab',
  '\rreturn',
  "'=1",
  'a,b',
  'say "hi"',
  '"',
  '""',
  'line\nbreak',
  'a\r\nb',
  ' =leading blank',
  '',
  '=HYPERLINK("http://x","y")',
  '滤清器，"大"',
  '🚜',
  '\u2028',
  '\u00a0=',
  'a / b',
  '\\N',
  '%s',
  '﻿bom',
  '-',
  ',',
  '\n',
];

async function proveAll(): Promise<number> {
  const rows = await select<{ id: string; content_hash: string }>(
    test,
    'select id, content_hash from statement_of_account order by id',
  );
  const statements = await loadStatements(
    test.dependencies.database.reader(),
    rows.map(({ id }) => id),
    'zh',
  );
  for (const [at, statement] of statements.entries()) {
    expect(createHash('sha256').update(statementCsv(statement)).digest('hex'), statementCsv(statement)).toBe(
      rows[at]?.content_hash,
    );
  }
  return statements.length;
}

it('agrees on hostile texts, documents and dealers without movements', async () => {
  const dealer = await makeDealer(test, 'A');
  const texts = HOSTILE.flatMap(text => [
    { textZh: text, textEn: null },
    { textZh: null, textEn: text },
    { textZh: text, textEn: text },
    { textZh: text, textEn: 'Filter' },
    { textZh: '=滤清器', textEn: text },
  ]);
  await post(
    test,
    dealer,
    'D1',
    '2026-01-05',
    texts.map((text, at) => charge(part, { ...text, line: at + 1 })),
  );
  for (const [at, document] of HOSTILE.filter(text => text !== '').entries()) {
    await post(test, dealer, document, '2026-01-06', [
      charge(part, { line: at + 1, quantity: '-2.5', net: '-100.00', tax: '-13.00', gross: '-113.00' }),
    ]);
  }
  await post(test, dealer, 'D2', '2026-02-06', [charge(part)]);
  await post(test, await makeDealer(test, 'OTHER.-_1'), 'D3', '2026-02-06', [charge(part)]);
  await close(test, '2026-01');
  await close(test, '2026-02');
  expect(await proveAll()).toBe(3);
});

it('agrees on any texts', async () => {
  const dealers: Dealer[] = [];
  const text = fc.string({ unit: 'binary', maxLength: 30 }).map(t => t.replaceAll('\0', '').toWellFormed());
  const samples = fc.sample(
    fc.tuple(
      fc.option(text),
      text,
      text.filter(t => t !== ''),
    ),
    { numRuns: 300, seed: 7 },
  );
  for (let at = 0; at < 5; at += 1) dealers.push(await makeDealer(test, `R${at}`));
  for (const [at, dealer] of dealers.entries()) {
    const lines = samples.slice(at * 60, at * 60 + 60);
    await post(
      test,
      dealer,
      `R${at}`,
      '2026-02-28',
      lines.map(([textZh, textEn], n) => charge(part, { textZh, textEn, line: n + 1 })),
    );
    await post(test, dealer, `${lines[0]?.[2]}${at}`, '2026-02-28', [charge(part)]);
  }
  test.setNow('2026-04-02T00:00:00Z');
  await close(test, '2026-03');
  expect(await proveAll()).toBe(3 + 7);
});

it('says so where there is nothing to list', async () => {
  test.setNow('2026-05-02T00:00:00Z');
  await post(test, await makeDealer(test, 'Z'), 'Z1', '2026-04-05', [charge(part)]);
  await close(test, '2026-04');
  const [quiet] = await select<{ id: string; content_hash: string }>(
    test,
    `select id, content_hash from statement_of_account where number = 'S2026-04-R0'`,
  );
  const [statement] = await loadStatements(test.dependencies.database.reader(), [quiet?.id ?? ''], 'en');
  const csv = `dealer,period,opening,document,line,business_on,text,quantity,net,tax,gross,closing
R0,2026-04,${statement?.opening},,0,2026-04-30,本期无发生 / No movements,0.000,0.00,0.00,0.00,${statement?.closing}
`;
  expect(createHash('sha256').update(csv).digest('hex')).toBe(quiet?.content_hash);
});
