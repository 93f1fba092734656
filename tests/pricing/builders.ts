/** Rows other modules own, put straight into their tables, and lists with prices in force made through the verbs. */
import { systemContext } from '../../src/access/index.ts';
import { query, queryOne, type Tx } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import {
  addReleaseLines,
  approveRelease,
  createPriceList,
  draftRelease,
  publishRelease,
  submitRelease,
} from '../../src/pricing/index.ts';
import type { TestApp } from '../support/test-app.ts';

export type NewPart = {
  partNumber: string;
  partClass?: 'standard' | 'wear' | 'functional' | 'core';
  unit?: string;
  taxClass?: string;
  weightKg?: string | null;
  serviceable?: boolean;
  activeFrom?: string;
  activeTo?: string;
};

export const NOW = new Date('2026-03-10T02:00:00Z');
const TODAY = '2026-03-10';

export const MAKER = systemContext('maker', NOW, TODAY);
export const CHECKER = systemContext('checker', NOW, TODAY);

export function transact<Result>(test: TestApp, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return inTransaction(test.dependencies.database, { now: NOW }, work);
}

export async function addParts(test: TestApp, parts: readonly NewPart[]): Promise<void> {
  await query(
    test.dependencies.database.reader(),
    `insert into part (part_number, name_zh, name_en, part_class, unit, tax_class, weight_kg, serviceable, active_from, active_to, created_at, updated_at)
     select p ->> 'partNumber', '配件' || (p ->> 'partNumber'), 'Part ' || (p ->> 'partNumber'), coalesce(p ->> 'partClass', 'functional'),
            coalesce(p ->> 'unit', 'piece'), coalesce(p ->> 'taxClass', 'part'), (p ->> 'weightKg')::numeric,
            coalesce((p ->> 'serviceable')::boolean, true), (p ->> 'activeFrom')::date, (p ->> 'activeTo')::date, $2, $2
     from jsonb_array_elements($1::jsonb) as p`,
    [JSON.stringify(parts), NOW.toISOString()],
  );
}

/** `part` is replaced by `successor`, known since `since`; a successor that is not in the catalog dangles. */
export async function supersede(test: TestApp, part: string, successor: string, since = NOW): Promise<void> {
  await query(
    test.dependencies.database.reader(),
    `insert into supersession (part_id, successor_number, successor_id, created_at)
     select id, $2, (select id from part where part_number = $2), $3 from part where part_number = $1`,
    [part, successor, since.toISOString()],
  );
}

export async function reclassify(test: TestApp, partNumber: string, partClass: string, at = NOW): Promise<void> {
  await query(
    test.dependencies.database.reader(),
    'update part set part_class = $2, updated_at = $3 where part_number = $1',
    [partNumber, partClass, at.toISOString()],
  );
}

export async function addDealer(test: TestApp, code: string, currency = 'CNY', zone: string | null = null) {
  const dealer = await queryOne<{ id: string; currency: string; zone: string | null }>(
    test.dependencies.database.reader(),
    `insert into dealer (code, name_zh, currency, zone, created_at, updated_at) values ($1, $1, $2, $3, $4, $4)
     returning id, currency, zone`,
    [code, currency, zone, NOW.toISOString()],
  );
  return dealer as NonNullable<typeof dealer>;
}

export async function addPriceList(
  test: TestApp,
  list: { code: string; kind?: 'settlement' | 'guidance'; currency?: string; taxInclusive?: boolean },
): Promise<void> {
  await transact(test, tx =>
    createPriceList(tx, MAKER, { kind: 'settlement', currency: 'CNY', taxInclusive: false, ...list }),
  );
}

/** Prices by part number, in force from a day on, with both persons; returns the number of the release. */
export async function publishPrices(
  test: TestApp,
  priceList: string,
  effectiveOn: string,
  prices: Readonly<Record<string, string>>,
  publishedOn = TODAY,
): Promise<string> {
  const number = await approvedRelease(test, priceList, effectiveOn, prices);
  const maker = systemContext('maker', new Date(`${publishedOn}T02:00:00Z`), publishedOn);
  await transact(test, tx => publishRelease(tx, maker, { number }));
  return number;
}

/** The same, one step before publication. */
export async function approvedRelease(
  test: TestApp,
  priceList: string,
  effectiveOn: string,
  prices: Readonly<Record<string, string>>,
): Promise<string> {
  return await transact(test, async tx => {
    const { number } = await draftRelease(tx, MAKER, { priceList, effectiveOn });
    const lines = Object.entries(prices).map(([partNumber, unitPrice]) => ({ partNumber, unitPrice }));
    await addReleaseLines(tx, MAKER, number, lines);
    await submitRelease(tx, MAKER, { number });
    await approveRelease(tx, CHECKER, { number });
    return number;
  });
}
