import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, stockDisagreements } from './stock-builder.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await addParts(test, [
    { partNumber: 'FILTER', partClass: 'wear' },
    { partNumber: 'HOSE', unit: 'metre' },
    { partNumber: 'ECU', partClass: 'core' },
  ]);
  const specialist = await test.as('parts_specialist');
  await specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' });
  await specialist.post('/v1/locations', { code: 'PLANT', kind: 'factory', nameZh: '工厂' });
});
afterAll(() => test.close());

const line = { partNumber: 'FILTER', quantity: '10', unitCost: '12.5' };

describe('a stock receipt', () => {
  it('makes a lot per line, moves the level and stands in the ledger', async () => {
    const keeper = await test.as('warehouse_keeper');
    const made = await keeper.post('/v1/stock-receipts', {
      locationCode: 'WH1',
      receivedOn: '2026-03-01',
      lines: [
        line,
        { partNumber: 'HOSE', quantity: '2.5', unitCost: '8.0001' },
        { ...line, quantity: '5', unitCost: '13', receivedOn: '2025-11-30' },
      ],
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        locationCode: 'WH1',
        receivedOn: '2026-03-01',
        lines: [
          { line: 1, partNumber: 'FILTER', quantity: '10.000', unitCost: '12.5000', receivedOn: '2026-03-01' },
          { line: 2, partNumber: 'HOSE', quantity: '2.500', unitCost: '8.0001', receivedOn: '2026-03-01' },
          { line: 3, partNumber: 'FILTER', quantity: '5.000', unitCost: '13.0000', receivedOn: '2025-11-30' },
        ],
      },
    });
    const levels = (await keeper.get('/v1/stock-levels')).body.items;
    expect(levels).toMatchObject([
      { partNumber: 'FILTER', locationCode: 'WH1', onHand: '15.000', reserved: '0.000', available: '15.000' },
      { partNumber: 'HOSE', locationCode: 'WH1', onHand: '2.500', unit: 'metre' },
    ]);
    const entries = (await keeper.get(made.headers['location'] as string)).body.items;
    expect(entries).toMatchObject([
      {
        line: 3,
        partNumber: 'FILTER',
        fromLocationCode: 'SUPPLIER',
        toLocationCode: 'WH1',
        businessOn: '2026-03-01',
        lotReceivedOn: '2025-11-30',
      },
      { line: 2 },
      {
        line: 1,
        quantity: '10.000',
        documentKind: 'receipt',
        document: made.body.number,
        lotDocument: made.body.number,
      },
    ]);
  });

  it('shows what a lot cost only to those who may read costs', async () => {
    const seen = async (role: 'warehouse_keeper' | 'parts_specialist') =>
      (await (await test.as(role)).get('/v1/stock-entries?partNumber=HOSE')).body.items[0].unitCost;
    expect(await seen('warehouse_keeper')).toBeNull();
    expect(await seen('parts_specialist')).toBe('8.0001');
  });

  it('adds to the level that is there', async () => {
    const keeper = await test.as('warehouse_keeper');
    await keeper.post('/v1/stock-receipts', { locationCode: 'WH1', lines: [line] });
    const { items } = (await keeper.get('/v1/stock-levels?partNumber=FILTER&locationCode=WH1')).body;
    expect(items).toMatchObject([{ onHand: '25.000' }]);
  });

  it('refuses unknown parts, broken pieces and nothing, line by line, and receives none of it', async () => {
    const keeper = await test.as('warehouse_keeper');
    const lines = [line, { ...line, partNumber: 'NONE' }, { ...line, quantity: '1.5' }, { ...line, quantity: '0' }];
    const refused = await keeper.post('/v1/stock-receipts', { locationCode: 'WH1', lines });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'RECEIPT_LINES_REFUSED',
        lines: [
          { line: 2, partNumber: 'NONE', code: 'PART_NOT_FOUND' },
          { line: 3, code: 'QUANTITY_NOT_WHOLE' },
          { line: 4, code: 'QUANTITY_NOT_POSITIVE' },
        ],
      },
    });
    expect((await keeper.get('/v1/stock-levels?partNumber=FILTER')).body.items[0].onHand).toBe('25.000');
  });

  it('refuses an edge of the stock, an unknown place and a day to come', async () => {
    const keeper = await test.as('warehouse_keeper');
    const post = async (body: object) =>
      (await keeper.post('/v1/stock-receipts', { lines: [line], ...body })).body.code;
    expect(await post({ locationCode: 'CUSTOMER' })).toBe('LOCATION_NOT_RECEIVING');
    expect(await post({ locationCode: 'WH9' })).toBe('LOCATION_NOT_FOUND');
    expect(await post({ locationCode: 'WH1', receivedOn: '2026-03-11' })).toBe('RECEIPT_DATE_INVALID');
    expect(await post({ locationCode: 'WH1', lines: [{ ...line, receivedOn: '2026-03-11' }] })).toBe(
      'RECEIPT_DATE_INVALID',
    );
    expect(await post({ locationCode: 'WH1', receivedOn: '2026-02-30' })).toBe('BUSINESS_DATE_INVALID');
  });

  it('belongs to the warehouse keeper', async () => {
    const specialist = await test.as('parts_specialist');
    expect((await specialist.post('/v1/stock-receipts', { locationCode: 'WH1', lines: [line] })).status).toBe(403);
  });
});

