import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';
import { addDealer, addParts, addPriceList, publishPrices, reclassify, supersede } from './builders.ts';

let test: TestApp;
let dealer: Client;
let specialist: Client;
let release: string;
beforeAll(async () => {
  test = await openTestApp();
  await addDealer(test, 'D1', 'CNY', 'north');
  await addDealer(test, 'D2', 'CNY');
  await addDealer(test, 'GB', 'GBP');
  dealer = await test.as('dealer', 'D1');
  specialist = await test.as('parts_specialist');
  await addPriceList(test, { code: 'S-CNY' });
  await addPriceList(test, { code: 'G-CNY', kind: 'guidance', taxInclusive: true });
  await addParts(test, [
    { partNumber: 'A' },
    { partNumber: 'B', partClass: 'wear' },
    { partNumber: 'HOSE', unit: 'metre' },
    { partNumber: 'UNLISTED' },
    { partNumber: 'CORE', partClass: 'core' },
    { partNumber: 'RETIRED', serviceable: false },
    { partNumber: 'SEASON', activeFrom: '2026-01-01', activeTo: '2026-12-31' },
    { partNumber: 'ODD', taxClass: 'farm_machine' },
    { partNumber: 'OLD-1' },
    { partNumber: 'OLD-2' },
    { partNumber: 'NEW' },
    { partNumber: 'TO-CORE' },
    { partNumber: 'TO-UNPRICED' },
    { partNumber: 'DANGLING' },
  ]);
  release = await publishPrices(test, 'S-CNY', '2026-01-01', {
    A: '88.5',
    B: '0.01',
    HOSE: '0.0130',
    RETIRED: '5',
    SEASON: '6',
    ODD: '10',
    'OLD-1': '1',
    'OLD-2': '2',
    NEW: '3',
    'TO-CORE': '4',
    'TO-UNPRICED': '4',
    DANGLING: '7',
  });
  await publishPrices(test, 'G-CNY', '2026-01-01', { A: '100' });
  await supersede(test, 'OLD-1', 'OLD-2');
  await supersede(test, 'OLD-2', 'NEW');
  await supersede(test, 'TO-CORE', 'CORE');
  await supersede(test, 'TO-UNPRICED', 'UNLISTED');
  await supersede(test, 'DANGLING', 'NOT-YET-HERE');
});
afterAll(() => test.close());

const ask = (client: Client, parts: Array<string | [string, string]>, more: object = {}) =>
  client.post('/v1/price-queries', {
    lines: parts.map(part =>
      typeof part === 'string' ? { partNumber: part } : { partNumber: part[0], quantity: part[1] },
    ),
    ...more,
  });
const codes = (answer: { body: { refusals: { partNumber: string; code: string }[] } }) =>
  answer.body.refusals.map(({ partNumber, code }) => [partNumber, code]);

