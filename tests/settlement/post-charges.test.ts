import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, hold, makeDealer, makePart, post, release, select } from './ledger.ts';

let test: TestApp;
let part: string;
beforeAll(async () => {
  test = await openTestApp();
  part = await makePart(test, 'P1');
});
afterAll(() => test.close());

const account = async (code: string) =>
  (
    await select(
      test,
      'select a.balance, a.open_orders from dealer_account a join dealer d on d.id = a.dealer_id where d.code = $1',
      [code],
    )
  )[0];
const refused = (code: string, facts: object = {}) =>
  expect.objectContaining({ code, facts: expect.objectContaining(facts) });
const FREIGHT = {
  line: 2,
  chargeKind: 'freight',
  partId: null,
  net: '9.17',
  tax: '0.83',
  gross: '10.00',
  taxRate: '0.09',
} as const;

describe('the charges of a document', () => {
  it('move net to revenue, tax to output tax and gross to the receivable', async () => {
    const dealer = await makeDealer(test, 'A');
    await post(test, dealer, 'D1', '2026-03-02', [charge(part), charge(part, FREIGHT)]);
    expect(
      await select(test, 'select debit_account, credit_account, amount from posting order by amount desc'),
    ).toEqual([
      { debit_account: 'receivable', credit_account: 'revenue', amount: '109.17' },
      { debit_account: 'receivable', credit_account: 'output_tax', amount: '13.83' },
    ]);
    expect(await account('A')).toEqual({ balance: '123.00', open_orders: '0.00' });
  });

  it('that are a credit move the other way', async () => {
    const dealer = await makeDealer(test, 'B');
    await post(test, dealer, 'D2', '2026-03-02', [
      charge(part, { quantity: '-2', net: '-100.00', tax: '-13.00', gross: '-113.00' }),
    ]);
    expect(
      await select(
        test,
        `select debit_account, credit_account, amount from posting join journal_entry e on e.id = journal_entry_id where document = 'D2' order by amount`,
      ),
    ).toEqual([
      { debit_account: 'output_tax', credit_account: 'receivable', amount: '13.00' },
      { debit_account: 'revenue', credit_account: 'receivable', amount: '100.00' },
    ]);
    expect(await account('B')).toEqual({ balance: '-113.00', open_orders: '0.00' });
  });

  it('are posted once', async () => {
    const dealer = await makeDealer(test, 'C');
    await post(test, dealer, 'D3', '2026-03-02', [charge(part)]);
    await expect(post(test, dealer, 'D3', '2026-03-02', [charge(part)])).rejects.toEqual(
      refused('DOCUMENT_ALREADY_POSTED'),
    );
    // not in another period either
    await expect(post(test, dealer, 'D3', '2026-02-02', [charge(part)])).rejects.toEqual(
      refused('DOCUMENT_ALREADY_POSTED'),
    );
    expect(await account('C')).toEqual({ balance: '113.00', open_orders: '0.00' });
  });

  it('are told to the dealer', async () => {
    const dealer = await makeDealer(test, 'D');
    await post(test, dealer, 'D4', '2026-03-02', [charge(part)]);
    expect(await select(test, `select type, subject from event where stream = 'D'`)).toEqual([
      {
        type: 'charges.posted',
        subject: {
          documentKind: 'shipment',
          document: 'D4',
          period: '2026-03',
          businessOn: '2026-03-02',
          currency: 'CNY',
          gross: '113.00',
          lines: 1,
        },
      },
    ]);
  });

  it('give up what the order held in the same step', async () => {
    const dealer = await makeDealer(test, 'E', { creditLimit: '226.00' });
    await hold(test, dealer, '226.00');
    await post(test, dealer, 'D5', '2026-03-02', [charge(part)], '113.00');
    expect(await account('E')).toEqual({ balance: '113.00', open_orders: '113.00' });
    await release(test, dealer, '113.00');
    expect(await account('E')).toEqual({ balance: '113.00', open_orders: '0.00' });
  });
});

