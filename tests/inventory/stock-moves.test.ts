import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/core/problem.ts';
import { availabilityOf, receiveStock, releaseStock, reserveStock, shipStock } from '../../src/inventory/index.ts';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, forceClass, locationId, stockDisagreements, transact } from './stock-builder.ts';

let test: TestApp;
let warehouse: string;
let parts: Map<string, string>;
const part = (number: string) => parts.get(number) as string;

beforeAll(async () => {
  test = await openTestApp();
  parts = await addParts(test, [{ partNumber: 'A' }, { partNumber: 'B' }, { partNumber: 'C' }, { partNumber: 'ECU' }]);
  const specialist = await test.as('parts_specialist');
  await specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' });
  await specialist.post('/v1/locations', { code: 'PLANT', kind: 'factory', nameZh: '工厂' });
  warehouse = await locationId(test, 'WH1');
});
afterAll(() => test.close());

const receive = (document: string, partNumber: string, quantity: string, receivedOn: string, unitCost = '1') =>
  transact(test, (tx, context) =>
    receiveStock(tx, context, {
      document,
      locationCode: 'WH1',
      businessOn: '2026-03-10',
      lines: [{ line: 1, partNumber, quantity, unitCost, receivedOn }],
    }),
  );
const reserve = (document: string, lines: Array<[line: number, partNumber: string, quantity: string]>) =>
  transact(test, (tx, context) =>
    reserveStock(tx, context, {
      document,
      locationId: warehouse,
      lines: lines.map(([line, number, quantity]) => ({ line, partId: part(number), quantity })),
    }),
  );
const release = (document: string, line: number, quantity: string) =>
  transact(test, (tx, context) => releaseStock(tx, context, { document, lines: [{ line, quantity }] }));
const ship = (order: string, document: string, lines: Array<[line: number, partNumber: string, quantity: string]>) =>
  transact(test, (tx, context) =>
    shipStock(tx, context, {
      orderDocument: order,
      document,
      locationId: warehouse,
      businessOn: '2026-03-10',
      lines: lines.map(([line, number, quantity]) => ({ line, partId: part(number), quantity })),
    }),
  );
const available = async (number: string) =>
  (await availabilityOf(test.dependencies.database.reader(), { partIds: [part(number)] })).get(part(number));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    error => (error instanceof Problem ? error.code : String(error)),
  );

describe('reserving', () => {
  it('takes as much as there is, earlier lines first, and never more', async () => {
    await receive('R1', 'A', '10', '2026-01-05');
    const got = await reserve('O1', [
      [2, 'A', '4'],
      [1, 'A', '7'],
      [3, 'B', '1'],
    ]);
    expect([...got].sort()).toEqual([
      [1, '7.000'],
      [2, '3.000'],
      [3, '0.000'],
    ]);
    expect(await available('A')).toEqual({ onHand: '10.000', reserved: '10.000', available: '0.000' });
    expect(await available('B')).toEqual({ onHand: '0.000', reserved: '0.000', available: '0.000' });
  });

  it('gives back exactly what is released, and nothing that is not held', async () => {
    await release('O1', 2, '3');
    expect(await available('A')).toMatchObject({ reserved: '7.000', available: '3.000' });
    expect(await codeOf(release('O1', 2, '1'))).toContain('assertion failed');
    expect(await available('A')).toMatchObject({ reserved: '7.000' });
  });

  it('adds to what the same line holds already', async () => {
    expect((await reserve('O1', [[1, 'A', '2']])).get(1)).toBe('2.000');
    expect(await available('A')).toMatchObject({ reserved: '9.000' });
    await release('O1', 1, '2');
  });

  it('counts what can be promised over active warehouses only', async () => {
    await transact(test, (tx, context) =>
      receiveStock(tx, context, {
        document: 'R2',
        locationCode: 'PLANT',
        businessOn: '2026-03-10',
        lines: [{ line: 1, partNumber: 'A', quantity: '50', unitCost: '1' }],
      }),
    );
    expect(await available('A')).toMatchObject({ onHand: '10.000' });
    const plant = await locationId(test, 'PLANT');
    const there = await availabilityOf(test.dependencies.database.reader(), {
      partIds: [part('A')],
      locationId: plant,
    });
    expect(there.get(part('A'))).toMatchObject({ onHand: '50.000' });
  });
});

