/** Twenty connections at once: whatever comes first, every charge stands on exactly one statement and every figure agrees. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { settlementChecks } from '../../src/settlement/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import {
  charge,
  close,
  type Dealer,
  historyFile,
  importHistory,
  makeDealer,
  makePart,
  post,
  select,
} from './ledger.ts';

let test: TestApp;
let part: string;
let dealers: Dealer[];
beforeEach(async () => {
  test = await openTestApp();
  part = await makePart(test, 'P1');
  dealers = [];
  for (let at = 0; at < 5; at += 1) dealers.push(await makeDealer(test, `A${at}`));
  return () => test.close();
});

async function expectAgreement(): Promise<void> {
  for (const { name, run } of settlementChecks) {
    expect({ name, found: await run(test.dependencies.database.reader(), 10) }).toEqual({ name, found: [] });
  }
}

const codes = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  new Set(
    outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason.code ?? String(outcome.reason)] : [])),
  );

describe('a close', () => {
  it('and twenty postings into its month: each lands on its statement or in the next month', async () => {
    for (const [at, dealer] of dealers.entries())
      await post(test, dealer, `before-${at}`, '2026-02-10', [charge(part)]);
    const postings = Array.from({ length: 60 }, async (_, at) => {
      await sleep(at % 20);
      return await post(test, dealers[at % 5] as Dealer, `D${at}`, '2026-02-11', [
        charge(part),
        charge(part, { line: 2 }),
      ]);
    });
    const [closing, ...posted] = await Promise.allSettled([sleep(8).then(() => close(test, '2026-02')), ...postings]);
    expect(closing).toMatchObject({ status: 'fulfilled' });
    expect(codes(posted)).toEqual(new Set());
    const [row] = await select<{ entries: string; frozen: string; next: string }>(
      test,
      `select (select count(*) from journal_entry where document like 'D%') as entries,
         (select count(distinct document) from statement_line where document like 'D%') as frozen,
         (select count(*) from journal_entry e join fiscal_period f on f.id = e.period_id where f.name = '2026-03') as next`,
    );
    expect(row?.entries).toBe('60');
    expect(Number(row?.frozen) + Number(row?.next)).toBe(60);
    await expectAgreement();
  });

  it('and another one: only one of twenty closes', async () => {
    for (const dealer of dealers) await post(test, dealer, 'D', '2026-02-10', [charge(part)]);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => close(test, '2026-02')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(codes(outcomes)).toEqual(new Set(['PERIOD_NOT_OPEN']));
    expect(await select(test, 'select count(*) as statements from statement_of_account')).toEqual([
      { statements: '5' },
    ]);
  });

  it('and imports that make an earlier month: it waits and refuses, or they do', async () => {
    for (const dealer of dealers) await post(test, dealer, 'D', '2026-02-10', [charge(part)]);
    const imports = Array.from({ length: 5 }, async (_, at) => {
      await sleep(at * 5);
      return await importHistory(
        test,
        historyFile(`H${at},P1,x,1,2026-01-05,10,A${at},x`, `H${at},P1,x,1,2026-01-06,10,NEW${at},x`),
        { createMissing: true },
      );
    });
    const [closing, ...imported] = await Promise.allSettled([sleep(15).then(() => close(test, '2026-02')), ...imports]);
    expect(codes(imported)).toEqual(new Set());
    if (closing.status === 'rejected') {
      expect(closing.reason).toMatchObject({ code: 'PERIOD_EARLIER_OPEN', facts: { earlier: '2026-01' } });
      await close(test, '2026-01');
      await close(test, '2026-02');
    } else await close(test, '2026-01').catch(error => expect(error).toMatchObject({ code: 'PERIOD_NOT_FOUND' }));
    const [behind] = await select<{ charges: string }>(
      test,
      `select count(*) as charges from charge c join fiscal_period f on f.id = c.period_id
       where not exists (select from statement_line l where l.charge_id = c.id)`,
    );
    expect(behind?.charges).toBe('0');
    await expectAgreement();
  });

  it('waits for a month that is just being made before it, even by hand', async () => {
    await post(test, dealers[0] as Dealer, 'D', '2026-02-10', [charge(part)]);
    const other = new pg.Client({ connectionString: test.ownerUrl });
    await other.connect();
    await other.query('begin');
    await other.query(
      `insert into fiscal_period (name, first_on, last_on) values ('2026-01', '2026-01-01', '2026-01-31')`,
    );
    const closing = close(test, '2026-02').then(
      () => 'closed',
      error => error.code,
    );
    expect(await Promise.race([closing, sleep(300).then(() => 'waiting')])).toBe('waiting');
    await other.query('commit');
    await other.end();
    expect(await closing).toBe('PERIOD_EARLIER_OPEN');
  });
});

describe('the same history', () => {
  it('loaded ten times at once stands once', async () => {
    const lines = Array.from(
      { length: 200 },
      (_, at) => `H${at % 20},P${at % 7},x,${(at % 5) + 1},2026-01-0${(at % 9) + 1},1.37,N${at % 20},x`,
    );
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => importHistory(test, historyFile(...lines), { createMissing: true })),
    );
    const created = outcomes.map(({ counts }) => counts.created).sort((a, b) => b - a);
    expect(created).toEqual([200, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(outcomes.every(({ counts }) => counts.accepted === 200)).toBe(true);
    await expectAgreement();
  });

  it('and postings of the same dealers at once leave the balances right', async () => {
    const lines = Array.from({ length: 100 }, (_, at) => `H${at},P1,x,1,2026-03-0${(at % 9) + 1},2.50,A${at % 5},x`);
    await Promise.all([
      importHistory(test, historyFile(...lines)),
      ...Array.from({ length: 20 }, (_, at) =>
        post(test, dealers[at % 5] as Dealer, `D${at}`, '2026-03-02', [charge(part)]),
      ),
    ]);
    await expectAgreement();
    expect(await select(test, 'select sum(balance) as sum from dealer_account')).toEqual([{ sum: '2510.00' }]);
  });
});
