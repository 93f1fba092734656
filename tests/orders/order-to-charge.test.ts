/**
 * From quote to charge, as everybody lives it: the dealer asks, orders and follows; the warehouse receives and ships; the
 * specialist looks after back-orders; finance sees what is owed. Everything through the public API.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { account, disagreements, events, level, openShop, stock } from './shop.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
  const specialist = await test.as('parts_specialist');
  await specialist.patch('/v1/dealers/HEBEI', { creditLimit: '1000.00' }, { 'if-match': '"1"' });
});
afterAll(() => test.close());

describe('a dealer buys parts', () => {
  let quote: string;
  let order: string;
  const shipments: string[] = [];

  it('the warehouse has received five pumps and no filter', async () => {
    await stock(test, { PUMP: '5' });
    expect(await level(test, 'PUMP')).toEqual({ on_hand: '5.000', reserved: '0.000' });
  });

  it('asks for a quote: price + tax + freight, with what is in stock and until when it holds', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const answer = await dealer.post('/v1/quotes', {
      lines: [
        { partNumber: 'PUMP', quantity: '3' },
        { partNumber: 'FILTER', quantity: '10' },
      ],
      dealerReference: 'spring service',
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        dealerCode: 'HEBEI',
        state: 'open',
        currency: 'CNY',
        taxInclusive: false,
        quotedOn: '2026-03-10',
        validUntil: '2026-04-09',
        freightMode: 'with_goods',
        weightKg: '8.000',
        lines: [
          {
            line: 1,
            kind: 'goods',
            partNumber: 'PUMP',
            quantity: '3.000',
            unitPrice: '100.0000',
            net: '300.00',
            tax: '39.00',
            gross: '339.00',
            availability: 'in_stock',
          },
          {
            line: 2,
            kind: 'goods',
            partNumber: 'FILTER',
            net: '99.90',
            tax: '12.99',
            gross: '112.89',
            availability: 'none',
          },
          {
            line: 3,
            kind: 'freight',
            partNumber: null,
            net: '26.11',
            tax: '3.39',
            gross: '29.50',
            availability: null,
            trace: null,
          },
        ],
        breakdown: { price: '399.90', tax: '51.99', freight: '29.50', total: '481.39' },
        net: '426.01',
        tax: '55.38',
        gross: '481.39',
      },
    });
    expect(answer.body.lines[0].trace).toMatchObject({ list: 'S-CNY', effectiveOn: '2026-01-01', source: 'explicit' });
    quote = answer.body.number;
    expect(answer.headers['location']).toBe(`/v1/quotes/${quote}`);
  });

  it('orders it two weeks later, after prices rose, at the prices of the quote', async () => {
    const { publishPrices } = await import('../pricing/builders.ts');
    await publishPrices(test, 'S-CNY', '2026-03-20', { PUMP: '120.00' });
    test.setNow('2026-03-24T02:00:00Z');
    const dealer = await test.as('dealer', 'HEBEI');
    const answer = await dealer.post('/v1/orders', { quoteNumber: quote, dealerDocument: 'PO-2026-7' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        state: 'placed',
        quoteNumber: quote,
        dealerDocument: 'PO-2026-7',
        orderedOn: '2026-03-24',
        locationCode: 'WH1',
        gross: '481.39',
        lines: [
          {
            line: 1,
            answer: 'accepted',
            reserved: '3.000',
            shipped: '0.000',
            backOrdered: '0.000',
            unitPrice: '100.0000',
          },
          { line: 2, answer: 'back_ordered', reserved: '0.000', backOrdered: '10.000' },
          { line: 3, kind: 'freight', answer: 'accepted', backOrdered: '0.000' },
        ],
      },
    });
    order = answer.body.number;
    expect(await account(test, 'HEBEI')).toEqual({ balance: '0.00', open_orders: '481.39' });
    expect((await dealer.get(`/v1/quotes/${quote}`)).body).toMatchObject({ state: 'ordered', orderNumber: order });
  });

  it('cannot order beyond the credit limit, and learns how much room there is', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const refused = await dealer.post('/v1/orders', {
      dealerDocument: 'PO-2026-8',
      lines: [{ partNumber: 'PUMP', quantity: '5' }],
    });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'CREDIT_LIMIT_EXCEEDED', creditLimit: '1000.00', openOrders: '481.39', available: '518.61' },
    });
    expect(await account(test, 'HEBEI')).toEqual({ balance: '0.00', open_orders: '481.39' });
    expect(await level(test, 'PUMP')).toEqual({ on_hand: '5.000', reserved: '3.000' });
  });

  it('gets the pumps first, with the freight, and owes them at once', async () => {
    const keeper = await test.as('warehouse_keeper');
    const answer = await keeper.post('/v1/shipments', { orderNumber: order, trackingNumber: 'SF 1234' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        orderNumber: order,
        dealerCode: 'HEBEI',
        dealerDocument: 'PO-2026-7',
        shippedOn: '2026-03-24',
        period: '2026-03',
        trackingNumber: 'SF 1234',
        net: '326.11',
        tax: '42.39',
        gross: '368.50',
        lines: [
          { line: 1, partNumber: 'PUMP', quantity: '3.000', gross: '339.00' },
          { line: 3, kind: 'freight', gross: '29.50' },
        ],
      },
    });
    shipments.push(answer.body.number);
    expect(await account(test, 'HEBEI')).toEqual({ balance: '368.50', open_orders: '112.89' });
    expect(await level(test, 'PUMP')).toEqual({ on_hand: '2.000', reserved: '0.000' });
  });

  it('gets the filters once they have come in, in two parcels without a second freight', async () => {
    const keeper = await test.as('warehouse_keeper');
    expect((await keeper.post('/v1/shipments', { orderNumber: order })).body.code).toBe('NOTHING_TO_SHIP');
    await stock(test, { FILTER: '7' });
    const reserved = await keeper.post(`/v1/orders/${order}/reservation`, {});
    expect(reserved.body.lines[1]).toMatchObject({ answer: 'back_ordered', reserved: '7.000', backOrdered: '3.000' });
    test.setNow('2026-04-02T02:00:00Z');
    const first = await keeper.post('/v1/shipments', { orderNumber: order, lines: [{ line: 2, quantity: '6' }] });
    expect(first.body).toMatchObject({
      period: '2026-04',
      net: '59.94',
      tax: '7.79',
      gross: '67.73',
      lines: [{ line: 2 }],
    });
    await stock(test, { FILTER: '5' });
    expect((await keeper.post(`/v1/orders/${order}/reservation`, {})).body.lines[1]).toMatchObject({
      answer: 'accepted',
      reserved: '4.000',
    });
    const second = await keeper.post('/v1/shipments', { orderNumber: order });
    expect(second.body).toMatchObject({ net: '39.96', tax: '5.20', gross: '45.16' });
    shipments.push(first.body.number, second.body.number);
    expect(await account(test, 'HEBEI')).toEqual({ balance: '481.39', open_orders: '0.00' });
  });

  it('sees its order shipped, and every charge under the number of its shipment', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    expect((await dealer.get(`/v1/orders/${order}`)).body).toMatchObject({
      state: 'shipped',
      lines: [
        { shipped: '3.000' },
        { shipped: '10.000', reserved: '0.000', backOrdered: '0.000' },
        { shipped: '1.000' },
      ],
    });
    const { items } = (await dealer.get(`/v1/shipments?orderNumber=${order}`)).body;
    expect(items.map((item: { number: string }) => item.number)).toEqual([...shipments].reverse());
    const charged = (await dealer.get('/v1/charges')).body.items;
    expect(charged).toHaveLength(4);
    expect(charged).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          document: shipments[0],
          line: 1,
          businessOn: '2026-03-24',
          partNumber: 'PUMP',
          gross: '339.00',
        }),
        expect.objectContaining({
          document: shipments[0],
          line: 3,
          businessOn: '2026-03-24',
          chargeKind: 'freight',
          gross: '29.50',
        }),
        expect.objectContaining({ document: shipments[1], line: 2, period: '2026-04', gross: '67.73' }),
        expect.objectContaining({ document: shipments[2], line: 2, period: '2026-04', gross: '45.16' }),
      ]),
    );
    const finance = await test.as('finance');
    expect((await finance.get('/v1/dealers/HEBEI/account')).body).toMatchObject({
      balance: '481.39',
      openOrders: '0.00',
      available: '518.61',
    });
    expect((await (await test.as('dealer', 'HENAN')).get('/v1/charges')).body.items).toEqual([]);
  });

  it('leaves a trail of events, and figures that agree', async () => {
    expect((await events(test, 'HEBEI')).filter(type => /^(quote|order|shipment)/.test(type))).toEqual([
      'quote.created',
      'order.placed',
      'shipment.created',
      'order.reserved',
      'shipment.created',
      'order.reserved',
      'shipment.created',
      'order.shipped',
    ]);
    expect(await disagreements(test)).toEqual({});
  });
});

describe('each role keeps to its own', () => {
  it.each([
    ['dealer', 201, 201, 403, 403],
    ['parts_specialist', 201, 201, 403, 403],
    ['warehouse_keeper', 403, 403, 200, 201],
    ['finance', 403, 403, 403, 403],
    ['service_staff', 403, 403, 403, 403],
    ['auditor', 403, 403, 403, 403],
  ] as const)('%s: quote %i, order %i, reserve %i, ship %i', async (role, quoting, ordering, reserving, shipping) => {
    await stock(test, { BELT: '1' });
    const own = await test.as('dealer', 'HENAN');
    const placed = await own.post('/v1/orders', {
      dealerDocument: `PO-${role}`,
      lines: [{ partNumber: 'BELT', quantity: '1' }],
    });
    const asker = role === 'dealer' ? own : await test.as(role);
    const lines = [{ partNumber: 'BELT', quantity: '1' }];
    const forDealer = role === 'dealer' ? {} : { dealerCode: 'HENAN' };
    expect((await asker.post('/v1/quotes', { ...forDealer, lines })).status).toBe(quoting);
    expect((await asker.post('/v1/orders', { ...forDealer, dealerDocument: `PO-${role}-2`, lines })).status).toBe(
      ordering,
    );
    expect((await asker.post(`/v1/orders/${placed.body.number}/reservation`, {})).status).toBe(reserving);
    expect((await asker.post('/v1/shipments', { orderNumber: placed.body.number })).status).toBe(shipping);
  });
});