describe('the credit limit', () => {
  it('is reached and never passed, by orders and by charges', async () => {
    const dealer = await makeDealer(test, 'L1', { creditLimit: '200.00' });
    await hold(test, dealer, '100.00');
    await expect(hold(test, dealer, '100.01')).rejects.toEqual(
      refused('CREDIT_LIMIT_EXCEEDED', {
        creditLimit: '200.00',
        balance: '0.00',
        openOrders: '100.00',
        available: '100.00',
        amount: '100.01',
        currency: 'CNY',
      }),
    );
    await hold(test, dealer, '100.00');
    await expect(post(test, dealer, 'L1', '2026-03-02', [charge(part)], '100.00')).rejects.toEqual(
      refused('CREDIT_LIMIT_EXCEEDED'),
    );
    expect(await account('L1')).toEqual({ balance: '0.00', open_orders: '200.00' });
    expect(await select(test, `select 1 from journal_entry where document = 'L1'`)).toEqual([]);
  });

  it('lets what adds nothing pass, even when it was lowered below the exposure', async () => {
    const dealer = await makeDealer(test, 'L2', { creditLimit: '200.00' });
    await hold(test, dealer, '113.00');
    await select(test, `update dealer set credit_limit = 0 where code = 'L2'`);
    expect(await post(test, dealer, 'L2', '2026-03-02', [charge(part)], '113.00')).toMatchObject({ period: '2026-03' });
    await post(test, dealer, 'L2-R', '2026-03-02', [
      charge(part, { quantity: '-2', net: '-100.00', tax: '-13.00', gross: '-113.00' }),
    ]);
    await expect(hold(test, dealer, '0.01')).rejects.toEqual(refused('CREDIT_LIMIT_EXCEEDED'));
  });

  it('holds when twenty orders want the last of it at once', async () => {
    const dealer = await makeDealer(test, 'L3', { creditLimit: '1000.00' });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => hold(test, dealer, '100.00')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(refused('CREDIT_LIMIT_EXCEEDED'));
    }
    expect(await account('L3')).toEqual({ balance: '0.00', open_orders: '1000.00' });
  });

  it('holds when charges and orders meet on it', async () => {
    const dealer = await makeDealer(test, 'L4', { creditLimit: '500.00' });
    const work = Array.from({ length: 20 }, (_, at) =>
      at % 2 === 0 ? hold(test, dealer, '113.00') : post(test, dealer, `L4-${at}`, '2026-03-02', [charge(part)]),
    );
    const outcomes = await Promise.allSettled(work);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    const [row] = await select<{ exposure: string; posted: string; charged: string }>(
      test,
      `select balance + open_orders as exposure, balance as posted, (select coalesce(sum(gross), 0.00) from charge c where c.dealer_id = a.dealer_id) as charged
       from dealer_account a where dealer_id = $1`,
      [dealer.id],
    );
    expect(row?.exposure).toBe('452.00');
    expect(row?.posted).toBe(row?.charged);
  });

  it('is kept by the database, whoever moves the account', async () => {
    const dealer = await makeDealer(test, 'L6', { creditLimit: '200.00' });
    const { database, clock } = test.dependencies;
    const set = (change: string) =>
      inTransaction(database, { now: clock.now() }, tx =>
        query(tx, `update dealer_account set ${change} where dealer_id = $1`, [dealer.id]),
      );
    await set('open_orders = 100, balance = 100');
    await expect(set('open_orders = open_orders + 0.01')).rejects.toEqual(refused('CREDIT_LIMIT_EXCEEDED'));
    await set('balance = 300, open_orders = 50');
    await expect(set('balance = 149, open_orders = 51.01')).rejects.toEqual(refused('CREDIT_LIMIT_EXCEEDED'));
    await expect(select(test, 'delete from dealer_account')).rejects.toThrow(/permission denied/);
    expect(await account('L6')).toEqual({ balance: '300.00', open_orders: '50.00' });
  });

  it('does not exist where none is set', async () => {
    const dealer = await makeDealer(test, 'L5');
    await hold(test, dealer, '9999999999.99');
    expect(await account('L5')).toEqual({ balance: '0.00', open_orders: '9999999999.99' });
  });
});

describe('a document dated in a closed month', () => {
  it('is posted in the next one and can never reach behind a frozen statement', async () => {
    const dealer = await makeDealer(test, 'P');
    await post(test, dealer, 'P1', '2026-01-02', [charge(part)]);
    await close(test, '2026-01');
    expect(await post(test, dealer, 'P2', '2026-01-30', [charge(part)])).toMatchObject({ period: '2026-03' });
    await expect(
      select(
        test,
        `insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
         select $1, 'CNY', id, 'shipment', 'P3', first_on, now(), 'test' from fiscal_period where name = '2026-01'`,
        [dealer.id],
      ),
    ).rejects.toThrow(/period 2026-01 is closed/);
  });
});
