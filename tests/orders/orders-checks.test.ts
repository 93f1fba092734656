/** Every proof of orders is shown to fail: somebody with the owner's rights bends one figure past triggers and keys. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { disagreements, openShop, order, stock } from './shop.ts';

let test: TestApp;
let owner: pg.Client;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
  await stock(test, { PUMP: '5' });
  const dealer = await test.as('dealer', 'HEBEI');
  const { number } = (await dealer.post('/v1/quotes', { lines: [{ partNumber: 'PUMP', quantity: '4' }] })).body;
  const placed = (await dealer.post('/v1/orders', { quoteNumber: number, dealerDocument: 'A' })).body;
  await (await test.as('warehouse_keeper')).post('/v1/shipments', {
    orderNumber: placed.number,
    lines: [{ line: 1, quantity: '1' }],
  });
  await order(test, 'IOWA', { PUMP: '3' });
  owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  await owner.query('set session_replication_role = replica');
});
afterAll(async () => {
  await owner.end();
  await test.close();
});

describe('the proofs of orders', () => {
  it('agree on what the verbs made', async () => {
    expect(await disagreements(test)).toEqual({});
  });

  it.each([
    [
      'open-orders-match-accounts',
      'update dealer_account set open_orders = open_orders + 1',
      'update dealer_account set open_orders = open_orders - 1',
    ],
    [
      'order-lines-release-their-share',
      'update dealer_order_line set released_gross = released_gross + 0.01 where released_gross < gross',
      'update dealer_order_line set released_gross = released_gross - 0.01 where released_gross < gross',
    ],
    [
      'order-lines-match-stock-and-shipments',
      'update dealer_order_line set shipped_quantity = 0.5 where line = 1 and shipped_quantity = 1',
      'update dealer_order_line set shipped_quantity = 1 where line = 1 and shipped_quantity = 0.5',
    ],
    [
      'order-states-match-lines',
      `update dealer_order set state = 'shipped' where state = 'placed'`,
      `update dealer_order set state = 'placed' where state = 'shipped'`,
    ],
    [
      'shipments-match-stock-ledger',
      'update shipment_line set quantity = 2 where line = 1',
      'update shipment_line set quantity = 1 where line = 1',
    ],
    [
      'shipments-match-charges',
      'update charge set net = net - 0.1, gross = gross - 0.1',
      'update charge set net = net + 0.1, gross = gross + 0.1',
    ],
    [
      'shipments-match-charges',
      'update charge set business_on = business_on + 1',
      'update charge set business_on = business_on - 1',
    ],
    ['shipments-match-charges', 'update charge set tax_rate = 0.1301', 'update charge set tax_rate = 0.13'],
    [
      'documents-are-sums-of-lines',
      'update shipment set net = net + 1, gross = gross + 1',
      'update shipment set net = net - 1, gross = gross - 1',
    ],
    [
      'documents-are-sums-of-lines',
      'update quote set net = net + 1, gross = gross + 1',
      'update quote set net = net - 1, gross = gross - 1',
    ],
    [
      'documents-are-sums-of-lines',
      'update dealer_order set net = net + 1, gross = gross + 1',
      'update dealer_order set net = net - 1, gross = gross - 1',
    ],
    ['quotes-match-orders', `update quote set state = 'open'`, `update quote set state = 'ordered'`],
  ])('%s fails when its figure is bent', async (name, bend, mend) => {
    await owner.query(bend);
    const found = Object.keys(await disagreements(test));
    await owner.query(mend);
    expect(found).toContain(name);
    expect(await disagreements(test)).toEqual({});
  });
});
