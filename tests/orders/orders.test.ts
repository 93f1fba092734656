import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { forceClass } from '../inventory/stock-builder.ts';
import { openTestApp, TEST_NOW, type TestApp } from '../support/test-app.ts';
import { account, disagreements, level, openShop, order, stock } from './shop.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
});
beforeEach(() => test.setNow(TEST_NOW));
afterAll(() => test.close());

describe('an order without a quote', () => {
  it('is priced now, on the terms it asks for', async () => {
    await stock(test, { PUMP: '1' });
    const placed = await order(
      test,
      'HEBEI',
      { PUMP: '1' },
      { orderType: 'emergency', carriage: 'road', locationCode: 'WH1' },
    );
    expect(placed).toMatchObject({
      quoteNumber: null,
      orderType: 'emergency',
      net: '112.83',
      gross: '127.50',
      breakdown: { price: '100.00', tax: '13.00', freight: '14.50' },
    });
  });

  it('is refused for one line that cannot be sold, and holds nothing', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const before = await account(test, 'HEBEI');
    const refused = await dealer.post('/v1/orders', {
      dealerDocument: 'X1',
      lines: [
        { partNumber: 'PUMP', quantity: '1' },
        { partNumber: 'ECU', quantity: '1' },
      ],
    });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'LINES_REFUSED', lines: [{ line: 2, code: 'PART_NOT_PRICED' }] },
    });
    expect(await account(test, 'HEBEI')).toEqual(before);
  });

  it('names either a quote or lines', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const lines = [{ partNumber: 'PUMP', quantity: '1' }];
    const { number } = (await dealer.post('/v1/quotes', { lines })).body;
    const post = async (body: object) => (await dealer.post('/v1/orders', { dealerDocument: 'X2', ...body })).body.code;
    expect(await post({})).toBe('ORDER_CONTENT_INVALID');
    expect(await post({ quoteNumber: number, lines })).toBe('ORDER_CONTENT_INVALID');
    expect(await post({ quoteNumber: number, freightMode: 'pass_through' })).toBe('ORDER_CONTENT_INVALID');
    expect(await post({ quoteNumber: 'Q2020-000001' })).toBe('QUOTE_NOT_FOUND');
  });

  it('is filled from a warehouse and from nowhere else', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const body = { dealerDocument: 'X3', lines: [{ partNumber: 'PUMP', quantity: '1' }] };
    expect((await dealer.post('/v1/orders', { ...body, locationCode: 'NOWHERE' })).body.code).toBe(
      'LOCATION_NOT_FOUND',
    );
    const specialist = await test.as('parts_specialist');
    const forDealer = { ...body, dealerCode: 'HEBEI', locationCode: 'CUSTOMER' };
    expect((await specialist.post('/v1/orders', forDealer)).body.code).toBe('ORDER_LOCATION_INVALID');
  });

  it("tells a dealer the same of another dealer's place and of none", async () => {
    const specialist = await test.as('parts_specialist');
    const place = { code: 'AT-HENAN', kind: 'consigned', dealerCode: 'HENAN', nameZh: '寄售' };
    expect((await specialist.post('/v1/locations', place)).status).toBe(201);
    const dealer = await test.as('dealer', 'HEBEI');
    const refusals = ['AT-HENAN', 'AT-NOBODY'].map(async locationCode => {
      const lines = [{ partNumber: 'PUMP', quantity: '1' }];
      const { status, body } = await dealer.post('/v1/orders', { dealerDocument: 'X4', lines, locationCode });
      const { requestId: _, ...told } = body;
      return { status, text: JSON.stringify(told).replaceAll(locationCode, '*') };
    });
    const [held, unknown] = await Promise.all(refusals);
    expect(held).toEqual(unknown);
  });

  it('of a part that becomes core at that moment is refused like an unpriced one', async () => {
    await forceClass(test, 'BELT', 'core');
    const dealer = await test.as('dealer', 'HEBEI');
    const refused = await dealer.post('/v1/orders', {
      dealerDocument: 'X4',
      lines: [{ partNumber: 'BELT', quantity: '1' }],
    });
    expect(refused.body).toMatchObject({ code: 'LINES_REFUSED', lines: [{ code: 'PART_NOT_PRICED' }] });
    await forceClass(test, 'BELT', 'functional');
  });
});

describe("the dealer's own document number", () => {
  it('stands for one order for ever, and another dealer may use the same', async () => {
    const { number } = await order(test, 'HEBEI', { BOLT: '10' }, { dealerDocument: 'MY-1' });
    const dealer = await test.as('dealer', 'HEBEI');
    await dealer.post(`/v1/orders/${number}/cancellation`, {});
    const again = { dealerDocument: 'MY-1', lines: [{ partNumber: 'BOLT', quantity: '1' }] };
    expect(await dealer.post('/v1/orders', again)).toMatchObject({
      status: 409,
      body: { code: 'DEALER_DOCUMENT_TAKEN', orderNumber: number },
    });
    expect((await order(test, 'HENAN', { BOLT: '10' }, { dealerDocument: 'MY-1' })).dealerCode).toBe('HENAN');
    expect((await dealer.get('/v1/orders?dealerDocument=MY-1')).body.items).toMatchObject([
      { number, state: 'cancelled' },
    ]);
  });

  it('is taken before the credit limit is asked, and has no blank at its ends', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const lines = [{ partNumber: 'PUMP', quantity: '1' }];
    expect((await dealer.post('/v1/orders', { dealerDocument: ' MY-1', lines })).body.code).toBe('REQUEST_INVALID');
    expect((await dealer.post('/v1/orders', { dealerDocument: '采购 订单 7', lines })).status).toBe(201);
  });
});

