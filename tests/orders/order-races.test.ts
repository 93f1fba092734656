/** What happens at once: each race has one winner, the losers are told why, and the figures agree afterwards. */
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type Answer, openTestApp, type TestApp } from '../support/test-app.ts';
import { account, disagreements, level, openShop, order, stock } from './shop.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
});

const TWENTY = Array.from({ length: 20 }, (_, index) => index);
const codes = (answers: Answer[]) => answers.map(answer => answer.body.code ?? answer.status).sort();
const lines = (partNumber: string, quantity: string) => [{ partNumber, quantity }];

describe('at once', () => {
  it('20 orders of one quote make one order', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    const { number, gross } = (await dealer.post('/v1/quotes', { lines: lines('PUMP', '1') })).body;
    const answers = await Promise.all(
      TWENTY.map(index => dealer.post('/v1/orders', { quoteNumber: number, dealerDocument: `RQ-${index}` })),
    );
    expect(codes(answers)).toEqual([201, ...Array(19).fill('QUOTE_ALREADY_ORDERED')]);
    expect(await account(test, 'HEBEI')).toMatchObject({ open_orders: gross });
  });

  it('an order and a withdrawal of one quote do not both happen', async () => {
    const dealer = await test.as('dealer', 'HEBEI');
    for (let round = 0; round < 5; round += 1) {
      const { number } = (await dealer.post('/v1/quotes', { lines: lines('BOLT', '9') })).body;
      const answers = await Promise.all([
        dealer.post('/v1/orders', { quoteNumber: number, dealerDocument: `RW-${round}` }),
        dealer.post(`/v1/quotes/${number}/withdrawal`, {}),
      ]);
      expect(answers.filter(({ status }) => status < 400)).toHaveLength(1);
    }
  });

  it("20 orders under one of the dealer's numbers make one order", async () => {
    const dealer = await test.as('dealer', 'HENAN');
    const answers = await Promise.all(
      TWENTY.map(() => dealer.post('/v1/orders', { dealerDocument: 'SAME', lines: lines('BOLT', '9') })),
    );
    expect(codes(answers)).toEqual([201, ...Array(19).fill('DEALER_DOCUMENT_TAKEN')]);
  });

  it('20 orders for the last unit: one gets it, 19 wait', async () => {
    await stock(test, { FILTER: '1' });
    const placed = await Promise.all(
      TWENTY.map(index => order(test, index % 2 === 0 ? 'HEBEI' : 'HENAN', { FILTER: '1' })),
    );
    expect(placed.map(body => body.lines[0].answer).sort()).toEqual(['accepted', ...Array(19).fill('back_ordered')]);
    expect(await level(test, 'FILTER')).toEqual({ on_hand: '1.000', reserved: '1.000' });
  });

  it('20 orders together never pass the credit limit', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', {
      code: 'LIMIT',
      currency: 'CNY',
      nameZh: '限',
      zone: 'north',
      creditLimit: '1000.00',
    });
    const dealer = await test.as('dealer', 'LIMIT');
    const answers = await Promise.all(
      TWENTY.map(index =>
        dealer.post('/v1/orders', {
          dealerDocument: `L-${index}`,
          lines: lines('PUMP', '1'),
          freightMode: 'pass_through',
        }),
      ),
    );
    expect(codes(answers)).toEqual([...Array(8).fill(201), ...Array(12).fill('CREDIT_LIMIT_EXCEEDED')]);
    expect(await account(test, 'LIMIT')).toEqual({ balance: '0.00', open_orders: '904.00' });
  });

  it('20 shipments of one order ship it once', async () => {
    await stock(test, { BELT: '3' });
    const placed = await order(test, 'HEBEI', { BELT: '3' });
    const keeper = await test.as('warehouse_keeper');
    const answers = await Promise.all(TWENTY.map(() => keeper.post('/v1/shipments', { orderNumber: placed.number })));
    expect(codes(answers)).toEqual([201, ...Array(19).fill('ORDER_NOT_OPEN')]);
    expect(await level(test, 'BELT')).toEqual({ on_hand: '0.000', reserved: '0.000' });
  });

  it('20 single pieces of twelve reserved leave twelve times', async () => {
    await stock(test, { BELT: '12' });
    const placed = await order(test, 'HEBEI', { BELT: '13' });
    const keeper = await test.as('warehouse_keeper');
    const answers = await Promise.all(
      TWENTY.map(() =>
        keeper.post('/v1/shipments', { orderNumber: placed.number, lines: [{ line: 1, quantity: '1' }] }),
      ),
    );
    expect(codes(answers)).toEqual([...Array(12).fill(201), ...Array(8).fill('INSUFFICIENT_STOCK')]);
    expect(
      answers.flatMap(({ body }) => body.lines ?? []).filter((line: { kind?: string }) => line.kind === 'freight'),
    ).toHaveLength(1);
  });

  it('a shipment and a cancellation of one order share it out between them', async () => {
    const keeper = await test.as('warehouse_keeper');
    const dealer = await test.as('dealer', 'HEBEI');
    for (let round = 0; round < 6; round += 1) {
      await stock(test, { BELT: '2' });
      const placed = await order(test, 'HEBEI', { BELT: '400' });
      const [shipped, cancelled] = await Promise.all([
        keeper.post('/v1/shipments', { orderNumber: placed.number }),
        dealer.post(`/v1/orders/${placed.number}/cancellation`, {}),
      ]);
      expect(cancelled.status).toBe(200);
      expect([201, 'ORDER_NOT_OPEN']).toContain(shipped.body.code ?? shipped.status);
      const { state } = (await dealer.get(`/v1/orders/${placed.number}`)).body;
      expect(state).toBe(shipped.status === 201 ? 'shipped' : 'cancelled');
    }
  });

  it('orders, shipments, cancellations and reservations of two dealers over the same parts never meet in a ring', async () => {
    await stock(test, { BOLT: '300', HOSE: '300', BELT: '300' });
    const keeper = await test.as('warehouse_keeper');
    const story = async (index: number) => {
      const dealerCode = index % 2 === 0 ? 'HEBEI' : 'HENAN';
      const dealer = await test.as('dealer', dealerCode);
      const parts = index % 3 === 0 ? { BOLT: '5', BELT: '2' } : { BELT: '3', HOSE: '1.5', BOLT: '2' };
      const { number } = await order(test, dealerCode, parts);
      const answers = await Promise.all([
        keeper.post('/v1/shipments', { orderNumber: number, lines: [{ line: 1, quantity: '1' }] }),
        keeper.post(`/v1/orders/${number}/reservation`, {}),
        index % 4 === 0
          ? dealer.post(`/v1/orders/${number}/cancellation`, {})
          : keeper.post('/v1/shipments', { orderNumber: number }),
      ]);
      return answers.map(answer => answer.body.code ?? answer.status);
    };
    const outcomes = (await Promise.all(TWENTY.map(story))).flat();
    expect(
      outcomes.filter(
        outcome => ![200, 201, 'ORDER_NOT_OPEN', 'INSUFFICIENT_STOCK', 'NOTHING_TO_SHIP'].includes(outcome),
      ),
    ).toEqual([]);
    expect(await disagreements(test)).toEqual({});
  });
});

it('and on the way nobody met a deadlock, not even one that a second try hid', async () => {
  // connections report what they counted when they leave
  await test.close();
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  const seen = await eventually(async () => {
    const { rows } = await owner.query(
      'select numbackends, deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(rows[0]).toMatchObject({ numbackends: 1 });
    return rows[0];
  });
  await owner.end();
  expect(seen).toEqual({ numbackends: 1, deadlocks: '0' });
});
