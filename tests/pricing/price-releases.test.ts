import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { publishRelease } from '../../src/pricing/index.ts';
import { type Answer, type Client, openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, addPriceList, approvedRelease, MAKER, publishPrices, reclassify, transact } from './builders.ts';

let test: TestApp;
let specialist: Client;
let manager: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  manager = await test.as('service_manager');
  await addPriceList(test, { code: 'S' });
  await addParts(test, [
    ...['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'].map(partNumber => ({ partNumber })),
    { partNumber: 'CORE', partClass: 'core' },
  ]);
});
afterAll(() => test.close());

const draft = (lines: Record<string, string> = {}, effectiveOn = '2026-04-01'): Promise<Answer> =>
  specialist.post('/v1/price-releases', {
    priceList: 'S',
    effectiveOn,
    lines: Object.entries(lines).map(([partNumber, unitPrice]) => ({ partNumber, unitPrice })),
  });
const step = (client: Client, number: string, noun: string) => client.post(`/v1/price-releases/${number}/${noun}`);

describe('a price release', () => {
  it('goes from draft to published through a second person', async () => {
    const made = await draft({ A: '10', B: '20.5' });
    expect(made).toMatchObject({ status: 201, body: { priceList: 'S', state: 'draft', effectiveOn: '2026-04-01' } });
    const { number } = made.body;
    expect(made.headers['location']).toBe(`/v1/price-releases/${number}`);
    expect((await step(specialist, number, 'submission')).body).toMatchObject({ state: 'submitted', version: 2 });
    expect(await step(specialist, number, 'approval')).toMatchObject({
      status: 422,
      body: { code: 'SECOND_PERSON_REQUIRED' },
    });
    expect((await step(manager, number, 'approval')).body).toMatchObject({ state: 'approved', version: 3 });
    const published = await step(specialist, number, 'publication');
    expect(published.body).toMatchObject({ state: 'published', publishedAt: '2026-03-10T02:00:00.000Z', version: 4 });
    const events = await query(
      test.dependencies.database.reader(),
      `select stream, subject from event where type = 'price-release.published' and subject ->> 'number' = $1`,
      [number],
    );
    expect(events).toEqual([
      { stream: '@firm', subject: { number, priceList: 'S', effectiveOn: '2026-04-01', lines: 2 } },
    ]);
  });

  it('is approved by nobody who made, edited or submitted it', async () => {
    const { number } = (await draft({ C: '1' })).body;
    // `as` keeps one client per name; a second name is a second account of the same role
    const editor = await test.as('parts_specialist', 'editor');
    const submitter = await test.as('parts_specialist', 'submitter');
    const lines = { lines: [{ partNumber: 'D', unitPrice: '2' }] };
    expect((await editor.post(`/v1/price-releases/${number}/lines`, lines)).status).toBe(200);
    await step(submitter, number, 'submission');
    for (const client of [specialist, editor, submitter]) {
      expect((await step(client, number, 'approval')).body.code).toBe('SECOND_PERSON_REQUIRED');
    }
    // the same past the service: the database has the last word
    for (const by of ['created_by', 'submitted_by', 'edited_by[2]']) {
      await expect(
        query(
          test.dependencies.database.reader(),
          `update price_release set state = 'approved', approved_by = ${by} where number = $1`,
          [number],
        ),
      ).rejects.toThrow(/price_release_second_person/);
    }
    expect((await step(manager, number, 'approval')).status).toBe(200);
  });

  it('takes one step at a time', async () => {
    const { number } = (await draft({ C: '1' })).body;
    for (const noun of ['approval', 'publication']) {
      const client = noun === 'approval' ? manager : specialist;
      expect(await step(client, number, noun)).toMatchObject({
        status: 409,
        body: { code: 'RELEASE_STATE', state: 'draft' },
      });
    }
    await step(specialist, number, 'submission');
    expect((await step(specialist, number, 'submission')).body.code).toBe('RELEASE_STATE');
    const late = await specialist.post(`/v1/price-releases/${number}/lines`, {
      lines: [{ partNumber: 'D', unitPrice: '1' }],
    });
    expect(late.body).toMatchObject({ code: 'RELEASE_STATE', needed: 'draft' });
    expect((await step(specialist, number, 'withdrawal')).body).toMatchObject({ state: 'withdrawn' });
    expect((await step(manager, number, 'approval')).body).toMatchObject({ code: 'RELEASE_STATE', state: 'withdrawn' });
  });

  it('needs lines, a list and a date that exist', async () => {
    const { number } = (await draft()).body;
    expect((await step(specialist, number, 'submission')).body.code).toBe('RELEASE_EMPTY');
    expect((await draft({}, '2026-02-30')).body.code).toBe('BUSINESS_DATE_INVALID');
    const elsewhere = await specialist.post('/v1/price-releases', { priceList: 'NONE', effectiveOn: '2026-04-01' });
    expect(elsewhere.body.code).toBe('PRICE_LIST_NOT_FOUND');
    expect(await step(specialist, 'P2026-999999', 'submission')).toMatchObject({
      status: 404,
      body: { code: 'PRICE_RELEASE_NOT_FOUND' },
    });
  });

  it('refuses lines that cannot be a price, and takes none of the call', async () => {
    const { number } = (await draft({ D: '4' })).body;
    const add = (lines: Record<string, string> | Array<[string, string]>) =>
      specialist.post(`/v1/price-releases/${number}/lines`, {
        lines: (Array.isArray(lines) ? lines : Object.entries(lines)).map(([partNumber, unitPrice]) => ({
          partNumber,
          unitPrice,
        })),
      });
    expect((await add({ E: '1', CORE: '9' })).body).toMatchObject({ code: 'PART_CORE_IP', parts: ['CORE'] });
    expect((await add({ E: '1', F: '0.0049' })).body).toMatchObject({ code: 'PRICE_POSTS_AS_ZERO', parts: ['F'] });
    expect((await add({ E: '0' })).body.code).toBe('PRICE_POSTS_AS_ZERO');
    expect((await add({ E: '1', NONE: '1' })).body).toMatchObject({ code: 'PART_NOT_FOUND', parts: ['NONE'] });
    const twice = await add([
      ['E', '1'],
      ['E', '2'],
    ]);
    expect(twice.body).toMatchObject({ code: 'RELEASE_LINES_REPEATED', parts: ['E'] });
    expect((await add({ E: '1.00001' })).body.code).toBe('REQUEST_INVALID');
    const lines = await specialist.get(`/v1/price-releases/${number}/lines`);
    expect(lines.body.items).toMatchObject([{ partNumber: 'D', unitPrice: '4.0000' }]);
  });

  it('replaces a line on the version it was read at', async () => {
    const { number } = (await draft({ D: '4' })).body;
    const lines = { lines: [{ partNumber: 'D', unitPrice: '5' }] };
    const stale = await specialist.post(`/v1/price-releases/${number}/lines`, lines, { 'if-match': '"7"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'VERSION_CONFLICT' } });
    const done = await specialist.post(`/v1/price-releases/${number}/lines`, lines, { 'if-match': '"1"' });
    expect(done).toMatchObject({ status: 200, body: { version: 2 }, headers: { etag: '"2"' } });
    expect((await specialist.get(`/v1/price-releases/${number}/lines`)).body.items).toMatchObject([
      { partNumber: 'D', unitPrice: '5.0000', formerPrice: null, changePercent: null },
    ]);
  });

  it('shows what it changes beside what is in force, before and after it is published', async () => {
    await publishPrices(test, 'S', '2025-01-01', { E: '100', F: '80', G: '3' });
    const made = await draft({ E: '110', F: '60', G: '3', H: '7' }, '2026-05-01');
    const { number } = made.body;
    const expected = {
      lines: 4,
      new: 1,
      raised: 1,
      lowered: 1,
      unchanged: 1,
      averageChangePercent: '-5.00',
      highestChangePercent: '10.00',
      lowestChangePercent: '-25.00',
    };
    expect((await specialist.get(`/v1/price-releases/${number}`)).body.diff).toEqual(expected);
    await step(specialist, number, 'submission');
    await step(manager, number, 'approval');
    expect((await step(specialist, number, 'publication')).status).toBe(200);
    expect((await specialist.get(`/v1/price-releases/${number}`)).body.diff).toEqual(expected);
    const first = await specialist.get(`/v1/price-releases/${number}/lines?limit=3`);
    expect(first.body.items).toMatchObject([
      { partNumber: 'E', unitPrice: '110.0000', formerPrice: '100.0000', changePercent: '10.00' },
      { partNumber: 'F', unitPrice: '60.0000', formerPrice: '80.0000', changePercent: '-25.00' },
      { partNumber: 'G', changePercent: '0.00' },
    ]);
    const rest = await specialist.get(`/v1/price-releases/${number}/lines?limit=3&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ partNumber: 'H', formerPrice: null }], nextCursor: null });
  });

  it('never overtakes what is already published: same day or later is refused with the parts', async () => {
    await publishPrices(test, 'S', '2026-06-01', { I: '10' });
    for (const effectiveOn of ['2026-06-01', '2026-05-31']) {
      const number = await approvedRelease(test, 'S', effectiveOn, { I: '11', J: '1' });
      expect(await step(specialist, number, 'publication')).toMatchObject({
        status: 409,
        body: { code: 'RELEASE_OVERTAKEN', parts: ['I'], count: 1, effectiveOn },
      });
      expect((await specialist.get(`/v1/price-releases/${number}`)).body.state).toBe('approved');
    }
  });

  it('leaves days gone by at their prices: only the first price of a part begins in the past', async () => {
    await addParts(test, [{ partNumber: 'N' }, { partNumber: 'O' }]);
    await publishPrices(test, 'S', '2026-01-01', { N: '10' });
    const number = await approvedRelease(test, 'S', '2026-03-09', { N: '9', O: '1' });
    expect(await step(specialist, number, 'publication')).toMatchObject({
      status: 409,
      body: { code: 'RELEASE_BACKDATED', parts: ['N'], count: 1, effectiveOn: '2026-03-09' },
    });
    // the same past the service: the database has the last word
    const cut = `update price set valid = '[2026-01-01,2026-03-09)' where part_id = (select id from part where part_number = 'N')`;
    const publish = `update price_release set state = 'published', published_by = 'x', published_at = '2026-03-10T02:00:00Z' where number = $1`;
    const bypass = transact(test, async tx => {
      await query(tx, cut);
      await query(tx, publish, [number]);
    });
    await expect(bypass).rejects.toMatchObject({ code: 'RELEASE_BACKDATED' });
    await publishPrices(test, 'S', '2026-03-09', { O: '1' });
    await publishPrices(test, 'S', '2026-03-10', { N: '9' });
  });

  it('is not published once a part on it has become core', async () => {
    await addParts(test, [{ partNumber: 'K' }, { partNumber: 'L' }]);
    const number = await approvedRelease(test, 'S', '2026-06-01', { K: '1', L: '1' });
    await reclassify(test, 'L', 'core');
    expect((await step(specialist, number, 'publication')).body).toMatchObject({ code: 'PART_CORE_IP', parts: ['L'] });
  });

  it('has lines that nobody changes once it left the draft, and prices nobody rewrites', async () => {
    await addParts(test, [{ partNumber: 'M' }]);
    const number = await publishPrices(test, 'S', '2026-06-01', { M: '5' });
    const em = test.dependencies.database.reader();
    const release = '(select id from price_release where number = $1)';
    await expect(
      query(em, `update price_release_line set unit_price = 9 where release_id = ${release}`, [number]),
    ).rejects.toThrow(/only while it is a draft/);
    await expect(query(em, `delete from price_release_line where release_id = ${release}`, [number])).rejects.toThrow();
    for (const change of ['unit_price = 9', `valid = '[2026-05-01,)'`, `valid = '[2026-06-02,)'`]) {
      await expect(query(em, `update price set ${change} where release_id = ${release}`, [number])).rejects.toThrow(
        /never edited/,
      );
    }
    await expect(query(em, `delete from price where release_id = ${release}`, [number])).rejects.toThrow();
  });

  it('goes forward only, whoever asks', async () => {
    await addParts(test, [{ partNumber: 'P' }]);
    const em = test.dependencies.database.reader();
    const number = await approvedRelease(test, 'S', '2026-06-01', { P: '5' });
    const set = (change: string) => query(em, `update price_release set ${change} where number = $1`, [number]);
    for (const state of ['draft', 'submitted'])
      await expect(set(`state = '${state}'`)).rejects.toThrow(/approved cannot become/);
    for (const change of [`effective_on = '2026-01-01'`, `edited_by = array['nobody']`])
      await expect(set(change)).rejects.toThrow(/only while it is a draft/);
    const other = (await draft()).body.number;
    await expect(
      query(
        em,
        `update price_release_line set release_id = (select id from price_release where number = $2)
         where release_id = (select id from price_release where number = $1)`,
        [number, other],
      ),
    ).rejects.toThrow(/only while it is a draft/);
    await step(specialist, number, 'withdrawal');
    await expect(set(`state = 'approved', withdrawn_by = null`)).rejects.toThrow(/withdrawn cannot become/);
    await expect(
      query(
        em,
        `update price_release set state = 'published', published_by = 'x', published_at = now() where number = $1`,
        [other],
      ),
    ).rejects.toThrow(/draft cannot become/);
  });

  it('is listed latest first, by list and state', async () => {
    const all = await specialist.get('/v1/price-releases?limit=200');
    const numbers = all.body.items.map((item: { number: string }) => item.number);
    expect(numbers).toEqual([...numbers].sort().reverse());
    const drafts = await specialist.get('/v1/price-releases?limit=1&state=draft&priceList=S');
    expect(drafts.body.items).toMatchObject([{ state: 'draft', priceList: 'S' }]);
    const next = await specialist.get(`/v1/price-releases?limit=1&state=draft&cursor=${drafts.body.nextCursor}`);
    expect(next.body.items[0].number < drafts.body.items[0].number).toBe(true);
    expect((await specialist.get('/v1/price-releases?priceList=NONE')).body.items).toEqual([]);
  });
});

describe('two publications at once', () => {
  it('leave one price a day: one wins, the other is refused with the parts', async () => {
    const parts = Array.from({ length: 20 }, (_, at) => `R${at}`);
    await addParts(
      test,
      parts.map(partNumber => ({ partNumber })),
    );
    const prices = (price: string) => Object.fromEntries(parts.map(part => [part, price]));
    for (const [earlier, later] of [
      ['2026-07-01', '2026-07-01'],
      ['2026-08-01', '2026-08-02'],
    ] as const) {
      const numbers = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          approvedRelease(test, 'S', at % 2 === 0 ? earlier : later, prices(String(at + 1))),
        ),
      );
      const outcomes = await Promise.allSettled(
        numbers.map(number => transact(test, tx => publishRelease(tx, MAKER, { number }))),
      );
      const refused = outcomes.filter(outcome => outcome.status === 'rejected').map(outcome => outcome.reason);
      expect(refused.map(reason => reason.code)).toEqual(refused.map(() => 'RELEASE_OVERTAKEN'));
      expect(refused.every(reason => reason.facts.count === parts.length)).toBe(true);
      // of one day one release; the later day may still follow the earlier one
      const won = outcomes.length - refused.length;
      expect(won).toBeGreaterThanOrEqual(1);
      expect(won).toBeLessThanOrEqual(earlier === later ? 1 : 2);
    }
    const twice = await query(
      test.dependencies.database.reader(),
      `select 1 from price a join price b on a.part_id = b.part_id and a.price_list_id = b.price_list_id and a.id < b.id and a.valid && b.valid`,
    );
    expect(twice).toEqual([]);
  });

  it('of one release happen once', async () => {
    await addParts(test, [{ partNumber: 'ONCE' }]);
    const number = await approvedRelease(test, 'S', '2026-07-01', { ONCE: '1' });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => step(specialist, number, 'publication')));
    expect(outcomes.map(outcome => outcome.status).sort()).toEqual([200, ...Array(7).fill(409)]);
  });
});