describe('a cancellation', () => {
  it('gives back stock and exposure exactly', async () => {
    await stock(test, { FILTER: '6' });
    const accountBefore = await account(test, 'HENAN');
    const placed = await order(test, 'HENAN', { FILTER: '10' });
    expect(await level(test, 'FILTER')).toMatchObject({ reserved: '6.000' });
    const dealer = await test.as('dealer', 'HENAN');
    const cancelled = await dealer.post(`/v1/orders/${placed.number}/cancellation`, {});
    expect(cancelled.body).toMatchObject({
      state: 'cancelled',
      version: 2,
      lines: [{ reserved: '0.000', cancelled: '10.000', backOrdered: '0.000' }, { cancelled: '1.000' }],
    });
    expect((await dealer.get(`/v1/orders/${placed.number}`)).body).toEqual(cancelled.body);
    expect(await level(test, 'FILTER')).toMatchObject({ on_hand: '6.000', reserved: '0.000' });
    expect(await account(test, 'HENAN')).toEqual(accountBefore);
  });

  it('of a partly shipped order keeps what was shipped, and the order is shipped as far as it went', async () => {
    const before = await account(test, 'HENAN');
    const placed = await order(test, 'HENAN', { FILTER: '9' });
    const keeper = await test.as('warehouse_keeper');
    await keeper.post('/v1/shipments', { orderNumber: placed.number, lines: [{ line: 1, quantity: '4' }] });
    expect((await keeper.get(`/v1/orders/${placed.number}`)).body.state).toBe('partially_shipped');
    const dealer = await test.as('dealer', 'HENAN');
    const cancelled = await dealer.post(`/v1/orders/${placed.number}/cancellation`, {});
    expect(cancelled.body).toMatchObject({
      state: 'shipped',
      lines: [
        { shipped: '4.000', cancelled: '5.000', reserved: '0.000' },
        { kind: 'freight', shipped: '1.000', cancelled: '0.000' },
      ],
    });
    expect((await account(test, 'HENAN')).open_orders).toBe(before.open_orders);
    expect(await level(test, 'FILTER')).toMatchObject({ on_hand: '2.000', reserved: '0.000' });
  });

  it('comes once; what is done is not open any more', async () => {
    const placed = await order(test, 'HENAN', { BOLT: '5' });
    const dealer = await test.as('dealer', 'HENAN');
    const keeper = await test.as('warehouse_keeper');
    await dealer.post(`/v1/orders/${placed.number}/cancellation`, {});
    expect(await dealer.post(`/v1/orders/${placed.number}/cancellation`, {})).toMatchObject({
      status: 409,
      body: { code: 'ORDER_NOT_OPEN', state: 'cancelled' },
    });
    expect((await keeper.post(`/v1/orders/${placed.number}/reservation`, {})).body.code).toBe('ORDER_NOT_OPEN');
    expect((await keeper.post('/v1/shipments', { orderNumber: placed.number })).body.code).toBe('ORDER_NOT_OPEN');
  });
});

describe('another dealer', () => {
  it('neither sees nor cancels the order, and its list is empty', async () => {
    const placed = await order(test, 'HENAN', { BOLT: '5' });
    const other = await test.as('dealer', 'IOWA');
    expect(await other.get(`/v1/orders/${placed.number}`)).toMatchObject({
      status: 404,
      body: { code: 'ORDER_NOT_FOUND' },
    });
    expect((await other.post(`/v1/orders/${placed.number}/cancellation`, {})).body.code).toBe('ORDER_NOT_FOUND');
    expect((await other.get('/v1/orders')).body.items).toEqual([]);
    expect((await other.get('/v1/orders?dealerCode=HENAN')).body.items).toEqual([]);
  });
});

it('a reservation that finds nothing changes nothing', async () => {
  const placed = await order(test, 'HENAN', { HOSE: '2.5' });
  const keeper = await test.as('warehouse_keeper');
  const tried = await keeper.post(`/v1/orders/${placed.number}/reservation`, {});
  expect(tried).toMatchObject({
    status: 200,
    body: { version: 1, lines: [{ answer: 'back_ordered', backOrdered: '2.500' }, {}] },
  });
});

it('orders are listed latest first, by state', async () => {
  const auditor = await test.as('auditor');
  const all: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await auditor.get(`/v1/orders?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
    all.push(...answer.body.items.map((item: { number: string }) => item.number));
    cursor = answer.body.nextCursor;
  }
  expect(all).toEqual([...all].sort().reverse());
  const cancelled = (await auditor.get('/v1/orders?state=cancelled')).body.items;
  expect(cancelled.length).toBeGreaterThan(0);
  expect(cancelled.every((item: { state: string }) => item.state === 'cancelled')).toBe(true);
});

it('every figure agrees, and the database refuses to change what was agreed', async () => {
  expect(await disagreements(test)).toEqual({});
  const reader = test.dependencies.database.reader();
  await expect(query(reader, 'update dealer_order_line set net = net')).rejects.toThrow('append-only');
  await expect(query(reader, 'update dealer_order set gross = gross')).rejects.toThrow('append-only');
  await expect(query(reader, `update dealer_order_line set text_zh = 'x'`)).rejects.toThrow('append-only');
  await expect(query(reader, 'update dealer_order set location_id = location_id')).rejects.toThrow('append-only');
  await expect(query(reader, 'update dealer_order_line set released_gross = gross + 0.01')).rejects.toThrow(
    'dealer_order_line_released',
  );
  await expect(
    query(
      reader,
      'update dealer_order_line set cancelled_quantity = quantity where cancelled_quantity + shipped_quantity = 0',
    ),
  ).rejects.toThrow();
});
