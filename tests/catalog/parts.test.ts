import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let specialist: Client;
let dealer: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
  dealer = await test.as('dealer', 'D1');
});
afterAll(() => test.close());

const path = (partNumber: string) => `/v1/parts/${encodeURIComponent(partNumber)}`;
const make = (partNumber: string, more: object = {}) =>
  specialist.post('/v1/parts', { partNumber, nameEn: `Part ${partNumber}`, partClass: 'functional', ...more });
const numbers = (answer: { body: { items: Array<{ partNumber: string }> } }) =>
  answer.body.items.map(item => item.partNumber);

describe('a part', () => {
  it('is created once under its number and read back', async () => {
    expect(await make('150-040', { nameZh: '滤芯', weightKg: '1.5', packQuantity: '4' })).toMatchObject({
      status: 201,
      headers: { location: '/v1/parts/150-040', etag: '"1"' },
      body: {
        partNumber: '150-040',
        nameZh: '滤芯',
        partClass: 'functional',
        unit: 'piece',
        taxClass: 'part',
        weightKg: '1.500',
        packQuantity: '4.000',
        serviceable: true,
        active: true,
        version: 1,
      },
    });
    expect(await specialist.get('/v1/parts/150-040')).toMatchObject({ status: 200, body: { nameEn: 'Part 150-040' } });
    expect(await make('150-040')).toMatchObject({ status: 409, body: { code: 'PART_NUMBER_TAKEN' } });
  });

  it('may have slashes, blanks, quotes, percent signs and Han in its number', async () => {
    for (const number of ['12H165/010', 'FS MG29', 'CSA4008/9 A', '50%"X', "O'RING#7", '滤芯/甲 乙', 'Ñ'.repeat(64)]) {
      const made = await make(number);
      expect(made, number).toMatchObject({ status: 201, headers: { location: path(number) } });
      expect((await specialist.get(path(number))).body.partNumber).toBe(number);
      expect(await specialist.get(`${path(number)}/supersession`)).toMatchObject({ status: 200 });
    }
  });

  it('has a number without blanks at its ends and without control characters', async () => {
    for (const number of [' A1', 'A1 ', '\u0085A'])
      expect((await make(number)).body.code, JSON.stringify(number)).toBe('PART_NUMBER_INVALID');
    for (const number of ['', 'A\nB', 'x'.repeat(65)])
      expect((await make(number)).body.code, JSON.stringify(number)).toBe('REQUEST_INVALID');
  });

  it('has a name in at least one language', async () => {
    expect(await specialist.post('/v1/parts', { partNumber: 'N1', partClass: 'wear' })).toMatchObject({
      status: 422,
      body: { code: 'PART_UNNAMED' },
    });
    expect((await make('N2', { nameEn: '  ' })).body.code).toBe('REQUEST_INVALID');
    await make('N3');
    const unnamed = await specialist.patch('/v1/parts/N3', { nameEn: null }, { 'if-match': '"1"' });
    expect(unnamed.body.code).toBe('PART_UNNAMED');
  });

  it('is counted whole unless its unit says otherwise', async () => {
    expect((await make('U1', { packQuantity: '1.5' })).body.code).toBe('QUANTITY_NOT_WHOLE');
    expect((await make('U2', { packQuantity: '0' })).body.code).toBe('PACK_NOT_POSITIVE');
    expect((await make('U3', { packQuantity: '1.5', unit: 'metre' })).status).toBe(201);
    expect((await make('U4', { unit: 'furlong' })).body.code).toBe('UNIT_UNKNOWN');
    const whole = await specialist.patch('/v1/parts/U3', { unit: 'piece' }, { 'if-match': '"1"' });
    expect(whole.body.code).toBe('QUANTITY_NOT_WHOLE');
  });

  it('has a tax class with a rate, and real dates in order', async () => {
    expect((await make('T1', { taxClass: 'gold' })).body.code).toBe('TAX_RATE_MISSING');
    expect((await make('T2', { activeFrom: '2026-02-30' })).body.code).toBe('BUSINESS_DATE_INVALID');
    expect((await make('T3', { activeFrom: '2026-05-01', activeTo: '2026-04-30' })).body.code).toBe('ACTIVE_DATES');
  });

  it('changes only on the version it was read at, and the audit keeps before and after', async () => {
    await make('C1', { goodsCode: '1090220990000000000' });
    expect((await specialist.patch('/v1/parts/C1', { nameZh: '甲' })).body.code).toBe('VERSION_MISSING');
    expect(await specialist.patch('/v1/parts/C1', { nameZh: '甲' }, { 'if-match': '"1"' })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { nameZh: '甲', nameEn: 'Part C1', goodsCode: '1090220990000000000', version: 2 },
    });
    expect((await specialist.patch('/v1/parts/C1', { nameZh: '乙' }, { 'if-match': '"1"' })).status).toBe(412);
    const [entry] = await query(
      test.dependencies.database.reader(),
      `select before ->> 'nameZh' as before, after ->> 'nameZh' as after from audit_entry where subject_id = 'C1' and action = 'part.changed'`,
    );
    expect(entry).toEqual({ before: null, after: '甲' });
    expect((await specialist.patch(path('none'), { nameZh: '甲' }, { 'if-match': '"1"' })).body.code).toBe(
      'PART_NOT_FOUND',
    );
  });
});

