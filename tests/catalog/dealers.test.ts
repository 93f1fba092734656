import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

describe('dealers', () => {
  it('are created once under their code', async () => {
    const specialist = await test.as('parts_specialist');
    const made = await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
    expect(made).toMatchObject({
      status: 201,
      body: { code: 'D1', terms: 'per_order', version: 1 },
      headers: { location: '/v1/dealers/D1' },
    });
    const again = await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
    expect(again).toMatchObject({ status: 409, body: { code: 'DEALER_CODE_TAKEN' } });
  });

  it('answers a repeated request from the store, and refuses the key for another body', async () => {
    const specialist = await test.as('parts_specialist');
    const key = { 'idempotency-key': 'once' };
    const body = { code: 'D2', currency: 'CNY', nameZh: '山东农机' };
    const first = await specialist.post('/v1/dealers', body, key);
    const second = await specialist.post('/v1/dealers', body, key);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await specialist.post('/v1/dealers', { ...body, nameZh: '别的' }, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('change only on the version they were read at', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'D3', currency: 'CNY', nameZh: '河南农机' });
    expect(await specialist.patch('/v1/dealers/D3', { zone: 'north' })).toMatchObject({
      status: 428,
      body: { code: 'VERSION_MISSING' },
    });
    expect(await specialist.patch('/v1/dealers/D3', { zone: 'north' }, { 'if-match': '"1"' })).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    expect(await specialist.patch('/v1/dealers/D3', { zone: 'south' }, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'VERSION_CONFLICT' },
    });
  });

  it('see themselves and nobody else', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'D4', currency: 'CNY', nameZh: '江苏农机' });
    await specialist.post('/v1/dealers', { code: 'D5', currency: 'CNY', nameZh: '安徽农机' });
    const dealer = await test.as('dealer', 'D4');
    expect((await dealer.get('/v1/dealers')).body.items.map((item: { code: string }) => item.code)).toEqual(['D4']);
    expect(await dealer.get('/v1/dealers/D5')).toMatchObject({ status: 404, body: { code: 'DEALER_NOT_FOUND' } });
    expect(await dealer.post('/v1/dealers', { code: 'D6', currency: 'CNY', nameZh: 'x' })).toMatchObject({
      status: 403,
      body: { code: 'PERMISSION_MISSING' },
    });
  });

  it('are listed page by page', async () => {
    const auditor = await test.as('auditor');
    const codes: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer = await auditor.get(`/v1/dealers?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(answer.status).toBe(200);
      codes.push(...answer.body.items.map((item: { code: string }) => item.code));
      cursor = answer.body.nextCursor;
    }
    expect(codes).toEqual([...codes].sort());
    expect(codes.length).toBeGreaterThanOrEqual(5);
    expect((await auditor.get('/v1/dealers?cursor=bm9wZQ')).body.code).toBe('CURSOR_INVALID');
  });

  it('refuses unknown fields, wrong types and nobody', async () => {
    const specialist = await test.as('parts_specialist');
    expect((await specialist.post('/v1/dealers', { code: 'D9', currency: 'CNY', colour: 'red' })).body.code).toBe(
      'REQUEST_INVALID',
    );
    expect((await specialist.post('/v1/dealers', { code: 9, currency: 'CNY' })).body.code).toBe('REQUEST_INVALID');
    expect((await test.anonymous().get('/v1/dealers')).status).toBe(401);
  });

  it('have a name in at least one language', async () => {
    const specialist = await test.as('parts_specialist');
    expect(await specialist.post('/v1/dealers', { code: 'D10', currency: 'CNY' })).toMatchObject({
      status: 422,
      body: { code: 'DEALER_UNNAMED' },
    });
    expect((await specialist.post('/v1/dealers', { code: 'D10', currency: 'CNY', nameZh: ' ' })).body.code).toBe(
      'REQUEST_INVALID',
    );
  });

  it('have no credit limit below zero', async () => {
    const specialist = await test.as('parts_specialist');
    const draft = { code: 'D11', currency: 'CNY', nameZh: '农机', creditLimit: '-0.01' };
    expect((await specialist.post('/v1/dealers', draft)).body.code).toBe('REQUEST_INVALID');
  });

  it('have a credit code only when its checksum holds', async () => {
    const specialist = await test.as('parts_specialist');
    const draft = { code: 'D12', currency: 'CNY', nameZh: '农机' };
    expect(await specialist.post('/v1/dealers', { ...draft, creditCode: '91330100799655058A' })).toMatchObject({
      status: 422,
      body: { code: 'CREDIT_CODE_INVALID', creditCode: '91330100799655058A' },
    });
    const made = await specialist.post('/v1/dealers', { ...draft, creditCode: '91330100799655058B' });
    expect(made).toMatchObject({ status: 201, body: { creditCode: '91330100799655058B' } });
    const wrong = await specialist.patch(
      '/v1/dealers/D12',
      { creditCode: '914403001922038217' },
      { 'if-match': '"1"' },
    );
    expect(wrong.body.code).toBe('CREDIT_CODE_INVALID');
    const right = await specialist.patch(
      '/v1/dealers/D12',
      { creditCode: '914403001922038216' },
      { 'if-match': '"1"' },
    );
    expect(right).toMatchObject({ status: 200, body: { creditCode: '914403001922038216', version: 2 } });
  });

  it('have the level of the day', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'D13', currency: 'CNY', nameZh: '农机' });
    expect((await specialist.get('/v1/dealers/D13')).body.level).toBeNull();
    for (const [level, fromOn] of [
      ['C', '2026-01-01'],
      ['A', '2026-04-01'],
    ])
      expect(await specialist.post('/v1/dealers/D13/levels', { level, fromOn })).toMatchObject({
        status: 201,
        body: { level, fromOn },
      });
    const dealer = await test.as('dealer', 'D13');
    expect((await dealer.get('/v1/dealers/D13')).body.level).toBe('C');
    test.setNow('2026-03-31T16:00:00Z');
    expect((await dealer.get('/v1/dealers')).body.items).toMatchObject([{ code: 'D13', level: 'A' }]);
    test.setNow('2026-03-10T02:00:00Z');
    expect((await dealer.post('/v1/dealers/D13/levels', { level: 'A', fromOn: '2026-01-01' })).status).toBe(403);
  });

  it('have no level on a day that is none, and none of a dealer that is not there', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'D14', currency: 'CNY', nameZh: '农机' });
    const set = (code: string, body: object) => specialist.post(`/v1/dealers/${code}/levels`, body);
    expect((await set('D14', { level: 'A', fromOn: '2026-02-30' })).body.code).toBe('BUSINESS_DATE_INVALID');
    expect((await set('D14', { level: 'a b', fromOn: '2026-02-01' })).body.code).toBe('REQUEST_INVALID');
    expect((await set('NONE', { level: 'A', fromOn: '2026-02-01' })).body.code).toBe('DEALER_NOT_FOUND');
  });
});
