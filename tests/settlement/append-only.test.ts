import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, type Dealer, makeDealer, makePart, post, select } from './ledger.ts';

const LEDGERS = ['journal_entry', 'posting', 'charge', 'statement_of_account', 'statement_line'];

let test: TestApp;
let owner: pg.Client;
let dealer: Dealer;
let part: string;
beforeAll(async () => {
  test = await openTestApp();
  part = await makePart(test, 'P1');
  dealer = await makeDealer(test, 'A');
  await post(test, dealer, 'D1', '2026-01-05', [charge(part)]);
  await post(test, dealer, 'D2', '2026-02-05', [charge(part)]);
  await close(test, '2026-01');
  owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await test.close();
});

describe.each(LEDGERS)('%s', table => {
  const first = table === 'statement_line' ? 'position' : 'id';
  it('is never changed, deleted or emptied by the service', async () => {
    for (const statement of [`update ${table} set ${first} = default`, `delete from ${table}`, `truncate ${table}`]) {
      await expect(select(test, statement)).rejects.toThrow(/permission denied/);
    }
  });

  it('is never changed, deleted or emptied by anybody', async () => {
    for (const statement of [
      `update ${table} set ${first} = default`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ]) {
      const changed =
        statement.startsWith('update') && first === 'position' ? `update ${table} set position = 7` : statement;
      await expect(owner.query(changed)).rejects.toThrow(/append-only/);
    }
  });
});

describe('a closed period takes nothing more, whatever is tried', () => {
  const inClosed = `select id from journal_entry where document = 'D1'`;
  it.each([
    [
      'an entry',
      `insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
       select dealer_id, currency, period_id, document_kind, 'D9', business_on, posted_at, actor from journal_entry where document = 'D1'`,
    ],
    [
      'a charge',
      `insert into charge (journal_entry_id, dealer_id, period_id, business_on, document, line, part_id, text_zh, quantity, unit_price, tax_rate, net, tax, gross)
       select journal_entry_id, dealer_id, period_id, business_on, document, 99, part_id, text_zh, quantity, unit_price, tax_rate, net, tax, gross from charge where document = 'D1'`,
    ],
    [
      'a posting',
      `insert into posting (journal_entry_id, debit_account, credit_account, amount) values ((${inClosed}), 'receivable', 'revenue', 1)`,
    ],
  ])('%s', async (_, statement) => {
    await expect(select(test, statement)).rejects.toThrow(/period 2026-01 is closed/);
    await expect(owner.query(statement)).rejects.toThrow(/period 2026-01 is closed/);
  });

  it('nor does an open one that lies before a frozen statement of the dealer', async () => {
    await select(
      test,
      `insert into fiscal_period (name, first_on, last_on) values ('2025-12', '2025-12-01', '2025-12-31')`,
    );
    const insert = `insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
         select $1, 'CNY', id, 'history', 'H1', first_on, now(), 'test' from fiscal_period where name = '2025-12'`;
    await expect(owner.query(insert, [dealer.id])).rejects.toThrow(/statement of this or a later period is frozen/);
    const { database, clock } = test.dependencies;
    const refused = inTransaction(database, { now: clock.now() }, tx => query(tx, insert, [dealer.id]));
    await expect(refused).rejects.toMatchObject({ code: 'STATEMENT_FROZEN', status: 409 });
  });
});

describe('the database refuses', () => {
  it.each([
    ['a charge whose net and tax are not its gross', { gross: '113.01' }, /charge_adds_up/],
    ['a charge whose tax is not of its rate', { tax: '13.03', gross: '113.03' }, /charge_tax_fits/],
    ['a charge taxed at no rate', { taxRate: '0' }, /charge_tax_fits/],
    ['a charge of quantity zero', { quantity: '0' }, /charge_quantity_check/],
    ['a credit of positive quantity', { net: '-100.00', tax: '-13.00', gross: '-113.00' }, /charge_one_sign/],
    ['goods without a part', { partId: null }, /charge_goods_part/],
    ['a line without a text', { textZh: null, textEn: null }, /charge_named/],
  ])('%s', async (_, over, constraint) => {
    await expect(post(test, dealer, 'BAD', '2026-02-06', [charge(part, over)])).rejects.toThrow(constraint);
  });

  it('a statement that does not add up', async () => {
    await expect(
      owner.query(
        `insert into statement_of_account (number, dealer_id, period_id, currency, opening, movements, closing, line_count, hash_version, content_hash, frozen_at)
         select 'S9', dealer_id, (select id from fiscal_period where name = '2026-02'), currency, opening, movements, closing + 1, 0, hash_version, content_hash, frozen_at
         from statement_of_account`,
      ),
    ).rejects.toThrow(/statement_adds_up/);
  });
});
