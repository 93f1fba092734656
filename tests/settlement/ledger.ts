/** Dealers, parts and postings for tests of the ledger, made by the verbs themselves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Context, systemContext } from '../../src/access/index.ts';
import { businessDateAt } from '../../src/core/business-date.ts';
import { type ImportOutcome, importFile } from '../../src/exchange/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { chargesImport } from '../../src/settlement/charges-import.ts';
import {
  closePeriod,
  holdExposure,
  type NewCharge,
  type PeriodClosing,
  type PostCharges,
  postCharges,
  releaseExposure,
} from '../../src/settlement/index.ts';
import type { TestApp } from '../support/test-app.ts';

export type Dealer = PostCharges['dealer'];

export function contextOf(test: TestApp, name = 'test'): Context {
  const now = test.dependencies.clock.now();
  return systemContext(name, now, businessDateAt(now, test.dependencies.timeZone));
}

export async function makeDealer(
  test: TestApp,
  code: string,
  { creditLimit = null, currency = 'CNY' }: { creditLimit?: string | null; currency?: string } = {},
): Promise<Dealer> {
  const row = await queryOne<Dealer>(
    test.dependencies.database.reader(),
    `with made as (
       insert into dealer (code, name_zh, currency, credit_limit, created_at, updated_at)
       values ($1, $1, $2, $3, now(), now()) returning id, code, currency
     ), account as (insert into dealer_account (dealer_id, currency) select id, currency from made)
     select * from made`,
    [code, currency, creditLimit],
  );
  return row as Dealer;
}

export async function makePart(test: TestApp, partNumber: string, unit = 'piece'): Promise<string> {
  const row = await queryOne<{ id: string }>(
    test.dependencies.database.reader(),
    `insert into part (part_number, name_zh, part_class, unit, created_at, updated_at)
     values ($1, $1, 'wear', $2, now(), now()) returning id`,
    [partNumber, unit],
  );
  return (row as { id: string }).id;
}

/** One line of 100.00 net, 13.00 tax unless told otherwise. */
export function charge(partId: string, over: Partial<NewCharge> = {}): NewCharge {
  return {
    line: 1,
    chargeKind: 'goods',
    partId,
    textZh: '滤清器',
    textEn: 'Filter',
    unit: 'piece',
    quantity: '2',
    unitPrice: '50',
    taxRate: '0.13',
    net: '100.00',
    tax: '13.00',
    gross: '113.00',
    ...over,
  };
}

export async function post(
  test: TestApp,
  dealer: Dealer,
  document: string,
  businessOn: string,
  lines: readonly NewCharge[],
  releasedExposure = '0.00',
): Promise<{ journalEntryId: string; period: string }> {
  const context = contextOf(test);
  return await inTransaction(test.dependencies.database, { now: context.now }, tx =>
    postCharges(tx, context, { documentKind: 'shipment', document, dealer, businessOn, releasedExposure, lines }),
  );
}

export async function hold(test: TestApp, { id, currency }: Dealer, amount: string): Promise<void> {
  const { database, clock } = test.dependencies;
  await inTransaction(database, { now: clock.now() }, tx => holdExposure(tx, { dealerId: id, currency, amount }));
}

export async function release(test: TestApp, { id, currency }: Dealer, amount: string): Promise<void> {
  const { database, clock } = test.dependencies;
  await inTransaction(database, { now: clock.now() }, tx => releaseExposure(tx, { dealerId: id, currency, amount }));
}

export async function close(test: TestApp, name: string): Promise<PeriodClosing> {
  return await closePeriod(test.dependencies.database, contextOf(test), name);
}

/** Runs the import of a history file given as its content, as the command line does. */
export async function importHistory(
  test: TestApp,
  text: string | Buffer,
  options: Readonly<Record<string, string | boolean>> = {},
  apply = true,
): Promise<ImportOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'partledger-history-'));
  const path = join(folder, 'history.csv');
  try {
    await writeFile(path, text);
    const { database } = test.dependencies;
    return await importFile({ database, kind: chargesImport, path, options, context: contextOf(test), apply });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A history file of these lines, in the columns of the UCI data set. */
export function historyFile(...lines: readonly string[]): string {
  return ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country', ...lines, ''].join('\n');
}

/** How many rows of each ledger table there are: two equal counts mean that nothing changed. */
export async function ledgerCounts(test: TestApp): Promise<Record<string, string>> {
  const tables = [
    'dealer',
    'part',
    'fiscal_period',
    'journal_entry',
    'posting',
    'charge',
    'event',
    'audit_entry',
    'statement_of_account',
  ];
  const counts = tables.map(table => `(select count(*) from ${table}) as ${table}`);
  const row = await queryOne<Record<string, string>>(
    test.dependencies.database.reader(),
    `select ${counts.join(', ')}`,
  );
  return row as Record<string, string>;
}

export async function select<Row>(test: TestApp, text: string, params: readonly unknown[] = []): Promise<Row[]> {
  return await query<Row>(test.dependencies.database.reader(), text, params);
}

/** As the owner of the database, triggers off: what no role of the service can do. */
export async function tamper(test: TestApp, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: test.ownerUrl });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
