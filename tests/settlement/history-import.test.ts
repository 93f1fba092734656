import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { historyFile, importHistory, ledgerCounts, makeDealer, makePart, select } from './ledger.ts';

const EXCERPT = join(import.meta.dirname, '..', 'fixtures', 'history', 'online-retail-excerpt.csv');

describe('a history file', () => {
  let test: TestApp;
  let excerpt: string;
  beforeAll(async () => {
    test = await openTestApp();
    excerpt = await readFile(EXCERPT, 'utf8');
  });
  afterAll(() => test.close());

  it('is only checked until it is applied, with the very same outcome', async () => {
    const before = await ledgerCounts(test);
    const options = { createMissing: true, currency: 'GBP' };
    const checked = await importHistory(test, excerpt, options, false);
    expect(await ledgerCounts(test)).toEqual(before);
    const applied = await importHistory(test, excerpt, options);
    expect(applied).toEqual({ ...checked, applied: true });
    expect(applied.counts).toEqual({
      read: 741,
      accepted: 696,
      rejected: 45,
      warned: 5,
      created: 696,
      changed: 0,
      unchanged: 0,
    });
    const countOf = (wanted: string) => applied.rejected.filter(({ code }) => code === wanted).length;
    expect([countOf('DEALER_MISSING'), countOf('PRICE_NOT_POSITIVE')]).toEqual([42, 3]);
    expect(applied.notices).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'ROUNDS_TO_ZERO', document: '550193' })]),
    );
  });

  it('changes nothing the second time and says so', async () => {
    const before = await ledgerCounts(test);
    const again = await importHistory(test, excerpt, { createMissing: true, currency: 'GBP' });
    expect(again.counts).toMatchObject({
      read: 741,
      accepted: 696,
      rejected: 45,
      warned: 5,
      created: 0,
      unchanged: 696,
    });
    expect(again.result['message']).toMatch(/^Nothing changed: all 696 accepted lines are there already/);
    expect(await ledgerCounts(test)).toEqual(before);
  });

  it('makes a customer 17940.0 the dealer 17940, in the currency that was named', async () => {
    const dealers = await select<{ code: string; currency: string }>(
      test,
      `select code, currency from dealer where code like '17940%'`,
    );
    expect(dealers).toEqual([{ code: '17940', currency: 'GBP' }]);
  });

  it('posts a cancellation as a credit, on the day as written', async () => {
    const rows = await select(
      test,
      `select c.line, c.business_on, c.quantity, c.gross, p.debit_account, p.credit_account, p.amount
       from charge c join posting p using (journal_entry_id) where c.document = 'C543837' order by c.line limit 1`,
    );
    expect(rows).toEqual([
      expect.objectContaining({ business_on: '2011-02-14', debit_account: 'revenue', credit_account: 'receivable' }),
    ]);
    expect(Number((rows[0] as { gross: string }).gross)).toBeLessThan(0);
  });

  it('tells each dealer of each document, and the firm once', async () => {
    const [row] = await select<{ documents: string; told: string; firm: string }>(
      test,
      `select (select count(*) from journal_entry) as documents, (select count(*) from event where type = 'charges.posted') as told,
         (select count(*) from event where type = 'charges.imported' and stream = '@firm') as firm`,
    );
    expect(row?.told).toBe(row?.documents);
    expect(row?.firm).toBe('1');
  });

  it('is read packed by gzip, too', async () => {
    const outcome = await importHistory(test, gzipSync(excerpt), { currency: 'GBP' });
    expect(outcome.counts).toMatchObject({ unchanged: 696, created: 0 });
  });

  it('loses its identical lines but the first when told so, each with its line', async () => {
    const fresh = await openTestApp();
    try {
      const options = { createMissing: true, currency: 'GBP', dropIdentical: true };
      const outcome = await importHistory(fresh, excerpt, options);
      expect(outcome.counts).toMatchObject({ read: 741, accepted: 691, rejected: 50, warned: 0, created: 691 });
      const dropped = outcome.rejected.filter(({ code }) => code === 'IDENTICAL_LINE_DROPPED');
      expect(dropped.map(({ document }) => document)).toEqual(['C543837', '548910', 'C550165', 'C555723', '555725']);
      const again = await importHistory(fresh, excerpt, options);
      expect(again.counts).toMatchObject({ accepted: 691, unchanged: 691, rejected: 50, created: 0 });
    } finally {
      await fresh.close();
    }
  });
});