describe('a price query', () => {
  it('adds tax to a tax-exclusive list and traces the price to its release', async () => {
    const answer = await ask(dealer, [['A', '3'], 'B']);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      dealerCode: 'D1',
      list: 'S-CNY',
      currency: 'CNY',
      taxInclusive: false,
      on: '2026-03-10',
      lines: [
        {
          line: 1,
          partNumber: 'A',
          nameZh: '配件A',
          nameEn: 'Part A',
          unit: 'piece',
          quantity: '3.000',
          packQuantity: '1.000',
          unitPrice: '88.5000',
          taxRate: '0.130000',
          net: '265.50',
          tax: '34.52',
          gross: '300.02',
          validUntil: null,
          trace: {
            list: 'S-CNY',
            release,
            effectiveOn: '2026-01-01',
            source: 'explicit',
            taxInclusive: false,
            rounding: 'half_away_per_line',
          },
        },
        expect.objectContaining({ line: 2, partNumber: 'B', net: '0.01', tax: '0.00', gross: '0.01' }),
      ],
      refusals: [],
      freight: [],
      totals: { net: '265.51', tax: '34.52', gross: '300.03' },
    });
  });

  it('finds the tax inside a tax-inclusive list', async () => {
    const answer = await ask(dealer, ['A'], { kind: 'guidance' });
    expect(answer.body).toMatchObject({
      list: 'G-CNY',
      taxInclusive: true,
      lines: [{ net: '88.50', tax: '11.50', gross: '100.00' }],
      totals: { net: '88.50', tax: '11.50', gross: '100.00' },
    });
  });

  it('answers each line at the rate of its own tax class', async () => {
    const answer = await ask(dealer, ['A', 'ODD']);
    expect(answer.body.lines.map((line: { taxRate: string }) => line.taxRate)).toEqual(['0.130000', '0.090000']);
  });

  it('keeps the place of every line, also of a part asked twice', async () => {
    const answer = await ask(dealer, ['B', 'UNLISTED', ['A', '2'], 'B']);
    expect(answer.body.lines.map(({ line, partNumber }: never) => [line, partNumber])).toEqual([
      [1, 'B'],
      [3, 'A'],
      [4, 'B'],
    ]);
    expect(answer.body.refusals).toMatchObject([{ line: 2, partNumber: 'UNLISTED' }]);
  });

  it('changes nothing and needs no key', async () => {
    const reply = await test.app.inject({
      method: 'POST',
      url: '/v1/price-queries',
      headers: { authorization: `Bearer ${dealer.token}` },
      payload: { lines: [{ partNumber: 'A' }] },
    });
    expect(reply.statusCode).toBe(200);
  });

  it('refuses more lines than it promises, none, and what the description does not know', async () => {
    expect((await ask(dealer, Array(501).fill('A'))).status).toBe(400);
    expect((await ask(dealer, [])).status).toBe(400);
    expect((await ask(dealer, Array(500).fill('A'))).body.lines).toHaveLength(500);
    expect((await ask(dealer, ['A'], { discount: '5' })).body.code).toBe('REQUEST_INVALID');
    expect((await ask(dealer, [['A', '1e3']])).body.code).toBe('REQUEST_INVALID');
    expect((await ask(dealer, [['A', '-1']])).body.code).toBe('REQUEST_INVALID');
    expect((await ask(dealer, ['A'], { on: '2026-02-30' })).body.code).toBe('BUSINESS_DATE_INVALID');
  });
});

describe('whose prices', () => {
  it('a dealer asks for itself, staff say for whom', async () => {
    expect((await ask(dealer, ['A'], { dealerCode: 'D1' })).status).toBe(200);
    expect(await ask(dealer, ['A'], { dealerCode: 'D2' })).toMatchObject({
      status: 404,
      body: { code: 'DEALER_NOT_FOUND' },
    });
    expect((await ask(specialist, ['A'], { dealerCode: 'D2' })).body).toMatchObject({ dealerCode: 'D2' });
    expect((await ask(specialist, ['A'])).body.code).toBe('DEALER_REQUIRED');
    expect((await ask(specialist, ['A'], { dealerCode: 'D9' })).body.code).toBe('DEALER_NOT_FOUND');
  });

  it('a currency without a list is said so', async () => {
    expect(await ask(await test.as('dealer', 'GB'), ['A'])).toMatchObject({
      status: 422,
      body: { code: 'PRICE_LIST_MISSING' },
    });
  });
});

