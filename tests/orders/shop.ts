/** A firm that can sell: dealers, parts with prices, a tariff and a warehouse. Two lists: CNY without tax, USD with it. */

import { inventoryChecks } from '../../src/inventory/index.ts';
import { ordersChecks } from '../../src/orders/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { createFreightTariff } from '../../src/pricing/index.ts';
import { addParts, addPriceList, MAKER, publishPrices, transact } from '../pricing/builders.ts';
import type { Answer, TestApp } from '../support/test-app.ts';

export const PRICES: Readonly<Record<string, string>> = {
  PUMP: '100.00',
  FILTER: '9.99',
  BOLT: '0.3333',
  HOSE: '7.77',
  BELT: '25.10',
};

export async function openShop(test: TestApp): Promise<void> {
  await addParts(test, [
    { partNumber: 'PUMP', weightKg: '2' },
    { partNumber: 'FILTER', partClass: 'wear', weightKg: '0.2' },
    { partNumber: 'BOLT', partClass: 'standard', weightKg: '0.01' },
    { partNumber: 'HOSE', unit: 'metre', weightKg: '0.3' },
    { partNumber: 'BELT', weightKg: '0.5' },
    { partNumber: 'ECU', partClass: 'core', weightKg: '1' },
    { partNumber: 'UNPRICED', weightKg: '1' },
  ]);
  await addPriceList(test, { code: 'S-CNY' });
  await addPriceList(test, { code: 'S-USD', currency: 'USD', taxInclusive: true });
  await publishPrices(test, 'S-CNY', '2026-01-01', PRICES);
  await publishPrices(test, 'S-USD', '2026-01-01', PRICES);
  for (const currency of ['CNY', 'USD']) {
    await transact(test, tx =>
      createFreightTariff(tx, MAKER, {
        zone: 'north',
        carriage: 'road',
        currency,
        firstWeightKg: '1',
        firstPrice: '12.00',
        continuedWeightKg: '1',
        continuedPrice: '2.50',
        validFrom: '2026-01-01',
      }),
    );
  }
  const specialist = await test.as('parts_specialist');
  const dealer = { zone: 'north', nameZh: '农机' };
  await specialist.post('/v1/dealers', { code: 'HEBEI', currency: 'CNY', ...dealer });
  await specialist.post('/v1/dealers', { code: 'HENAN', currency: 'CNY', ...dealer });
  await specialist.post('/v1/dealers', { code: 'IOWA', currency: 'USD', ...dealer });
  await specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' });
  await specialist.post('/v1/locations', { code: 'WH2', kind: 'warehouse', nameZh: '二库' });
}

export async function stock(test: TestApp, quantities: Readonly<Record<string, string>>): Promise<void> {
  const keeper = await test.as('warehouse_keeper');
  const lines = Object.entries(quantities).map(([partNumber, quantity]) => ({ partNumber, quantity, unitCost: '1' }));
  const made = await keeper.post('/v1/stock-receipts', { locationCode: 'WH1', lines });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
}

let documents = 0;

/** Places an order of a dealer; fails the test where it is refused. */
export async function order(
  test: TestApp,
  dealerCode: string,
  lines: Readonly<Record<string, string>>,
  more: object = {},
): Promise<Answer['body']> {
  const dealer = await test.as('dealer', dealerCode);
  documents += 1;
  const answer = await dealer.post('/v1/orders', {
    dealerDocument: `PO-${documents}`,
    lines: Object.entries(lines).map(([partNumber, quantity]) => ({ partNumber, quantity })),
    ...more,
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

export async function account(test: TestApp, dealerCode: string): Promise<{ balance: string; open_orders: string }> {
  const row = await queryOne<{ balance: string; open_orders: string }>(
    test.dependencies.database.reader(),
    'select a.balance, a.open_orders from dealer_account a join dealer d on d.id = a.dealer_id where d.code = $1',
    [dealerCode],
  );
  if (row === null) throw new Error(`no account of ${dealerCode}`);
  return row;
}

export async function level(test: TestApp, partNumber: string): Promise<{ on_hand: string; reserved: string } | null> {
  return await queryOne(
    test.dependencies.database.reader(),
    `select s.on_hand, s.reserved from stock_level s join part p on p.id = s.part_id join location l on l.id = s.location_id
     where p.part_number = $1 and l.code = 'WH1'`,
    [partNumber],
  );
}

/** Types of the events of a dealer, in order. */
export async function events(test: TestApp, dealerCode: string): Promise<string[]> {
  const rows = await query<{ type: string }>(
    test.dependencies.database.reader(),
    'select type from event where stream = $1 order by sequence',
    [dealerCode],
  );
  return rows.map(({ type }) => type);
}

/** Every disagreement of the proofs of stock and orders, by the name of the check. */
export async function disagreements(test: TestApp): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const check of [...inventoryChecks, ...ordersChecks]) {
    const list = await check.run(test.dependencies.database.reader(), 10);
    if (list.length > 0) found[check.name] = list;
  }
  return found;
}
