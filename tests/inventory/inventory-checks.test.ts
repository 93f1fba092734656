/** Every proof of stock is shown to fail: somebody with the owner's rights bends one figure past triggers and keys. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiveStock, reserveStock, shipStock } from '../../src/inventory/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, locationId, stockDisagreements, transact } from './stock-builder.ts';

let test: TestApp;
let owner: pg.Client;
beforeAll(async () => {
  test = await openTestApp();
  const parts = await addParts(test, [{ partNumber: 'A' }, { partNumber: 'B' }]);
  const specialist = await test.as('parts_specialist');
  await specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' });
  const warehouse = await locationId(test, 'WH1');
  const lines = [{ line: 1, partId: parts.get('A') as string, quantity: '3' }];
  await transact(test, async (tx, context) => {
    await receiveStock(tx, context, {
      document: 'R1',
      locationCode: 'WH1',
      businessOn: '2026-03-10',
      lines: [{ line: 1, partNumber: 'A', quantity: '10', unitCost: '2.5' }],
    });
    await reserveStock(tx, context, {
      document: 'O1',
      locationId: warehouse,
      lines: [{ ...lines[0], quantity: '5' } as never],
    });
    await shipStock(tx, context, {
      orderDocument: 'O1',
      document: 'D1',
      locationId: warehouse,
      businessOn: '2026-03-10',
      lines,
    });
  });
  owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  await owner.query('set session_replication_role = replica');
});
afterAll(async () => {
  await owner.end();
  await test.close();
});

/** Bends, looks, and bends back. */
async function afterTampering(bend: string, mend: string): Promise<string[]> {
  await owner.query(bend);
  try {
    return Object.keys(await stockDisagreements(test));
  } finally {
    await owner.query(mend);
  }
}

describe('the proofs of stock', () => {
  it('agree on stock moved by the verbs', async () => {
    expect(await stockDisagreements(test)).toEqual({});
  });

  it.each([
    [
      'stock-levels-match-ledger',
      'update stock_level set on_hand = on_hand + 1',
      'update stock_level set on_hand = on_hand - 1',
    ],
    [
      'stock-levels-match-lots',
      'update lot_level set on_hand = on_hand + 1',
      'update lot_level set on_hand = on_hand - 1',
    ],
    ['lots-match-ledger', 'update lot_level set on_hand = on_hand + 1', 'update lot_level set on_hand = on_hand - 1'],
    [
      'lot-value-conserved',
      `update stock_entry set unit_cost = 2 where document = 'D1'`,
      `update stock_entry set unit_cost = 2.5 where document = 'D1'`,
    ],
    [
      'reservations-match-levels',
      'update reservation set quantity = quantity + 1',
      'update reservation set quantity = quantity - 1',
    ],
    [
      'stock-replayed-from-zero-never-negative',
      `update stock_entry set quantity = 1 where document = 'R1'`,
      `update stock_entry set quantity = 10 where document = 'R1'`,
    ],
    [
      'stock-entries-carry-their-lot',
      `update stock_entry set part_id = (select id from part where part_number = 'B') where document = 'D1'`,
      `update stock_entry set part_id = (select id from part where part_number = 'A') where document = 'D1'`,
    ],
  ])('%s fails when its figure is bent', async (name, bend, mend) => {
    expect(await afterTampering(bend, mend)).toContain(name);
    expect(await stockDisagreements(test)).toEqual({});
  });

  it('name the place, the part and both figures, and no more than asked', async () => {
    await owner.query('update stock_level set on_hand = on_hand + 1');
    const found = (await stockDisagreements(test))['stock-levels-match-ledger'];
    await owner.query('update stock_level set on_hand = on_hand - 1');
    expect(found).toEqual([{ subject: 'WH1 A', expected: '7.000', found: '8.000' }]);
  });
});