describe('a line that has no price', () => {
  it('reads the same to a dealer, byte for byte, for core, unlisted, unknown and unserviceable parts', async () => {
    const wanted = ['CORE', 'UNLISTED', 'NONE', 'RETIRED', 'TO-CORE', 'TO-UNPRICED'];
    const answers = await Promise.all(wanted.map(part => ask(dealer, [[part, '1.5']])));
    const texts = answers.map(({ raw }, at) => raw.toString().replaceAll(wanted[at] as string, '#'));
    expect(new Set(texts).size).toBe(1);
    expect(answers[0]?.body.refusals).toEqual([
      {
        line: 1,
        partNumber: 'CORE',
        code: 'PART_NOT_PRICED',
        title: 'This part has no price',
        detail: 'Ask the parts department for a price.',
      },
    ]);
    for (const on of ['2010-01-01', '2030-01-01']) {
      const then = await Promise.all(wanted.slice(0, 4).map(part => ask(dealer, [part], { on })));
      expect(new Set(then.map(({ raw }, at) => raw.toString().replaceAll(wanted[at] as string, '#'))).size).toBe(1);
    }
  });

  it('carries the true reason for staff', async () => {
    const answer = await ask(
      specialist,
      ['CORE', 'UNLISTED', 'NONE', 'RETIRED', 'TO-CORE', 'TO-UNPRICED', ['A', '1.5']],
      { dealerCode: 'D1' },
    );
    expect(codes(answer)).toEqual([
      ['CORE', 'PART_CORE_IP'],
      ['UNLISTED', 'PART_NOT_PRICED'],
      ['NONE', 'PART_NOT_FOUND'],
      ['RETIRED', 'PART_NOT_SERVICEABLE'],
      ['TO-CORE', 'PART_SUPERSEDED'],
      ['TO-UNPRICED', 'PART_SUPERSEDED'],
      ['A', 'QUANTITY_NOT_WHOLE'],
    ]);
    expect(answer.body.refusals[4]).toMatchObject({ successor: 'CORE' });
    expect(answer.body.refusals[6]).toMatchObject({ detail: expect.stringContaining('1.5') });
    expect(answer.body.totals).toEqual({ net: '0.00', tax: '0.00', gross: '0.00' });
  });

  it('names the last number of a chain that is sold', async () => {
    const answer = await ask(dealer, ['OLD-1', 'OLD-2', 'DANGLING']);
    expect(answer.body.refusals).toMatchObject([
      { partNumber: 'OLD-1', code: 'PART_SUPERSEDED', successor: 'NEW' },
      { partNumber: 'OLD-2', code: 'PART_SUPERSEDED', successor: 'NEW' },
    ]);
    expect(answer.body.lines).toMatchObject([{ partNumber: 'DANGLING', unitPrice: '7.0000' }]);
  });

  it('answers a day before the supersession as it was sold then', async () => {
    expect((await ask(dealer, ['OLD-1'], { on: '2026-03-09' })).body.lines).toMatchObject([{ unitPrice: '1.0000' }]);
    expect((await ask(dealer, ['OLD-1'], { on: '2026-03-10' })).body.lines).toEqual([]);
  });

  it('keeps to the days on which a part is supplied', async () => {
    expect((await ask(dealer, ['SEASON'], { on: '2026-12-31' })).body.lines).toHaveLength(1);
    expect(codes(await ask(dealer, ['SEASON'], { on: '2027-01-01' }))).toEqual([['SEASON', 'PART_NOT_PRICED']]);
    expect(codes(await ask(specialist, ['SEASON'], { on: '2027-01-01', dealerCode: 'D1' }))).toEqual([
      ['SEASON', 'PART_NOT_SERVICEABLE'],
    ]);
  });

  it('is never a silent zero: a quantity that rounds to 0.00 is refused', async () => {
    const answer = await ask(dealer, [
      ['HOSE', '0.3'],
      ['HOSE', '0.4'],
    ]);
    expect(codes(answer)).toEqual([['HOSE', 'LINE_POSTS_AS_ZERO']]);
    expect(answer.body.lines).toMatchObject([{ quantity: '0.400', net: '0.01' }]);
  });

  it('speaks the language of the reader', async () => {
    const chinese = await dealer.post(
      '/v1/price-queries',
      { lines: [{ partNumber: 'NONE' }] },
      { 'accept-language': 'zh-CN' },
    );
    expect(chinese.body.refusals[0].title).toBe('该配件没有价格');
  });
});