describe('a line of history', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openTestApp();
    await makeDealer(test, 'D1');
    await makePart(test, 'P1');
  });
  afterAll(() => test.close());

  it('is rounded half away from zero, a credit as the mirror of its charge', async () => {
    await importHistory(
      test,
      historyFile(
        'R1,P1,a,1,2011-01-05,0.005,D1,x',
        'R1,P1,a,-1,2011-01-05,0.005,D1,x',
        'R1,P1,b,3,2011-01-05,0.3350,D1,x',
        'R1,P1,b,-3,2011-01-05,0.335,D1,x',
      ),
    );
    expect(await select(test, `select line, net, tax, gross from charge where document = 'R1' order by line`)).toEqual([
      { line: 1, net: '0.01', tax: '0.00', gross: '0.01' },
      { line: 2, net: '-0.01', tax: '0.00', gross: '-0.01' },
      { line: 3, net: '1.01', tax: '0.00', gross: '1.01' },
      { line: 4, net: '-1.01', tax: '0.00', gross: '-1.01' },
    ]);
  });

  it('keeps its place in the invoice when lines before it are rejected', async () => {
    await importHistory(
      test,
      historyFile(
        'R2,P1,a,0,2011-01-05,1,D1,x',
        'R2,P1,b,1,2011-01-05,1,D1,x',
        ',,,,,,,',
        'R2,P1,c,1,2011-01-05,0,D1,x',
        'R2,P1,d,1,2011-01-05,1,D1,x',
      ),
    );
    expect(await select(test, `select line, text_en from charge where document = 'R2' order by line`)).toEqual([
      { line: 2, text_en: 'b' },
      { line: 4, text_en: 'd' },
    ]);
  });

  it('takes its item code where it has no description, and Chinese as Chinese', async () => {
    await importHistory(test, historyFile('R3,P1,,1,2011-01-05,1,D1,x', 'R3,P1, 滤清器 ,1,2011-01-05,1,D1,x'));
    expect(await select(test, `select text_zh, text_en from charge where document = 'R3' order by line`)).toEqual([
      { text_zh: null, text_en: 'P1' },
      { text_zh: '滤清器', text_en: null },
    ]);
  });

  it('belongs to the month of its date, also within one invoice', async () => {
    await importHistory(
      test,
      historyFile('R4,P1,a,1,2011-01-31 23:59:59,1,D1,x', 'R4,P1,b,1,2011-02-01 00:00:01,2,D1,x'),
    );
    expect(
      await select(
        test,
        `select c.line, f.name from charge c join fiscal_period f on f.id = c.period_id where document = 'R4' order by line`,
      ),
    ).toEqual([
      { line: 1, name: '2011-01' },
      { line: 2, name: '2011-02' },
    ]);
  });

  it('is read in every shape of date whose day is beyond doubt', async () => {
    const shapes = [
      '2011-03-04',
      '2011-03-04 23:10',
      '2011-03-04T23:10:11Z',
      '2011-03-04T23:10:11.5+08:00',
      '2011/3/4',
      '2011.03.04',
      '20110304',
      '2011年3月4日',
    ];
    await importHistory(test, historyFile(...shapes.map(date => `R5,P1,a,1,${date},1,D1,x`)));
    const rows = await select(
      test,
      `select distinct business_on, count(*) from charge where document = 'R5' group by business_on`,
    );
    expect(rows).toEqual([{ business_on: '2011-03-04', count: String(shapes.length) }]);
  });

  it('knows parts apart that differ only by case', async () => {
    const outcome = await importHistory(
      test,
      historyFile('R6,p1,a,1,2011-01-05,1,D1,x', 'R6,P1,a,1,2011-01-05,1,D1,x'),
      { createMissing: true },
    );
    expect(outcome.result).toMatchObject({ partsCreated: 1, dealersCreated: 0 });
    expect(await select(test, `select part_number from part where lower(part_number) = 'p1' order by 1`)).toEqual([
      { part_number: 'P1' },
      { part_number: 'p1' },
    ]);
  });

  it('is recognised under Chinese and other headings, in any order', async () => {
    const outcome = await importHistory(
      test,
      '单价,数量,日期,客户编码,配件编码,描述,发票号\n2.50,4,2011-05-06,D1,P1,滤芯,R7\n',
    );
    expect(outcome.counts).toMatchObject({ read: 1, accepted: 1, created: 1 });
    expect(await select(test, `select text_zh, gross from charge where document = 'R7'`)).toEqual([
      { text_zh: '滤芯', gross: '10.00' },
    ]);
  });

  it('that is a cancellation with a positive quantity stays as written and is pointed out', async () => {
    const outcome = await importHistory(test, historyFile('C900,P1,a,2,2011-01-05,1,D1,x'));
    expect(outcome.notices).toContainEqual(expect.objectContaining({ code: 'CANCELLATION_POSITIVE', line: 2 }));
    expect(await select(test, `select gross from charge where document = 'C900'`)).toEqual([{ gross: '2.00' }]);
  });

  it('moves the balance of its dealer', async () => {
    const [row] = await select<{ balance: string; charged: string }>(
      test,
      `select balance, (select sum(gross) from charge c where c.dealer_id = a.dealer_id) as charged from dealer_account a
       join dealer d on d.id = a.dealer_id where d.code = 'D1'`,
    );
    expect(row?.balance).toBe(row?.charged);
  });
});
