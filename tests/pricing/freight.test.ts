import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal, equals, sum, toFixed } from '../../src/core/decimal.ts';
import { amount } from '../../src/core/money.ts';
import { query } from '../../src/platform/database.ts';
import { carriagePrice } from '../../src/pricing/freight-lines.ts';
import { freightLines } from '../../src/pricing/index.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';
import { addDealer, addParts, addPriceList, publishPrices } from './builders.ts';

let test: TestApp;
let specialist: Client;
let dealer: Client;
const NORTH = {
  zone: 'north',
  carriage: 'road',
  currency: 'CNY',
  firstWeightKg: '1',
  firstPrice: '12.00',
  continuedWeightKg: '0.5',
  continuedPrice: '3.00',
  freeFrom: '1000.00',
  validFrom: '2026-01-01',
};
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  await addDealer(test, 'D1', 'CNY', 'north');
  await addDealer(test, 'D2', 'CNY', null);
  dealer = await test.as('dealer', 'D1');
  await addPriceList(test, { code: 'S' });
  await addParts(test, [
    { partNumber: 'LIGHT', weightKg: '0.200' },
    { partNumber: 'HEAVY', weightKg: '2.001' },
    { partNumber: 'NINE', weightKg: '0.1', taxClass: 'farm_machine' },
    { partNumber: 'WEIGHTLESS' },
    { partNumber: 'EARLY', weightKg: '1' },
  ]);
  await publishPrices(test, 'S', '2025-01-01', { EARLY: '10' });
  await publishPrices(test, 'S', '2026-01-01', { LIGHT: '10', HEAVY: '100', NINE: '5', WEIGHTLESS: '10' });
  expect((await specialist.post('/v1/freight-tariffs', NORTH)).status).toBe(201);
});
afterAll(() => test.close());

const ask = (lines: Record<string, string>, more: object = {}, client = dealer) =>
  client.post('/v1/price-queries', {
    lines: Object.entries(lines).map(([partNumber, quantity]) => ({ partNumber, quantity })),
    freightMode: 'with_goods',
    ...more,
  });