describe('shipping', () => {
  it('takes the oldest first receipt first, over the borders of lots, and keeps each lot its cost', async () => {
    await receive('R3', 'A', '5', '2025-06-01', '0.9');
    await ship('O1', 'D1', [[1, 'A', '7']]);
    const rows = await query(
      test.dependencies.database.reader(),
      `select l.origin_document as lot, e.quantity, e.unit_cost from stock_entry e join stock_lot l on l.id = e.lot_id where e.document = 'D1' order by e.id`,
    );
    expect(rows).toEqual([
      { lot: 'R1', quantity: '2.000', unit_cost: '1.0000' },
      { lot: 'R3', quantity: '5.000', unit_cost: '0.9000' },
    ]);
    expect(await available('A')).toEqual({ onHand: '8.000', reserved: '0.000', available: '8.000' });
  });

  it('serves two lines of one part from the lots in turn', async () => {
    await reserve('O2', [
      [1, 'A', '3'],
      [2, 'A', '2'],
    ]);
    await ship('O2', 'D2', [
      [2, 'A', '2'],
      [1, 'A', '3'],
    ]);
    const rows = await query(
      test.dependencies.database.reader(),
      `select line, sum(quantity) as quantity from stock_entry where document = 'D2' group by line order by line`,
    );
    expect(rows).toEqual([
      { line: 1, quantity: '3.000' },
      { line: 2, quantity: '2.000' },
    ]);
  });

  it('refuses what the line does not hold, naming it, and moves nothing', async () => {
    await reserve('O3', [[1, 'A', '1']]);
    expect(await codeOf(ship('O3', 'D3', [[1, 'A', '2']]))).toBe('INSUFFICIENT_STOCK');
    expect(await codeOf(ship('O9', 'D3', [[1, 'A', '1']]))).toBe('INSUFFICIENT_STOCK');
    expect(await available('A')).toEqual({ onHand: '3.000', reserved: '1.000', available: '2.000' });
    expect(await stockDisagreements(test)).toEqual({});
  });

  it('refuses a part that became core after it was reserved, and its reservation can only shrink', async () => {
    await receive('R4', 'ECU', '2', '2026-01-01');
    await reserve('O4', [[1, 'ECU', '1']]);
    await forceClass(test, 'ECU', 'core');
    expect(await codeOf(ship('O4', 'D4', [[1, 'ECU', '1']]))).toBe('CORE_PART_BLOCKED');
    expect(await codeOf(reserve('O5', [[1, 'ECU', '1']]))).toBe('CORE_PART_BLOCKED');
    expect(await codeOf(reserve('O4', [[1, 'ECU', '1']]))).toBe('CORE_PART_BLOCKED');
    await release('O4', 1, '1');
    expect(await available('ECU')).toMatchObject({ reserved: '0.000' });
  });
});

describe('20 at once on the last unit', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => index);

  it('reserve it for one order and nothing for the others', async () => {
    await receive('R5', 'C', '1', '2026-01-01');
    const got = await Promise.all(twenty.map(index => reserve(`RACE-${index}`, [[1, 'C', '1']])));
    expect(got.map(lines => lines.get(1)).sort()).toEqual([...Array(19).fill('0.000'), '1.000']);
    expect(await available('C')).toEqual({ onHand: '1.000', reserved: '1.000', available: '0.000' });
  });

  it('ship it once, and 19 are refused', async () => {
    await release((await holder()) as string, 1, '1');
    await reserve('O6', [[1, 'C', '1']]);
    const outcomes = await Promise.all(twenty.map(index => codeOf(ship('O6', `D-RACE-${index}`, [[1, 'C', '1']]))));
    expect(outcomes.sort()).toEqual([...Array(19).fill('INSUFFICIENT_STOCK'), 'done']);
    expect(await available('C')).toEqual({ onHand: '0.000', reserved: '0.000', available: '0.000' });
    expect(await stockDisagreements(test)).toEqual({});
  });

  async function holder(): Promise<string | undefined> {
    const [row] = await query<{ document: string }>(
      test.dependencies.database.reader(),
      `select document from reservation where part_id = $1 and quantity > 0`,
      [part('C')],
    );
    return row?.document;
  }
});
