/** What a part has been used for decides what it can still become; the rows that use it are put straight into their tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  await sql(`
    insert into location (code, kind, name_zh, created_at) values ('WH', 'warehouse', '仓', now()), ('F', 'factory', '厂', now());
    insert into price_list (code, kind, currency, tax_inclusive, name_zh, created_at) values ('S', 'settlement', 'CNY', false, '结算', now());
    insert into price_release (number, price_list_id, effective_on, created_by, edited_by, created_at)
    select 'P1', id, '2026-01-01', 'a', array['a'], now() from price_list`);
});
afterAll(() => test.close());

const sql = async (text: string) => {
  for (const statement of text.split(';'))
    if (statement.trim() !== '') await query(test.dependencies.database.reader(), statement);
};

async function make(partNumber: string, use = ''): Promise<void> {
  expect((await specialist.post('/v1/parts', { partNumber, nameEn: partNumber, partClass: 'functional' })).status).toBe(
    201,
  );
  if (use !== '') await sql(use.replaceAll('PART', `(select id from part where part_number = '${partNumber}')`));
}
const price = (from: string, to: string) =>
  `insert into price_release_line (release_id, part_id, unit_price) select id, PART, 10 from price_release;
   insert into price (price_list_id, part_id, unit_price, valid, release_id)
   select l.id, PART, 10, daterange(${from}, ${to}), r.id from price_list l, price_release r`;
const stock = (location: string) =>
  `insert into stock_level (location_id, part_id, on_hand) select id, PART, 3 from location where code = '${location}'`;
const change = (partNumber: string, body: object) =>
  specialist.patch(`/v1/parts/${partNumber}`, body, { 'if-match': '"1"' });

describe('a part becomes core', () => {
  it('when nothing of it is left outside the factory', async () => {
    await make('FREE');
    await make('PRICED-ONCE', price(`'2025-01-01'`, `'2026-03-10'`));
    await make('AT-HOME', stock('F'));
    for (const number of ['FREE', 'PRICED-ONCE', 'AT-HOME'])
      expect(await change(number, { partClass: 'core' }), number).toMatchObject({
        status: 200,
        body: { partClass: 'core' },
      });
  });

  it('never while it is priced, to be priced, stocked outside the factory or reserved', async () => {
    await make('PRICED', price(`'2025-01-01'`, 'null'));
    await make('PRICED-TODAY', price(`'2025-01-01'`, `'2026-03-11'`));
    await make('PRICED-LATER', price(`'2027-01-01'`, `'2027-02-01'`));
    await make('STOCKED', stock('WH'));
    await make(
      'RESERVED',
      `${stock('F')}; insert into reservation (location_id, part_id, document, line, quantity, created_at)
       select id, PART, 'O1', 1, 1, now() from location where code = 'F'`,
    );
    for (const number of ['PRICED', 'PRICED-TODAY', 'PRICED-LATER', 'STOCKED', 'RESERVED']) {
      const refused = await change(number, { partClass: 'core' });
      expect(refused, number).toMatchObject({ status: 409, body: { code: 'PART_CLASS_IN_USE' } });
      expect((await specialist.get(`/v1/parts/${number}`)).body).toMatchObject({ partClass: 'functional', version: 1 });
    }
    expect((await change('STOCKED', { partClass: 'wear' })).status).toBe(200);
  });

  it('never past the service either, while it is stocked outside the factory', async () => {
    await make('PAST', stock('WH'));
    await expect(sql(`update part set part_class = 'core' where part_number = 'PAST'`)).rejects.toThrow(/still priced/);
  });

  it('or gets a price, never both, when both are asked at once', async () => {
    for (let at = 0; at < 10; at += 1) {
      await make(`RACE${at}`);
      await Promise.allSettled([
        change(`RACE${at}`, { partClass: 'core' }),
        sql(price(`'2026-01-01'`, 'null').replaceAll('PART', `(select id from part where part_number = 'RACE${at}')`)),
      ]);
    }
    const both = await query(
      test.dependencies.database.reader(),
      `select p.part_number from part p join price v on v.part_id = p.id where p.part_class = 'core' and upper_inf(v.valid)`,
    );
    expect(both).toEqual([]);
  });
});

describe('the unit of a part', () => {
  it('changes while nothing was counted in it, and never after', async () => {
    await make('UNIT-FREE');
    await make('UNIT-PRICED', price(`'2025-01-01'`, `'2025-02-01'`));
    await make(
      'UNIT-RECEIVED',
      `insert into stock_lot (part_id, received_on, origin_kind, origin_document, origin_line, quantity, unit_cost, created_at)
       select PART, '2026-01-01', 'receipt', 'R1', 1, 1, 1, now()`,
    );
    expect((await change('UNIT-FREE', { unit: 'set' })).status).toBe(200);
    for (const number of ['UNIT-PRICED', 'UNIT-RECEIVED'])
      expect(await change(number, { unit: 'set' }), number).toMatchObject({
        status: 409,
        body: { code: 'PART_UNIT_IN_USE' },
      });
  });
});

describe('the number of a part', () => {
  it('never changes', async () => {
    await make('FIXED');
    await expect(sql(`update part set part_number = 'OTHER' where part_number = 'FIXED'`)).rejects.toThrow(
      /append-only/,
    );
    expect((await change('FIXED', { partNumber: 'OTHER' })).body.code).toBe('REQUEST_INVALID');
  });
});