describe('freight', () => {
  it('costs the first weight, then each continued step that is begun', () => {
    const tariff = { ...NORTH, carriage: 'road' as const, id: '1', validUntil: null };
    const price = (kg: string) => toFixed(carriagePrice(tariff, decimal(kg)), 2);
    expect(['0', '0.001', '1', '1.001', '1.5', '1.501', '10'].map(price)).toEqual([
      '12.00',
      '12.00',
      '12.00',
      '15.00',
      '15.00',
      '18.00',
      '66.00',
    ]);
  });

  it('travels with the goods at their rate, tax-inclusive, and joins the totals', async () => {
    const { body } = await ask({ LIGHT: '2' });
    expect(body).toMatchObject({
      weightKg: '0.400',
      freight: [{ textZh: '运费', textEn: 'Freight', taxRate: '0.130000', net: '10.62', tax: '1.38', gross: '12.00' }],
      totals: { net: '30.62', tax: '3.98', gross: '34.60' },
    });
  });

  it('weighs what is sent', async () => {
    const { body } = await ask({ HEAVY: '3' });
    // 6.003 kg: 1 kg, then 11 steps of 0.5 kg
    expect(body).toMatchObject({ weightKg: '6.003', freight: [{ gross: '45.00' }] });
  });

  it('is split over the rates of the goods by their gross, without losing a cent', async () => {
    const { body } = await ask({ LIGHT: '2', NINE: '1' });
    expect(body.freight).toMatchObject([{ taxRate: '0.130000' }, { taxRate: '0.090000' }]);
    const gross = sum(body.freight.map((line: { gross: string }) => decimal(line.gross)));
    expect(toFixed(gross, 2)).toBe('12.00');
    expect(body.freight.map((line: { gross: string }) => line.gross)).toEqual(['9.67', '2.33']);
  });

  it('is free from the threshold on, goods gross', async () => {
    expect((await ask({ HEAVY: '8' })).body.freight).toHaveLength(1);
    const { body } = await ask({ HEAVY: '9' });
    expect(body).toMatchObject({ freight: [], weightKg: '18.009', totals: { gross: '1017.00' } });
  });

  it('passed through stands on no document of ours, tariff or not', async () => {
    expect((await ask({ HEAVY: '1' }, { freightMode: 'pass_through' })).body).toMatchObject({
      freight: [],
      weightKg: '2.001',
      totals: { gross: '113.00' },
    });
    expect((await ask({ WEIGHTLESS: '1' }, { freightMode: 'pass_through', zone: 'nowhere' })).status).toBe(200);
  });

  it('under its own contract has its own rate', async () => {
    const { body } = await ask({ LIGHT: '1' }, { freightMode: 'separate' });
    expect(body.freight).toMatchObject([{ taxRate: '0.090000', net: '11.01', tax: '0.99', gross: '12.00' }]);
  });

  it('without a tariff for the zone, the way, the day or any zone at all is refused', async () => {
    const staff = { dealerCode: 'D2' };
    for (const more of [{ zone: 'nowhere' }, { carriage: 'air' }, { on: '2025-12-31' }]) {
      expect((await ask({ EARLY: '1' }, more)).body).toMatchObject({ status: 422, code: 'FREIGHT_TARIFF_MISSING' });
    }
    expect((await ask({ LIGHT: '1' }, staff, specialist)).body.code).toBe('FREIGHT_TARIFF_MISSING');
    expect((await ask({ LIGHT: '1' }, { ...staff, zone: 'north' }, specialist)).body.freight).toHaveLength(1);
  });

  it('of a part without a weight is refused by the part, not guessed', async () => {
    expect((await ask({ LIGHT: '1', WEIGHTLESS: '1' })).body).toMatchObject({
      status: 422,
      code: 'PART_WEIGHT_MISSING',
      parts: ['WEIGHTLESS'],
    });
  });

  it('lines always sum to the tariff, whatever the goods', async () => {
    const goods = fc.record({
      weightKg: fc.constantFrom('0.001', '0.333', '7.500'),
      quantity: fc.constantFrom('1.000', '0.001', '12.345'),
      taxClass: fc.constant('part'),
      taxRate: fc.constantFrom('0.130000', '0.090000', '0.060000', '0.000000'),
      gross: fc.integer({ min: 1, max: 9_999 }).map(cents => (cents / 100).toFixed(2)),
    });
    const em = test.dependencies.database.reader();
    await fc.assert(
      fc.asyncProperty(fc.array(goods, { minLength: 1, maxLength: 6 }), async list => {
        const request = {
          zone: 'north',
          carriage: 'road',
          mode: 'with_goods',
          currency: 'CNY',
          on: '2026-03-10',
        } as const;
        const { lines, weightKg } = await freightLines(em, { ...request, goods: list });
        const due = carriagePrice({ ...NORTH, carriage: 'road', id: '1', validUntil: null }, decimal(weightKg));
        expect(equals(sum(lines.map(line => amount(line.gross))), due)).toBe(true);
        for (const line of lines)
          expect(equals(sum([amount(line.net), amount(line.tax)]), amount(line.gross))).toBe(true);
        expect(new Set(lines.map(line => line.taxRate)).size).toBe(lines.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('freight tariffs', () => {
  it('follow one another: the one in force ends the day before the next', async () => {
    const east = { ...NORTH, zone: 'east', freeFrom: null };
    expect((await specialist.post('/v1/freight-tariffs', east)).body).toMatchObject({
      firstWeightKg: '1.000',
      freeFrom: null,
      validFrom: '2026-01-01',
      validUntil: null,
    });
    const next = await specialist.post('/v1/freight-tariffs', {
      ...east,
      firstPrice: '13.00',
      validFrom: '2026-06-01',
    });
    expect(next.status).toBe(201);
    const listed = await specialist.get('/v1/freight-tariffs?zone=east');
    expect(listed.body.items).toMatchObject([
      { validFrom: '2026-06-01', validUntil: null, firstPrice: '13.00' },
      { validFrom: '2026-01-01', validUntil: '2026-05-31', firstPrice: '12.00' },
    ]);
    expect((await specialist.get('/v1/freight-tariffs?zone=east&on=2026-05-31')).body.items).toHaveLength(1);
    const page = await specialist.get('/v1/freight-tariffs?zone=east&limit=1');
    expect(
      (await specialist.get(`/v1/freight-tariffs?zone=east&cursor=${page.body.nextCursor}`)).body.items,
    ).toMatchObject([{ validFrom: '2026-01-01' }]);
    for (const validFrom of ['2026-06-01', '2026-03-01']) {
      expect(await specialist.post('/v1/freight-tariffs', { ...east, validFrom })).toMatchObject({
        status: 409,
        body: { code: 'FREIGHT_TARIFF_OVERLAP' },
      });
    }
  });

  it('leave one a day, whoever adds them at once', async () => {
    const west = { ...NORTH, zone: 'west' };
    const added = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        specialist.post('/v1/freight-tariffs', { ...west, validFrom: `2026-0${(at % 3) + 4}-01` }),
      ),
    );
    expect(added.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(added.some(({ status }) => status === 201)).toBe(true);
    const twice = await query(
      test.dependencies.database.reader(),
      `select 1 from freight_tariff a join freight_tariff b on a.zone = b.zone and a.carriage = b.carriage and a.id < b.id and a.valid && b.valid`,
    );
    expect(twice).toEqual([]);
  });

  it('refuses weights and values that are none, and days out of order', async () => {
    for (const wrong of [
      { firstWeightKg: '0' },
      { continuedWeightKg: '0.000' },
      { freeFrom: '0.00' },
      { validUntil: '2025-12-31' },
    ]) {
      expect((await specialist.post('/v1/freight-tariffs', { ...NORTH, zone: 'south', ...wrong })).body.code).toBe(
        'FREIGHT_TARIFF_INVALID',
      );
    }
    expect((await dealer.get('/v1/freight-tariffs')).status).toBe(403);
  });
});
