/** Rows that stock needs below it, inserted directly, and the verbs of stock called in transactions of their own. */
import pg from 'pg';
import type { Context } from '../../src/access/index.ts';
import { inventoryChecks } from '../../src/inventory/index.ts';
import { query, queryOne, type Tx } from '../../src/platform/database.ts';
import { today } from '../../src/platform/dependencies.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import type { TestApp } from '../support/test-app.ts';

export type BuiltPart = { readonly partNumber: string; readonly partClass?: string; readonly unit?: string };

/** Adds parts and returns their ids by number. */
export async function addParts(test: TestApp, parts: readonly BuiltPart[]): Promise<Map<string, string>> {
  const rows = await query<{ id: string; part_number: string }>(
    test.dependencies.database.reader(),
    `insert into part (part_number, name_zh, name_en, part_class, unit, weight_kg, created_at, updated_at)
     select p.number, p.number, p.number, p.class, p.unit, 1, now(), now()
     from unnest($1::text[], $2::text[], $3::text[]) as p(number, class, unit) returning id, part_number`,
    [
      parts.map(part => part.partNumber),
      parts.map(part => part.partClass ?? 'functional'),
      parts.map(part => part.unit ?? 'piece'),
    ],
  );
  return new Map(rows.map(row => [row.part_number, row.id]));
}

/** Makes a part of another class past every guard of the catalog, as a later rule for reclassified stock might. */
export async function forceClass(test: TestApp, partNumber: string, partClass: string): Promise<void> {
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  try {
    await owner.query('set session_replication_role = replica');
    await owner.query('update part set part_class = $2 where part_number = $1', [partNumber, partClass]);
  } finally {
    await owner.end();
  }
}

export async function locationId(test: TestApp, code: string): Promise<string> {
  const row = await queryOne<{ id: string }>(
    test.dependencies.database.reader(),
    'select id from location where code = $1',
    [code],
  );
  if (row === null) throw new Error(`no location ${code}`);
  return row.id;
}

export function contextOfTest(test: TestApp): Context {
  const principal = {
    name: 'system:test',
    roles: [],
    permissions: new Set<never>(),
    dealerId: null,
    dealerCode: null,
    language: 'en' as const,
  };
  return { principal, now: test.dependencies.clock.now(), today: today(test.dependencies) };
}

/** Runs `work` in one transaction, as a command would. */
export async function transact<Result>(
  test: TestApp,
  work: (tx: Tx, context: Context) => Promise<Result>,
): Promise<Result> {
  const context = contextOfTest(test);
  return await inTransaction(test.dependencies.database, { now: context.now }, tx => work(tx, context));
}

/** Every disagreement of the proofs of stock, by the name of the check. */
export async function stockDisagreements(test: TestApp): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const check of inventoryChecks) {
    const list = await check.run(test.dependencies.database.reader(), 10);
    if (list.length > 0) found[check.name] = list;
  }
  return found;
}
