import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

describe('locations', () => {
  it('begin with the edges of the stock, which are not counted', async () => {
    const keeper = await test.as('warehouse_keeper');
    const { body } = await keeper.get('/v1/locations');
    expect(body.items.map((item: { code: string }) => item.code)).toEqual([
      'COUNT-DIFFERENCE',
      'CUSTOMER',
      'SCRAP',
      'SUPPLIER',
    ]);
    expect(body.items.every((item: { counted: boolean }) => !item.counted)).toBe(true);
  });

  it('are created once under their code by the parts specialist, and audited', async () => {
    const specialist = await test.as('parts_specialist');
    const made = await specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' });
    expect(made).toMatchObject({
      status: 201,
      body: { code: 'WH1', kind: 'warehouse', counted: true, active: true, dealerCode: null },
      headers: { location: '/v1/locations/WH1' },
    });
    expect((await specialist.get('/v1/locations/WH1')).body).toEqual(made.body);
    expect(await specialist.post('/v1/locations', { code: 'WH1', kind: 'factory', nameZh: '别的' })).toMatchObject({
      status: 409,
      body: { code: 'LOCATION_CODE_TAKEN' },
    });
    const keeper = await test.as('warehouse_keeper');
    expect((await keeper.post('/v1/locations', { code: 'WH2', kind: 'warehouse', nameZh: '二库' })).status).toBe(403);
    const [entry] = await query(
      test.dependencies.database.reader(),
      `select action, subject_id from audit_entry where subject_id = 'WH1'`,
    );
    expect(entry).toEqual({ action: 'location.created', subject_id: 'WH1' });
  });

  it('are consigned at exactly one dealer, and no other kind is', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
    const consigned = { code: 'D1-SHELF', kind: 'consigned', nameZh: '寄售' };
    expect((await specialist.post('/v1/locations', consigned)).body.code).toBe('LOCATION_DEALER_RULE');
    expect((await specialist.post('/v1/locations', { ...consigned, dealerCode: 'D9' })).body.code).toBe(
      'DEALER_NOT_FOUND',
    );
    expect(await specialist.post('/v1/locations', { ...consigned, dealerCode: 'D1' })).toMatchObject({
      status: 201,
      body: { dealerCode: 'D1' },
    });
    expect(
      (await specialist.post('/v1/locations', { code: 'X', kind: 'warehouse', nameZh: 'x', dealerCode: 'D1' })).body
        .code,
    ).toBe('LOCATION_DEALER_RULE');
  });

  it('keep their kind for good, and only counted ones have levels', async () => {
    const reader = test.dependencies.database.reader();
    await expect(query(reader, `update location set kind = 'factory' where code = 'WH1'`)).rejects.toThrow(
      'append-only',
    );
    await query(
      reader,
      `insert into part (part_number, name_zh, part_class, unit, created_at, updated_at) values ('P', 'P', 'wear', 'piece', now(), now())`,
    );
    await expect(
      query(
        reader,
        `insert into stock_level (location_id, part_id) select l.id, p.id from location l, part p where l.code = 'CUSTOMER'`,
      ),
    ).rejects.toThrow('stock_level_counted_place');
  });

  it('are not found under an unknown code, and not shown to dealers', async () => {
    const specialist = await test.as('parts_specialist');
    expect(await specialist.get('/v1/locations/NOWHERE')).toMatchObject({
      status: 404,
      body: { code: 'LOCATION_NOT_FOUND' },
    });
    const dealer = await test.as('dealer', 'D1');
    expect((await dealer.get('/v1/locations')).status).toBe(403);
    expect((await dealer.get('/v1/stock-levels')).status).toBe(403);
    expect((await dealer.get('/v1/stock-entries')).status).toBe(403);
  });

  it('are listed by kind, page by page', async () => {
    const auditor = await test.as('auditor');
    expect((await auditor.get('/v1/locations?kind=warehouse')).body.items).toHaveLength(1);
    const codes: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer = await auditor.get(`/v1/locations?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      codes.push(...answer.body.items.map((item: { code: string }) => item.code));
      cursor = answer.body.nextCursor;
    }
    expect(codes).toEqual([...codes].sort());
    expect(codes).toHaveLength(6);
  });
});