describe('the list of parts', () => {
  it('finds by the beginning of a number, with or without punctuation, and by a piece of a name', async () => {
    await make('77-AB/12', { nameZh: '液压油泵总成', nameEn: 'Hydraulic pump' });
    for (const q of ['77AB1', '77-ab/1', '77ab 12', '油泵', 'LIC PU'])
      expect(numbers(await specialist.get(`/v1/parts?q=${encodeURIComponent(q)}`)), q).toEqual(['77-AB/12']);
    for (const q of ['AB12', '%', '_', '---'])
      expect(numbers(await specialist.get(`/v1/parts?q=${encodeURIComponent(q)}`)), q).not.toContain('77-AB/12');
    expect((await specialist.get('/v1/parts?q=%00')).body.code).toBe('REQUEST_INVALID');
  });

  it('is narrowed by class and by what is active today', async () => {
    await make('W-OLD', { partClass: 'wear', activeTo: '2026-03-09' });
    await make('W-NOW', { partClass: 'wear', activeTo: '2026-03-10' });
    expect(numbers(await specialist.get('/v1/parts?partClass=wear'))).toEqual(['W-NOW', 'W-OLD']);
    expect(numbers(await specialist.get('/v1/parts?partClass=wear&active=true'))).toEqual(['W-NOW']);
    expect(numbers(await specialist.get('/v1/parts?partClass=wear&active=false'))).toEqual(['W-OLD']);
  });

  it('comes page by page in order of number', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer = await specialist.get(`/v1/parts?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...numbers(answer));
      cursor = answer.body.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(numbers(await specialist.get('/v1/parts?limit=200')));
  });
});

describe('a dealer', () => {
  beforeAll(async () => {
    await make('V-OPEN', { partClass: 'standard', goodsCode: '1090220990000000000' });
    await specialist.post(`${path('V-OPEN')}/costs`, { fromOn: '2026-01-01', cost: '12.5' });
    await make('V-CORE', { partClass: 'core' });
    await make('V-UNSERVICEABLE', { serviceable: false });
    await make('V-COMING', { activeFrom: '2026-03-11' });
    await make('V-GONE', { activeTo: '2026-03-09' });
  });

  it('sees a closed list of fields: no class, no cost, no version of the record', async () => {
    const shown = ['active', 'nameEn', 'nameZh', 'packQuantity', 'partNumber', 'unit', 'weightKg'];
    expect(Object.keys((await dealer.get(path('V-OPEN'))).body).sort()).toEqual(shown);
    expect((await dealer.get(path('V-OPEN'))).headers['etag']).toBeUndefined();
    for (const item of (await dealer.get('/v1/parts?q=V-')).body.items) expect(Object.keys(item).sort()).toEqual(shown);
  });

  it('does not see core, unserviceable and coming parts, and cannot tell them from unknown ones', async () => {
    expect(numbers(await dealer.get('/v1/parts?q=V-'))).toEqual(['V-GONE', 'V-OPEN']);
    const unknown = await dealer.get(path('V-NONE'));
    expect(unknown).toMatchObject({ status: 404, body: { code: 'PART_NOT_FOUND' } });
    for (const number of ['V-CORE', 'V-UNSERVICEABLE', 'V-COMING']) {
      for (const tail of ['', '/supersession']) {
        const hidden = await dealer.get(`${path(number)}${tail}`);
        expect(hidden.status).toBe(404);
        const { title, detail, code } = hidden.body;
        expect({ title, detail, code }).toEqual({
          title: unknown.body.title,
          detail: unknown.body.detail.replace('V-NONE', number),
          code: 'PART_NOT_FOUND',
        });
      }
    }
  });

  it('cannot ask by class, which would tell it', async () => {
    expect(await dealer.get('/v1/parts?partClass=standard')).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID' },
    });
  });

  it('changes nothing in the catalog', async () => {
    expect((await dealer.post('/v1/parts', { partNumber: 'X', nameEn: 'X', partClass: 'wear' })).status).toBe(403);
    expect((await dealer.patch(path('V-OPEN'), { nameEn: 'X' }, { 'if-match': '"1"' })).status).toBe(403);
    expect((await dealer.post(`${path('V-OPEN')}/costs`, { fromOn: '2026-01-01', cost: '1' })).status).toBe(403);
  });
});

describe('standard cost', () => {
  it('holds from a day on, and the same day again replaces it', async () => {
    await make('K1');
    for (const [fromOn, cost] of [
      ['2026-01-01', '10'],
      ['2026-04-01', '11.5'],
      ['2026-01-01', '10.25'],
    ])
      expect((await specialist.post('/v1/parts/K1/costs', { fromOn, cost })).status).toBe(201);
    expect((await specialist.get('/v1/parts/K1')).body.costs).toEqual([
      { fromOn: '2026-04-01', cost: '11.5000' },
      { fromOn: '2026-01-01', cost: '10.2500' },
    ]);
    const audited = await query(
      test.dependencies.database.reader(),
      `select before ->> 'cost' as before, after ->> 'cost' as after from audit_entry where subject_id = 'K1' and action = 'part-cost.set' order by id`,
    );
    expect(audited).toEqual([
      { before: null, after: '10.0000' },
      { before: null, after: '11.5000' },
      { before: '10.0000', after: '10.2500' },
    ]);
  });

  it('is shown to nobody without costs.read', async () => {
    const keeper = await test.as('warehouse_keeper');
    expect((await keeper.get('/v1/parts/K1')).body).toMatchObject({ partClass: 'functional' });
    expect((await keeper.get('/v1/parts/K1')).body.costs).toBeUndefined();
    expect((await (await test.as('finance')).get('/v1/parts/K1')).body.costs).toHaveLength(2);
  });

  it('is refused for an unknown part, a day that is none and a figure with five decimals', async () => {
    expect((await specialist.post('/v1/parts/none/costs', { fromOn: '2026-01-01', cost: '1' })).status).toBe(404);
    expect((await specialist.post('/v1/parts/K1/costs', { fromOn: '2026-13-01', cost: '1' })).body.code).toBe(
      'BUSINESS_DATE_INVALID',
    );
    expect((await specialist.post('/v1/parts/K1/costs', { fromOn: '2026-01-01', cost: '1.00001' })).body.code).toBe(
      'REQUEST_INVALID',
    );
  });
});
