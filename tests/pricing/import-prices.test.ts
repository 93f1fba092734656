import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportFindings, ImportOptions, ImportSource, SourceRow } from '../../src/exchange/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { pricesImport } from '../../src/pricing/index.ts';
import { type ReadPrice, readPrice } from '../../src/pricing/read-price.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, addPriceList, MAKER, NOW, publishPrices } from './builders.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await addPriceList(test, { code: 'S' });
  await addParts(test, [
    ...['A', 'B', 'C', 'D', 'E'].map(partNumber => ({ partNumber })),
    { partNumber: 'CORE', partClass: 'core' },
  ]);
  await publishPrices(test, 'S', '2026-01-01', { A: '10', B: '20', C: '30' });
});
afterAll(() => test.close());

/** Rows as the exchange hands them over: the header is line 1. */
function sourceOf(rows: ReadonlyArray<readonly [string, string]>, batch = 1_000): ImportSource {
  const all = rows.map((cells, at): SourceRow => ({ line: at + 2, cells, record: cells }));
  return {
    fileName: 'prices.csv',
    columns: new Set(['partNumber', 'unitPrice']),
    async *batches() {
      for (let at = 0; at < all.length; at += batch) yield all.slice(at, at + batch);
    },
  };
}

function load(rows: ReadonlyArray<readonly [string, string]>, options: ImportOptions = {}): Promise<ImportFindings> {
  return inTransaction(test.dependencies.database, { now: NOW, statementTimeoutMs: 0 }, tx =>
    pricesImport.run(tx, MAKER, sourceOf(rows), { priceList: 'S', effectiveOn: '2026-04-01', ...options }),
  );
}

async function linesOf(number: unknown) {
  const rows = await query<{ part_number: string; unit_price: string }>(
    test.dependencies.database.reader(),
    `select p.part_number, l.unit_price from price_release_line l join part p on p.id = l.part_id
     join price_release r on r.id = l.release_id where r.number = $1 order by 1`,
    [number],
  );
  return Object.fromEntries(rows.map(row => [row.part_number, row.unit_price]));
}

describe('a file of prices', () => {
  it('drafts a release of what is new or changed, and counts the rest unchanged', async () => {
    const found = await load([
      ['A', '10.00'],
      ['B', '21'],
      [' D ', '4.5'],
    ]);
    expect(found.counts).toEqual({
      read: 3,
      accepted: 3,
      rejected: 0,
      warned: 0,
      created: 1,
      changed: 1,
      unchanged: 1,
    });
    const number = found.result?.['release'];
    expect(await linesOf(number)).toEqual({ B: '21.0000', D: '4.5000' });
    const release = await queryOne(
      test.dependencies.database.reader(),
      'select state, effective_on, note, created_by from price_release where number = $1',
      [number],
    );
    expect(release).toEqual({
      state: 'draft',
      effective_on: '2026-04-01',
      note: 'prices.csv',
      created_by: 'system:maker',
    });
  });

  it('that says what is in force already drafts nothing', async () => {
    const found = await load([
      ['A', '10'],
      ['B', '20.0000'],
    ]);
    expect(found).toMatchObject({ counts: { accepted: 2, unchanged: 2, created: 0 }, result: { release: null } });
  });

  it('lists every line that cannot stand with its code; read is accepted and rejected', async () => {
    const found = await load([
      ['NONE', '1'],
      ['CORE', '1'],
      ['A', '11'],
      ['B', 'abc'],
      ['A', '12'],
      ['C', '0.00'],
      ['', '5'],
      ['D', ''],
      ['B', '22'],
      ['E', '-3'],
    ]);
    expect(found.rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'PART_NOT_FOUND'],
      [3, 'PART_CORE_IP'],
      [5, 'PRICE_INVALID'],
      [6, 'DUPLICATE_IN_FILE'],
      [7, 'PRICE_POSTS_AS_ZERO'],
      [8, 'PART_NOT_FOUND'],
      [9, 'PRICE_INVALID'],
      [11, 'PRICE_INVALID'],
    ]);
    expect(found.rejected[2]).toEqual({
      line: 5,
      code: 'PRICE_INVALID',
      column: 'unitPrice',
      value: 'abc',
      reason: 'NOT_A_NUMBER',
    });
    expect(found.rejected[3]).toMatchObject({ column: 'partNumber', value: 'A', firstLine: 4 });
    expect(found.counts).toMatchObject({ read: 10, accepted: 2, rejected: 8, created: 0, changed: 2 });
    expect(await linesOf(found.result?.['release'])).toEqual({ A: '11.0000', B: '22.0000' });
  });

  it('compares with what will be in force on its day, not today', async () => {
    await addParts(test, [{ partNumber: 'LATER' }]);
    await publishPrices(test, 'S', '2026-01-01', { LATER: '1' });
    await publishPrices(test, 'S', '2026-06-01', { LATER: '2' });
    expect((await load([['LATER', '2']], { effectiveOn: '2026-07-01' })).counts).toMatchObject({ unchanged: 1 });
    expect((await load([['LATER', '2']], { effectiveOn: '2026-05-01' })).counts).toMatchObject({ changed: 1 });
  });

  it('needs a list and a day that exist', async () => {
    await expect(load([['A', '1']], { priceList: 'NONE' })).rejects.toMatchObject({ code: 'PRICE_LIST_NOT_FOUND' });
    await expect(load([['A', '1']], { effectiveOn: '2026-02-30' })).rejects.toMatchObject({
      code: 'BUSINESS_DATE_INVALID',
    });
  });

  it('names each repair as a notice, and none of a line that is refused', async () => {
    const found = await load([
      ['D', '1,234.50'],
      ['E', '１２．５'],
      ['NONE', '￥1,000.00'],
    ]);
    expect(found.notices).toEqual([
      {
        line: 2,
        code: 'PRICE_REPAIRED',
        column: 'unitPrice',
        value: '1,234.50',
        repair: 'THOUSANDS_SEPARATOR',
        readAs: '1234.5000',
      },
      {
        line: 3,
        code: 'PRICE_REPAIRED',
        column: 'unitPrice',
        value: '１２．５',
        repair: 'FULL_WIDTH',
        readAs: '12.5000',
      },
    ]);
    expect(await linesOf(found.result?.['release'])).toEqual({ D: '1234.5000', E: '12.5000' });
  });

  it('of many thousand rows is loaded as whole sets', async () => {
    const parts = 20_000;
    await query(
      test.dependencies.database.reader(),
      `insert into part (part_number, name_en, part_class, unit, created_at, updated_at)
       select 'BULK' || n, 'Part', 'standard', 'piece', $2, $2 from generate_series(1, $1) as n`,
      [parts, NOW.toISOString()],
    );
    const found = await load(Array.from({ length: parts }, (_, at) => [`BULK${at + 1}`, `${at + 1}.25`] as const));
    expect(found.counts).toMatchObject({ read: parts, accepted: parts, created: parts });
    const sum = await queryOne<{ sum: string }>(
      test.dependencies.database.reader(),
      `select sum(l.unit_price) from price_release_line l join price_release r on r.id = l.release_id where r.number = $1`,
      [found.result?.['release']],
    );
    expect(sum?.sum).toBe('200015000.0000');
  });
});

