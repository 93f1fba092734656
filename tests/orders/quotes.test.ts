import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { forceClass } from '../inventory/stock-builder.ts';
import { supersede } from '../pricing/builders.ts';
import { openTestApp, TEST_NOW, type TestApp } from '../support/test-app.ts';
import { disagreements, openShop, stock } from './shop.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openShop(test);
  await stock(test, { BELT: '4' });
});
beforeEach(() => test.setNow(TEST_NOW));
afterAll(() => test.close());

const quote = async (dealerCode: string, lines: Readonly<Record<string, string>>, more: object = {}) =>
  (await test.as('dealer', dealerCode)).post('/v1/quotes', {
    lines: Object.entries(lines).map(([partNumber, quantity]) => ({ partNumber, quantity })),
    ...more,
  });
const counts = async () =>
  (
    await query(
      test.dependencies.database.reader(),
      'select (select count(*) from quote) as quotes, (select count(*) from quote_line) as lines',
    )
  )[0];

describe('a quote', () => {
  it('of a tax-inclusive list is price + freight, with the tax inside', async () => {
    const { body } = await quote('IOWA', { PUMP: '2' });
    expect(body).toMatchObject({
      currency: 'USD',
      taxInclusive: true,
      lines: [
        { unitPrice: '100.0000', net: '176.99', tax: '23.01', gross: '200.00' },
        { kind: 'freight', unitPrice: '19.5000', net: '17.26', tax: '2.24', gross: '19.50' },
      ],
      breakdown: { price: '200.00', tax: null, freight: '19.50', total: '219.50' },
      gross: '219.50',
    });
  });

  it('says how much of each line is in stock without saying how much there is', async () => {
    const line = async (quantity: string) => (await quote('HEBEI', { BELT: quantity })).body.lines[0].availability;
    expect([
      await line('4'),
      await line('5'),
      (await quote('HEBEI', { HOSE: '1' })).body.lines[0].availability,
    ]).toEqual(['in_stock', 'partial', 'none']);
  });

  it('is refused whole for one line, and nothing is created', async () => {
    const before = await counts();
    const refused = await quote('HEBEI', { PUMP: '1', UNPRICED: '1' });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'LINES_REFUSED', lines: [{ line: 2, partNumber: 'UNPRICED', code: 'PART_NOT_PRICED' }] },
    });
    expect(await counts()).toEqual(before);
  });

  it('tells a dealer the same of a core, an unlisted and an unknown part, and staff the truth', async () => {
    const lines = { ECU: '1', UNPRICED: '1', NONE: '1' };
    const dealer = (await quote('HEBEI', lines)).body.lines;
    expect(
      new Set(dealer.map(({ line: _, partNumber: __, ...rest }: Record<string, unknown>) => JSON.stringify(rest))).size,
    ).toBe(1);
    const specialist = await test.as('parts_specialist');
    const told = await specialist.post('/v1/quotes', {
      dealerCode: 'HEBEI',
      lines: Object.keys(lines).map(partNumber => ({ partNumber, quantity: '1' })),
    });
    expect(told.body.lines.map((line: { code: string }) => line.code)).toEqual([
      'PART_CORE_IP',
      'PART_NOT_PRICED',
      'PART_NOT_FOUND',
    ]);
  });

  it('names the successor of a superseded part', async () => {
    await supersede(test, 'HOSE', 'BELT', new Date('2026-03-01T00:00:00Z'));
    expect((await quote('HEBEI', { HOSE: '1' })).body.lines).toMatchObject([
      { code: 'PART_SUPERSEDED', successor: 'BELT' },
    ]);
    await query(test.dependencies.database.reader(), 'delete from supersession');
  });

  it('refuses broken pieces and takes broken metres', async () => {
    expect((await quote('HEBEI', { PUMP: '1.5' })).body.lines).toMatchObject([{ code: 'QUANTITY_NOT_WHOLE' }]);
    expect((await quote('HEBEI', { HOSE: '1.5' })).body.lines[0]).toMatchObject({ quantity: '1.500', net: '11.66' });
  });

  it('travels to another zone only when staff say so', async () => {
    expect((await quote('HEBEI', { PUMP: '1' }, { zone: 'south' })).body.code).toBe('FREIGHT_ZONE_NOT_YOURS');
    expect((await quote('HEBEI', { PUMP: '1' }, { zone: 'north' })).status).toBe(201);
    const specialist = await test.as('parts_specialist');
    const body = { dealerCode: 'HEBEI', lines: [{ partNumber: 'PUMP', quantity: '1' }] };
    expect((await specialist.post('/v1/quotes', { ...body, zone: 'south' })).body.code).toBe('FREIGHT_TARIFF_MISSING');
    expect(
      (await specialist.post('/v1/quotes', { ...body, zone: 'south', freightMode: 'pass_through' })).body,
    ).toMatchObject({ zone: 'south', lines: [{ kind: 'goods' }] });
  });

  it('is for a named and active dealer', async () => {
    const specialist = await test.as('parts_specialist');
    const lines = [{ partNumber: 'PUMP', quantity: '1' }];
    expect((await specialist.post('/v1/quotes', { lines })).body.code).toBe('DEALER_REQUIRED');
    expect((await specialist.post('/v1/quotes', { dealerCode: 'NOBODY', lines })).body.code).toBe('DEALER_NOT_FOUND');
    await specialist.post('/v1/dealers', { code: 'GONE', currency: 'CNY', nameZh: '停用' });
    await specialist.patch('/v1/dealers/GONE', { active: false }, { 'if-match': '"1"' });
    expect((await specialist.post('/v1/quotes', { dealerCode: 'GONE', lines })).body.code).toBe('DEALER_INACTIVE');
  });

  it('is not for an own branch, which is the firm itself', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', {
      code: 'BRANCH',
      currency: 'CNY',
      nameZh: '直营店',
      dealerKind: 'own_branch',
    });
    const lines = [{ partNumber: 'PUMP', quantity: '1' }];
    expect((await specialist.post('/v1/quotes', { dealerCode: 'BRANCH', lines })).body.code).toBe(
      'OWN_BRANCH_NOT_SOLD_TO',
    );
    const ordered = await specialist.post('/v1/orders', { dealerCode: 'BRANCH', dealerDocument: 'B1', lines });
    expect(ordered.body.code).toBe('OWN_BRANCH_NOT_SOLD_TO');
  });

  it('is good for 30 days; staff may promise longer, and nobody backwards', async () => {
    expect((await quote('HEBEI', { PUMP: '1' }, { validUntil: '2026-04-10' })).body).toMatchObject({
      code: 'QUOTE_VALIDITY_INVALID',
      from: '2026-03-10',
      to: '2026-04-09',
    });
    expect((await quote('HEBEI', { PUMP: '1' }, { validUntil: '2026-03-09' })).body.code).toBe(
      'QUOTE_VALIDITY_INVALID',
    );
    expect((await quote('HEBEI', { PUMP: '1' }, { validUntil: '2026-03-10' })).body.validUntil).toBe('2026-03-10');
    const specialist = await test.as('parts_specialist');
    const body = { dealerCode: 'HEBEI', lines: [{ partNumber: 'PUMP', quantity: '1' }] };
    expect((await specialist.post('/v1/quotes', { ...body, validUntil: '2026-06-30' })).status).toBe(201);
  });

  it('too large for any account is refused', async () => {
    expect((await quote('HEBEI', { PUMP: '99999999999' }, { freightMode: 'pass_through' })).body.code).toBe(
      'DECIMAL_TOO_LARGE',
    );
  });

  it('expires after its last day, by itself', async () => {
    const { number } = (await quote('HEBEI', { PUMP: '1' })).body;
    const dealer = await test.as('dealer', 'HEBEI');
    test.setNow('2026-04-09T15:59:00Z');
    expect((await dealer.get(`/v1/quotes/${number}`)).body.state).toBe('open');
    test.setNow('2026-04-09T16:00:00Z');
    expect((await dealer.get(`/v1/quotes/${number}`)).body.state).toBe('expired');
    expect(
      (await dealer.get('/v1/quotes?state=expired&limit=200')).body.items.map(
        (item: { number: string }) => item.number,
      ),
    ).toContain(number);
    expect(
      (await dealer.get('/v1/quotes?state=open&limit=200')).body.items.map((item: { number: string }) => item.number),
    ).not.toContain(number);
    const late = await dealer.post('/v1/orders', { quoteNumber: number, dealerDocument: 'LATE' });
    expect(late).toMatchObject({ status: 409, body: { code: 'QUOTE_EXPIRED', validUntil: '2026-04-09' } });
  });

  it('is withdrawn once, and then orders nothing', async () => {
    const { number } = (await quote('HEBEI', { PUMP: '1' })).body;
    const dealer = await test.as('dealer', 'HEBEI');
    expect((await dealer.post(`/v1/quotes/${number}/withdrawal`, {})).body).toMatchObject({
      state: 'withdrawn',
      version: 2,
    });
    expect(await dealer.post(`/v1/quotes/${number}/withdrawal`, {})).toMatchObject({
      status: 409,
      body: { code: 'QUOTE_WITHDRAWN' },
    });
    expect((await dealer.post('/v1/orders', { quoteNumber: number, dealerDocument: 'W' })).body.code).toBe(
      'QUOTE_WITHDRAWN',
    );
  });

  it('is void where a part became core or is not supplied any more; a dealer cannot tell which', async () => {
    const core = (await quote('HEBEI', { BELT: '1', PUMP: '1' })).body.number;
    const specialist = await test.as('parts_specialist');
    const dealer = await test.as('dealer', 'HEBEI');
    await forceClass(test, 'BELT', 'core');
    const void1 = await dealer.post('/v1/orders', { quoteNumber: core, dealerDocument: 'V1' });
    await forceClass(test, 'BELT', 'functional');
    await query(test.dependencies.database.reader(), `update part set serviceable = false where part_number = 'BELT'`);
    const void2 = await dealer.post('/v1/orders', { quoteNumber: core, dealerDocument: 'V1' });
    expect(void1).toMatchObject({
      status: 422,
      body: { code: 'QUOTE_LINE_VOID', lines: [{ line: 1, partNumber: 'BELT' }] },
    });
    const same = ({ requestId: _, ...rest }: Record<string, unknown>) => rest;
    expect(same(void1.body)).toEqual(same(void2.body));
    await query(test.dependencies.database.reader(), `update part set serviceable = true where part_number = 'BELT'`);
    expect((await specialist.post('/v1/orders', { quoteNumber: core, dealerDocument: 'V1' })).status).toBe(201);
  });

  it('of another dealer is not found', async () => {
    const { number } = (await quote('HEBEI', { PUMP: '1' })).body;
    const other = await test.as('dealer', 'HENAN');
    expect(await other.get(`/v1/quotes/${number}`)).toMatchObject({ status: 404, body: { code: 'QUOTE_NOT_FOUND' } });
    expect((await other.post(`/v1/quotes/${number}/withdrawal`, {})).body.code).toBe('QUOTE_NOT_FOUND');
    expect((await other.post('/v1/orders', { quoteNumber: number, dealerDocument: 'X' })).body.code).toBe(
      'QUOTE_NOT_FOUND',
    );
    expect((await other.get('/v1/quotes')).body.items).toEqual([]);
    expect((await other.get('/v1/quotes?dealerCode=HEBEI')).body.items).toEqual([]);
    expect(
      (await other.post('/v1/quotes', { dealerCode: 'HEBEI', lines: [{ partNumber: 'PUMP', quantity: '1' }] })).body
        .code,
    ).toBe('DEALER_NOT_FOUND');
  });

  it('shows a dealer nothing of cost, class or margin', async () => {
    const { body } = await quote('HEBEI', { PUMP: '1' });
    expect(JSON.stringify(body)).not.toMatch(/cost|margin|partClass|functional|taxClass|partId|"id"/i);
  });

  it('keeps its figures: the database refuses to change what was promised', async () => {
    const reader = test.dependencies.database.reader();
    await expect(query(reader, 'update quote_line set net = net')).rejects.toThrow();
    await expect(query(reader, 'update quote set gross = gross')).rejects.toThrow('append-only');
    await expect(query(reader, 'delete from quote')).rejects.toThrow();
  });

  it('is listed latest first, page by page', async () => {
    const auditor = await test.as('auditor');
    const numbers: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer = await auditor.get(
        `/v1/quotes?dealerCode=HEBEI&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(answer.status).toBe(200);
      numbers.push(...answer.body.items.map((item: { number: string }) => item.number));
      cursor = answer.body.nextCursor;
    }
    expect(numbers).toEqual([...numbers].sort().reverse());
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(await disagreements(test)).toEqual({});
  });
});