describe('a core-IP part', () => {
  const core = { partNumber: 'ECU', quantity: '1', unitCost: '900' };

  it('is received at the factory and nowhere else, and the attempt is audited', async () => {
    const keeper = await test.as('warehouse_keeper');
    const refused = await keeper.post('/v1/stock-receipts', { locationCode: 'WH1', lines: [core] });
    expect(refused).toMatchObject({ status: 422, body: { code: 'CORE_PART_BLOCKED', partNumber: 'ECU' } });
    const [audit] = await query(
      test.dependencies.database.reader(),
      `select outcome, after ->> 'code' as code from audit_entry order by id desc limit 1`,
    );
    expect(audit).toEqual({ outcome: 'refused', code: 'CORE_PART_BLOCKED' });
    expect((await keeper.post('/v1/stock-receipts', { locationCode: 'PLANT', lines: [core] })).status).toBe(201);
  });

  it('is stopped by the database whoever asks and whatever they claim', async () => {
    const move = (to: string) =>
      query(
        test.dependencies.database.reader(),
        `insert into stock_entry (from_location_id, to_location_id, part_id, lot_id, quantity, unit_cost, business_on, posted_at,
           document_kind, document, line, actor, part_class, from_kind, to_kind)
         select f.id, t.id, s.part_id, s.id, 1, s.unit_cost, '2026-03-10', now(), 'transfer', 'T1', 1, 'x', 'wear', 'factory', 'factory'
         from stock_lot s join part p on p.id = s.part_id, location f, location t where p.part_number = 'ECU' and f.code = 'PLANT' and t.code = $1`,
        [to],
      );
    for (const to of ['CUSTOMER', 'WH1', 'SCRAP', 'COUNT-DIFFERENCE']) {
      await expect(move(to), to).rejects.toThrow('stock_entry_core_destination');
    }
    await move('SUPPLIER');
  });

  it('is reserved for nobody, by the database too', async () => {
    await expect(
      query(
        test.dependencies.database.reader(),
        `insert into reservation (location_id, part_id, document, line, quantity, created_at)
         select s.location_id, s.part_id, 'O1', 1, 1, now() from stock_level s join part p on p.id = s.part_id where p.part_number = 'ECU'`,
      ),
    ).rejects.toThrow('core parts are not reserved');
  });
});

it('the ledger takes no change and no deletion', async () => {
  const reader = test.dependencies.database.reader();
  await expect(query(reader, 'update stock_entry set quantity = 1')).rejects.toThrow();
  await expect(query(reader, 'delete from stock_lot')).rejects.toThrow();
  // the row the test above wrote past the verbs is the one disagreement there is
  expect(Object.keys(await stockDisagreements(test))).toEqual([
    'stock-levels-match-ledger',
    'lots-match-ledger',
    'lot-value-conserved',
  ]);
});
