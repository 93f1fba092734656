/** What the database refuses of orders whoever asks: the service's own role, past the verbs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { openShop, stock } from './shop.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
  await stock(test, { PUMP: '5' });
  const dealer = await test.as('dealer', 'HEBEI');
  const { number } = (await dealer.post('/v1/quotes', { lines: [{ partNumber: 'PUMP', quantity: '2' }] })).body;
  const placed = (await dealer.post('/v1/orders', { quoteNumber: number, dealerDocument: 'A' })).body;
  await (await test.as('warehouse_keeper')).post('/v1/shipments', { orderNumber: placed.number });
});
afterAll(() => test.close());

/** Inserts the first row of a table again, with other values. */
const again = (table: string, change: object) =>
  query(
    test.dependencies.database.reader(),
    `with source as (select to_jsonb(t) - 'id' || $1::jsonb as row from ${table} t limit 1), made as (
       select r.* from source, jsonb_populate_record(null::${table}, row) r)
     insert into ${table} overriding user value select * from made`,
    [JSON.stringify(change)],
  );

const another = async () => {
  const [row] = await query<{ id: string }>(
    test.dependencies.database.reader(),
    `select id from dealer where code = 'HENAN'`,
  );
  return Number(row?.id);
};

it("an order is its quote's dealer's, and a shipment its order's", async () => {
  const dealer_id = await another();
  await query(test.dependencies.database.reader(), `update quote set state = 'open'`);
  await expect(again('shipment', { number: 'D-1', dealer_id })).rejects.toThrow('shipment_dealer');
  await expect(again('shipment', { number: 'D-1' })).resolves.toEqual([]);
  const order = { number: 'O-1', dealer_document: 'B' };
  await expect(again('dealer_order', order)).rejects.toThrow('dealer_order_quote_once');
  const [quote] = await query<{ id: string }>(
    test.dependencies.database.reader(),
    `insert into quote (number, dealer_id, currency, tax_inclusive, quoted_on, valid_until, freight_mode, carriage, weight_kg,
       net, tax, gross, created_by, created_at)
     select 'Q-1', $1, currency, tax_inclusive, quoted_on, valid_until, freight_mode, carriage, weight_kg, net, tax, gross,
       created_by, created_at from quote limit 1 returning id`,
    [dealer_id],
  );
  const quote_id = Number(quote?.id);
  await expect(again('dealer_order', { ...order, quote_id })).rejects.toThrow('dealer_order_quote');
  await expect(again('dealer_order', { ...order, quote_id, dealer_id })).resolves.toEqual([]);
});

it.each([
  ['quote_line', '0.02'],
  ['dealer_order_line', '0.02'],
  ['shipment_line', '0.03'],
])('the tax of a %s is that of its rate', async (table, off) => {
  const [row] = await query<{ net: string; gross: string; tax: string }>(
    test.dependencies.database.reader(),
    `select net - $1::numeric as net, tax + $1::numeric as tax, gross from ${table} where line = 1`,
    [off],
  );
  const released = table === 'dealer_order_line' ? { released_gross: row?.gross } : {};
  await expect(again(table, { line: 7, ...row, ...released })).rejects.toThrow(`${table}_taxed`);
});