describe('a price as people write it', () => {
  const read = (cell: string, currency = 'CNY'): ReadPrice => readPrice(cell, currency);
  const price = (cell: string, currency?: string) => {
    const found = read(cell, currency);
    return 'price' in found ? [found.price, ...found.repairs] : 'reason' in found ? found.reason : found.code;
  };

  it('is taken as it stands where it is plain', () => {
    for (const plain of ['1', '0.5', '12.3400', '999999999999999.9999']) expect(price(plain)).toEqual([plain]);
    expect(price('  12.5 ')).toEqual(['12.5']);
    expect(price('12.50000')).toEqual(['12.5000']);
  });

  it('is read where only one reading is possible, and the repair is named', () => {
    expect(price('1,234.5')).toEqual(['1234.5000', 'THOUSANDS_SEPARATOR']);
    expect(price('1,234,567')).toEqual(['1234567.0000', 'THOUSANDS_SEPARATOR']);
    expect(price('1 234 567.25')).toEqual(['1234567.2500', 'THOUSANDS_SEPARATOR']);
    expect(price("12'345")).toEqual(['12345.0000', 'THOUSANDS_SEPARATOR']);
    expect(price('1.234,50')).toEqual(['1234.5000', 'THOUSANDS_SEPARATOR', 'DECIMAL_COMMA']);
    expect(price('12,5')).toEqual(['12.5000', 'DECIMAL_COMMA']);
    expect(price('￥１，２３４．５０')).toEqual(['1234.5000', 'FULL_WIDTH', 'CURRENCY_SIGN', 'THOUSANDS_SEPARATOR']);
    expect(price('12.5元')).toEqual(['12.5000', 'CURRENCY_SIGN']);
    expect(price('CNY 12.5')).toEqual(['12.5000', 'CURRENCY_SIGN']);
    expect(price('£3.2', 'GBP')).toEqual(['3.2000', 'CURRENCY_SIGN']);
  });

  it('is refused where it could mean two things, or nothing', () => {
    expect(price('1,234')).toBe('AMBIGUOUS');
    expect(price('0,125')).toBe('AMBIGUOUS');
    expect(price('')).toBe('EMPTY');
    expect(price('   ')).toBe('EMPTY');
    expect(price('-5')).toBe('NEGATIVE');
    expect(price('12.34567')).toBe('TOO_MANY_DECIMALS');
    expect(price('1000000000000000')).toBe('TOO_LARGE');
    expect(price('1'.repeat(40))).toBe('TOO_LARGE');
    for (const none of ['abc', '1e3', '+5', '007', '.5', '5.', '12,34,567', '1.2.3', '$5', '€5', '面议', '=1+1', '١٢'])
      expect(price(none)).toBe('NOT_A_NUMBER');
    for (const zero of ['0', '0.00', '0.0049', '０']) expect(price(zero)).toBe('PRICE_POSTS_AS_ZERO');
    expect(price('0.005')).toEqual(['0.005']);
  });
});
