/** Each proof finds what it is for: figures are falsified as the owner with triggers off, which no role of the service can. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Disagreement } from '../../src/firm/index.ts';
import { settlementChecks } from '../../src/settlement/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, historyFile, importHistory, makeDealer, makePart, post, tamper } from './ledger.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  const part = await makePart(test, 'P1');
  const dealer = await makeDealer(test, 'A');
  await importHistory(test, historyFile('H1,P1,a,2,2025-12-05,1.25,A,x', 'CH1,P1,a,-1,2025-12-05,1.25,A,x'));
  await post(test, dealer, 'D1', '2026-01-05', [charge(part), charge(part, { line: 2 })]);
  await post(test, await makeDealer(test, 'B'), 'D2', '2026-03-05', [charge(part)]);
  await close(test, '2025-12');
  await close(test, '2026-01');
});
afterAll(() => test.close());

async function disagreements(limit = 100): Promise<Record<string, Disagreement[]>> {
  const found: Record<string, Disagreement[]> = {};
  for (const { name, run } of settlementChecks) {
    const list = await run(test.dependencies.database.reader(), limit);
    if (list.length > 0) found[name] = list;
  }
  return found;
}

/** Falsifies, looks, and puts it back. */
async function falsified(falsify: string, restore: string): Promise<Record<string, Disagreement[]>> {
  await tamper(test, falsify);
  try {
    return await disagreements();
  } finally {
    await tamper(test, restore);
  }
}

describe('the proofs of the ledger', () => {
  it('agree on what the verbs have written, and have names of their own', async () => {
    expect(await disagreements()).toEqual({});
    const names = settlementChecks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('find a balance that is not the sum of the postings', async () => {
    const found = await falsified(
      'update dealer_account set balance = balance + 0.01 where dealer_id = (select id from dealer where code = $$A$$)',
      'update dealer_account set balance = balance - 0.01 where dealer_id = (select id from dealer where code = $$A$$)',
    );
    expect(found).toEqual({ 'balances-match-postings': [{ subject: 'A CNY', expected: '227.25', found: '227.26' }] });
  });

  it('find a posting that is not its charges', async () => {
    const found = await falsified(
      `update posting set amount = amount + 0.01 where amount = 26.00`,
      `update posting set amount = amount - 0.01 where amount = 26.01`,
    );
    expect(found['charges-match-postings']).toEqual([
      { subject: 'shipment D1', expected: '200.00 + 26.00', found: '200.00 + 26.01 = 226.01' },
    ]);
    expect(Object.keys(found).sort()).toEqual([
      'balances-match-postings',
      'charges-match-postings',
      'closings-match-postings',
    ]);
  });

  it('find a posting on the wrong side', async () => {
    const swap = `update posting set debit_account = credit_account, credit_account = debit_account where amount = 26.00`;
    expect(Object.keys(await falsified(swap, swap)).sort()).toEqual([
      'balances-match-postings',
      'charges-match-postings',
      'closings-match-postings',
    ]);
  });

  it('find a charge under another document than its entry', async () => {
    const found = await falsified(
      `update charge set document = 'X' where document = 'D2'`,
      `update charge set document = 'D2' where document = 'X'`,
    );
    expect(found).toEqual({ 'charges-match-entries': [expect.objectContaining({ subject: 'X line 1' })] });
  });

  it('find a closed charge that stands on no statement', async () => {
    const found = await falsified(
      `create table taken as select * from statement_line where document = 'CH1'; delete from statement_line where document = 'CH1'`,
      `insert into statement_line select * from taken; drop table taken`,
    );
    expect(found['closed-charges-are-on-statements']).toEqual([
      { subject: 'CH1 line 1', expected: 'on the statement of 2025-12', found: 'on none' },
    ]);
    expect(Object.keys(found).sort()).toEqual([
      'closed-charges-are-on-statements',
      'statement-hashes-match-rows',
      'statements-chain',
    ]);
  });

  it('find a statement line that is not its charge', async () => {
    const found = await falsified(
      `update statement_line set text_en = 'Other' where document = 'D1' and line = 2`,
      `update statement_line set text_en = 'Filter' where document = 'D1' and line = 2`,
    );
    expect(Object.keys(found).sort()).toEqual(['statement-hashes-match-rows', 'statement-lines-match-charges']);
    expect(found['statement-lines-match-charges']).toMatchObject([{ subject: 'S2026-01-A line 2' }]);
  });

  it('find an opening that is not the closing before it', async () => {
    const found = await falsified(
      `update statement_of_account set opening = opening + 1, closing = closing + 1 where number = 'S2026-01-A'`,
      `update statement_of_account set opening = opening - 1, closing = closing - 1 where number = 'S2026-01-A'`,
    );
    expect(found['statements-chain']).toEqual([
      { subject: 'S2026-01-A', expected: '1.25 + 226.00 in 2 lines', found: '2.25 + 226.00 = 228.25 in 2 lines' },
    ]);
    expect(found['closings-match-postings']).toEqual([{ subject: 'S2026-01-A', expected: '227.25', found: '228.25' }]);
    expect(found['statement-hashes-match-rows']).toHaveLength(1);
  });

  it('find a hash that is not of its rows', async () => {
    const flip = `update statement_of_account set content_hash = reverse(content_hash) where number = 'S2025-12-A'`;
    expect(await falsified(flip, flip)).toEqual({
      'statement-hashes-match-rows': [expect.objectContaining({ subject: 'S2025-12-A' })],
    });
  });

  it('name no more than they are asked for', async () => {
    await tamper(test, 'update posting set amount = amount + 1');
    expect((await disagreements(1))['charges-match-postings']).toHaveLength(1);
    expect((await disagreements())['charges-match-postings']).toHaveLength(4);
    await tamper(test, 'update posting set amount = amount - 1');
    expect(await disagreements()).toEqual({});
  });
});