describe('what a dealer learns', () => {
  it('holds neither cost nor class, not of the part, not of another level', async () => {
    const text = JSON.stringify((await ask(dealer, ['A', 'B', 'CORE', 'OLD-1', 'ODD'], { kind: 'settlement' })).body);
    for (const word of ['class', 'Class', 'cost', 'margin', 'wear', 'functional', 'core', 'farm_machine', 'level'])
      expect(text.replaceAll('"CORE"', '')).not.toContain(word);
    expect(text).not.toMatch(/"(partId|part_id|id|taxClass|weightKg|zone)"/);
  });

  it('says until when a price holds once a later one is published', async () => {
    await addParts(test, [{ partNumber: 'SOON' }]);
    await publishPrices(test, 'S-CNY', '2026-01-01', { SOON: '5' });
    await publishPrices(test, 'S-CNY', '2026-04-01', { SOON: '6' });
    expect((await ask(dealer, ['SOON'])).body.lines).toMatchObject([{ unitPrice: '5.0000', validUntil: '2026-03-31' }]);
  });
});

describe('the price of any day', () => {
  it('is the one that was in force, and there is none before the first', async () => {
    await addParts(test, [{ partNumber: 'HISTORY' }]);
    const days = ['2020-02-29', '2021-01-01', '2025-12-31'];
    for (const [at, day] of days.entries()) {
      await publishPrices(test, 'S-CNY', day, { HISTORY: String(at + 1) }, day);
    }
    const priceOn = async (on: string) => (await ask(dealer, ['HISTORY'], { on })).body.lines[0]?.unitPrice ?? null;
    expect(await priceOn('2020-02-28')).toBe(null);
    expect(await priceOn('2020-02-29')).toBe('1.0000');
    expect(await priceOn('2020-12-31')).toBe('1.0000');
    expect(await priceOn('2021-01-01')).toBe('2.0000');
    expect(await priceOn('2025-12-30')).toBe('2.0000');
    expect(await priceOn('2025-12-31')).toBe('3.0000');
    expect(await priceOn('2999-12-31')).toBe('3.0000');
  });

  it('takes the tax rate of that day', async () => {
    await addParts(test, [{ partNumber: 'RATES' }]);
    await publishPrices(test, 'S-CNY', '2017-01-01', { RATES: '100' });
    const rateOn = async (on: string) => (await ask(dealer, ['RATES'], { on })).body.lines[0].taxRate;
    expect(await rateOn('2018-04-30')).toBe('0.170000');
    expect(await rateOn('2018-05-01')).toBe('0.160000');
    expect(await rateOn('2019-04-01')).toBe('0.130000');
  });

  it('refuses a day on which a tax class has no rate', async () => {
    await addParts(test, [{ partNumber: 'NO-RATE', taxClass: 'farm_machine' }]);
    await publishPrices(test, 'S-CNY', '2017-01-01', { 'NO-RATE': '100' });
    expect((await ask(dealer, ['NO-RATE'], { on: '2018-01-01' })).body.code).toBe('TAX_RATE_MISSING');
  });

  it('ends when the part becomes core, also for prices announced', async () => {
    await addParts(test, [{ partNumber: 'SECRET' }]);
    await publishPrices(test, 'S-CNY', '2026-01-01', { SECRET: '5' });
    await publishPrices(test, 'S-CNY', '2026-04-01', { SECRET: '6' });
    await reclassify(test, 'SECRET', 'core');
    for (const on of ['2026-01-01', '2026-03-10', '2026-05-01'])
      expect(codes(await ask(dealer, ['SECRET'], { on }))).toEqual([['SECRET', 'PART_NOT_PRICED']]);
    await reclassify(test, 'SECRET', 'functional');
    const found = (on: string) => ask(dealer, ['SECRET'], { on }).then(answer => answer.body.lines.length);
    expect(await Promise.all(['2026-03-09', '2026-03-10', '2026-05-01'].map(found))).toEqual([1, 0, 0]);
    await publishPrices(test, 'S-CNY', '2026-03-15', { SECRET: '7' });
    expect(await Promise.all(['2026-03-14', '2026-03-15', '2026-05-01'].map(found))).toEqual([0, 1, 1]);
  });
});
