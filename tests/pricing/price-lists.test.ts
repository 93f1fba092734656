import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
});
afterAll(() => test.close());

describe('price lists', () => {
  it('stand one per kind and currency, with or without tax', async () => {
    const settlement = { code: 'S-CNY', kind: 'settlement', currency: 'CNY', taxInclusive: false };
    expect(await specialist.post('/v1/price-lists', settlement)).toMatchObject({
      status: 201,
      body: { ...settlement, nameZh: '配件经销商结算价目表', nameEn: 'Dealer settlement price list', version: 1 },
      headers: { location: '/v1/price-lists/S-CNY' },
    });
    expect(await specialist.post('/v1/price-lists', { ...settlement, code: 'S-2' })).toMatchObject({
      status: 409,
      body: { code: 'PRICE_LIST_EXISTS' },
    });
    expect(await specialist.post('/v1/price-lists', { ...settlement, kind: 'guidance' })).toMatchObject({
      status: 409,
      body: { code: 'PRICE_LIST_CODE_TAKEN' },
    });
    const guidance = { code: 'G-CNY', kind: 'guidance', currency: 'CNY', taxInclusive: true, nameZh: '指导价' };
    expect(await specialist.post('/v1/price-lists', guidance)).toMatchObject({
      status: 201,
      body: { ...guidance, nameEn: null },
    });
  });

  it('refuses a currency that is none', async () => {
    const list = { code: 'S-XQX', kind: 'settlement', currency: 'XQX', taxInclusive: false };
    expect(await specialist.post('/v1/price-lists', list)).toMatchObject({
      status: 422,
      body: { code: 'CURRENCY_INVALID' },
    });
  });

  it('are read one by one and page by page, and never by a dealer', async () => {
    const first = await specialist.get('/v1/price-lists?limit=1');
    expect(first.body.items.map((item: { code: string }) => item.code)).toEqual(['G-CNY']);
    const second = await specialist.get(`/v1/price-lists?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ code: 'S-CNY' }], nextCursor: null });
    expect(await specialist.get('/v1/price-lists/G-CNY')).toMatchObject({
      status: 200,
      body: { kind: 'guidance', taxInclusive: true },
      headers: { etag: '"1"' },
    });
    expect(await specialist.get('/v1/price-lists/NONE')).toMatchObject({
      status: 404,
      body: { code: 'PRICE_LIST_NOT_FOUND' },
    });
    await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
    const dealer = await test.as('dealer', 'D1');
    expect((await dealer.get('/v1/price-lists')).status).toBe(403);
    expect((await dealer.get('/v1/price-lists/S-CNY')).status).toBe(403);
  });
});
