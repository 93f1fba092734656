import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { query, queryOne } from '../../src/platform/database.ts';
import { forceClass } from '../inventory/stock-builder.ts';
import { openTestApp, TEST_NOW, type TestApp } from '../support/test-app.ts';
import { account, disagreements, events, level, openShop, order, stock } from './shop.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
});
beforeEach(() => test.setNow(TEST_NOW));
afterAll(() => test.close());

const ship = async (orderNumber: string, more: object = {}) =>
  (await test.as('warehouse_keeper')).post('/v1/shipments', { orderNumber, ...more });

describe('a shipment', () => {
  it('in any number of parcels charges exactly the order, and leaves nothing on order', async () => {
    await stock(test, { BOLT: '100000', HOSE: '100000', FILTER: '100000' });
    const cut = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 40 })),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('HEBEI', 'IOWA'), cut, async (dealerCode, parcels) => {
        const metres = (thousandths: number) =>
          `${Math.trunc(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`;
        const total = (at: 0 | 1 | 2) => parcels.reduce((sum, parcel) => sum + parcel[at], 0);
        const before = await account(test, dealerCode);
        const placed = await order(test, dealerCode, {
          BOLT: String(total(0)),
          HOSE: metres(total(1)),
          FILTER: String(total(2)),
        });
        for (const [bolts, hose, filters] of parcels) {
          const lines = [
            { line: 3, quantity: String(filters) },
            { line: 1, quantity: String(bolts) },
            { line: 2, quantity: metres(hose) },
          ];
          expect((await ship(placed.number, { lines })).status).toBe(201);
        }
        const charged = await query(
          test.dependencies.database.reader(),
          `select c.line, sum(c.quantity) as quantity, sum(c.net) as net, sum(c.tax) as tax, sum(c.gross) as gross
           from charge c join shipment s on s.number = c.document join dealer_order o on o.id = s.order_id where o.number = $1 group by c.line order by c.line`,
          [placed.number],
        );
        expect(charged).toEqual(
          placed.lines.map(({ line, quantity, net, tax, gross }: Record<string, unknown>) => ({
            line,
            quantity,
            net,
            tax,
            gross,
          })),
        );
        expect((await account(test, dealerCode)).open_orders).toBe(before.open_orders);
        expect((await (await test.as('auditor')).get(`/v1/orders/${placed.number}`)).body.state).toBe('shipped');
      }),
      { numRuns: 12 },
    );
    expect(await disagreements(test)).toEqual({});
  });

  it('that leaves a dealer exactly at its limit is never refused for a rounded cent', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'TIGHT', currency: 'CNY', nameZh: '紧', zone: 'north' });
    const placed = await order(test, 'TIGHT', { BOLT: '7' }, { freightMode: 'pass_through' });
    await specialist.patch('/v1/dealers/TIGHT', { creditLimit: placed.gross }, { 'if-match': '"1"' });
    for (const quantity of ['1', '1', '1', '1', '1', '1', '1']) {
      expect((await ship(placed.number, { lines: [{ line: 1, quantity }] })).status).toBe(201);
    }
    expect(await account(test, 'TIGHT')).toEqual({ balance: placed.gross, open_orders: '0.00' });
  });

  it('is dated between the order and today', async () => {
    await stock(test, { PUMP: '10' });
    const placed = await order(test, 'HEBEI', { PUMP: '2' });
    expect((await ship(placed.number, { shippedOn: '2026-03-11' })).body).toMatchObject({
      code: 'SHIPMENT_DATE_INVALID',
      from: '2026-03-10',
      to: '2026-03-10',
    });
    expect((await ship(placed.number, { shippedOn: '2026-03-09' })).body.code).toBe('SHIPMENT_DATE_INVALID');
    expect((await ship(placed.number, { shippedOn: '2026-13-01' })).body.code).toBe('BUSINESS_DATE_INVALID');
    test.setNow('2026-03-20T02:00:00Z');
    expect((await ship(placed.number, { shippedOn: '2026-03-15' })).body).toMatchObject({ shippedOn: '2026-03-15' });
  });

  it('names goods lines of the order, each once, in quantities that fit', async () => {
    const placed = await order(test, 'HEBEI', { PUMP: '3' });
    const refused = async (lines: object[]) => (await ship(placed.number, { lines })).body;
    expect(await refused([{ line: 9, quantity: '1' }])).toMatchObject({
      code: 'SHIPMENT_LINES_INVALID',
      lines: [{ line: 9 }],
    });
    expect((await refused([{ line: 2, quantity: '1' }])).code).toBe('SHIPMENT_LINES_INVALID');
    expect((await refused([{ line: 1, quantity: '0' }])).code).toBe('SHIPMENT_LINES_INVALID');
    expect((await refused([{ line: 1, quantity: '0.5' }])).code).toBe('SHIPMENT_LINES_INVALID');
    expect(
      (
        await refused([
          { line: 1, quantity: '1' },
          { line: 1, quantity: '1' },
        ])
      ).code,
    ).toBe('SHIPMENT_LINES_INVALID');
    expect(await refused([{ line: 1, quantity: '4' }])).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      lines: [{ line: 1, wanted: '4' }],
    });
    expect((await refused([{ line: 1, quantity: '1.000' }])).code).toBeUndefined();
  });

  it('of a part that became core since is refused with its code, audited, and nothing is charged', async () => {
    await stock(test, { BELT: '2' });
    const placed = await order(test, 'HEBEI', { BELT: '1' });
    await forceClass(test, 'BELT', 'core');
    const before = await account(test, 'HEBEI');
    const refused = await ship(placed.number);
    await forceClass(test, 'BELT', 'functional');
    expect(refused).toMatchObject({ status: 422, body: { code: 'CORE_PART_BLOCKED' } });
    expect(await account(test, 'HEBEI')).toEqual(before);
    expect(await level(test, 'BELT')).toEqual({ on_hand: '2.000', reserved: '1.000' });
    const audit = await queryOne(
      test.dependencies.database.reader(),
      `select action, outcome, after ->> 'code' as code from audit_entry order by id desc limit 1`,
    );
    expect(audit).toEqual({ action: 'POST /v1/shipments', outcome: 'refused', code: 'CORE_PART_BLOCKED' });
  });

  it('carries the tax rate of its own day: net holds on an exclusive list, gross on an inclusive one, freight is gross', async () => {
    await stock(test, { PUMP: '20' });
    const exclusive = await order(test, 'HEBEI', { PUMP: '3' });
    const inclusive = await order(test, 'IOWA', { PUMP: '3' });
    await ship(exclusive.number, { lines: [{ line: 1, quantity: '1' }] });
    await query(
      test.dependencies.database.reader(),
      `update tax_rate set valid = daterange(lower(valid), '2026-03-15') where tax_class = 'part' and valid @> '2026-03-15'::date`,
    );
    await query(test.dependencies.database.reader(), `insert into tax_rate values ('part', 0.10, '[2026-03-15,)')`);
    test.setNow('2026-03-16T02:00:00Z');
    const late = (await ship(exclusive.number)).body;
    expect(late.lines).toMatchObject([{ line: 1, taxRate: '0.100000', net: '200.00', tax: '20.00', gross: '220.00' }]);
    const [goods, freight] = (await ship(inclusive.number)).body.lines;
    expect(goods).toMatchObject({ taxRate: '0.100000', net: '272.73', tax: '27.27', gross: '300.00' });
    expect(freight).toMatchObject({ taxRate: '0.100000', gross: inclusive.lines[1].gross });
    test.setNow(TEST_NOW);
    const before = await order(test, 'HENAN', { PUMP: '1' });
    test.setNow('2026-03-16T02:00:00Z');
    const carriage = (await ship(before.number)).body.lines[1];
    expect(before.lines[1]).toMatchObject({ unitPrice: '12.8300', net: '12.83', gross: '14.50' });
    expect(carriage).toMatchObject({ unitPrice: '13.1800', net: '13.18', gross: '14.50' });
    const early = (await ship((await order(test, 'HEBEI', { PUMP: '1' })).number, { shippedOn: '2026-03-16' })).body;
    expect(early.lines[0]).toMatchObject({ tax: '10.00' });
    expect(await disagreements(test)).toEqual({});
    await query(test.dependencies.database.reader(), `delete from tax_rate where valid = '[2026-03-15,)'`);
    await query(
      test.dependencies.database.reader(),
      `update tax_rate set valid = daterange(lower(valid), null) where upper(valid) = '2026-03-15'`,
    );
  });

  it('late for a closed month falls into the next open one, under its own date', async () => {
    await stock(test, { FILTER: '5' });
    const placed = await order(test, 'HENAN', { FILTER: '5' });
    test.setNow('2026-04-02T02:00:00Z');
    await query(
      test.dependencies.database.reader(),
      `update fiscal_period set state = 'closed', closed_at = now(), closed_by = 'x' where name = '2026-03'`,
    );
    const shipped = (await ship(placed.number, { shippedOn: '2026-03-31' })).body;
    expect(shipped).toMatchObject({ shippedOn: '2026-03-31', period: '2026-04' });
  });

  it('is seen by its dealer and not by another', async () => {
    await stock(test, { FILTER: '5' });
    const placed = await order(test, 'HENAN', { FILTER: '1' });
    const { number } = (await ship(placed.number)).body;
    const own = await test.as('dealer', 'HENAN');
    const other = await test.as('dealer', 'IOWA');
    expect((await own.get(`/v1/shipments/${number}`)).body).toMatchObject({ number, dealerCode: 'HENAN' });
    expect(await other.get(`/v1/shipments/${number}`)).toMatchObject({
      status: 404,
      body: { code: 'SHIPMENT_NOT_FOUND' },
    });
    expect((await other.get('/v1/shipments?dealerCode=HENAN')).body.items).toEqual([]);
    expect((await ship('O2026-999999')).body.code).toBe('ORDER_NOT_FOUND');
    expect(JSON.stringify((await own.get(`/v1/shipments/${number}`)).body)).not.toMatch(/cost|"id"|partId/i);
    const feed = await query(
      test.dependencies.database.reader(),
      `select subject::text from event where stream = 'HENAN'`,
    );
    expect(JSON.stringify(feed)).not.toMatch(/cost|partId|dealerId/i);
    expect(await events(test, 'HENAN')).toContain('order.shipped');
  });

  it('repeated with its key ships once', async () => {
    const placed = await order(test, 'HENAN', { FILTER: '2' });
    const keeper = await test.as('warehouse_keeper');
    const key = { 'idempotency-key': 'ship-once' };
    const body = { orderNumber: placed.number, lines: [{ line: 1, quantity: '1' }] };
    const first = await keeper.post('/v1/shipments', body, key);
    const second = await keeper.post('/v1/shipments', body, key);
    expect(second.body).toEqual(first.body);
    expect((await keeper.get(`/v1/orders/${placed.number}`)).body.lines[0].shipped).toBe('1.000');
  });
});
