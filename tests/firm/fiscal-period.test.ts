import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePeriods, listPeriods, periodForPosting } from '../../src/firm/index.ts';
import { query } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const now = new Date('2026-03-10T02:00:00Z');
const ensure = (...dates: string[]) =>
  inTransaction(test.dependencies.database, { now }, tx => ensurePeriods(tx, dates));
const place = async (businessOn: string, today = '2026-03-10') =>
  (await inTransaction(test.dependencies.database, { now }, tx => periodForPosting(tx, businessOn, today))).name;
const setState = (name: string, state: string) =>
  query(
    test.dependencies.database.reader(),
    `update fiscal_period set state = $2, closed_at = case when $2 <> 'open' then now() end where name = $1`,
    [name, state],
  );

describe('fiscal periods', () => {
  it('come into being once, however many ask at once', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => ensure('2026-01-15', '2026-01-31', '2026-02-01')));
    expect(made.flat().sort()).toEqual(['2026-01', '2026-02']);
    expect(
      (await listPeriods(test.dependencies.database.reader())).map(({ name, firstOn, lastOn }) => [
        name,
        firstOn,
        lastOn,
      ]),
    ).toEqual([
      ['2026-01', '2026-01-01', '2026-01-31'],
      ['2026-02', '2026-02-01', '2026-02-28'],
    ]);
    expect(await ensure('2026-01-02')).toEqual([]);
  });

  it('take a document in its own month while that is open', async () => {
    expect(await place('2026-02-28')).toBe('2026-02');
    expect(await place('2025-11-30')).toBe('2025-11');
  });

  it('take a late document in the next open month', async () => {
    for (const name of ['2025-11', '2026-01']) await setState(name, 'closed');
    expect(await place('2025-11-05')).toBe('2026-02');
    expect(await place('2026-01-31')).toBe('2026-02');
    for (const state of ['closed', 'locked']) await setState('2026-02', state);
    expect(await place('2026-01-31')).toBe('2026-03');
  });

  it('take no document in an open month before a closed one', async () => {
    await ensure('2025-12-05');
    expect(await place('2025-12-05')).toBe('2026-03');
    expect(await place('2025-10-05')).toBe('2026-03');
    expect((await listPeriods(test.dependencies.database.reader())).map(({ name }) => name)).not.toContain('2025-10');
  });

  it('refuse a document when even today is closed', async () => {
    await setState('2026-03', 'closed');
    await expect(place('2026-03-05')).rejects.toMatchObject({ code: 'PERIOD_CLOSED' });
  });

  it('go forward only, whoever asks', async () => {
    const em = test.dependencies.database.reader();
    await expect(setState('2026-03', 'open')).rejects.toThrow(/closed cannot become open/);
    for (const state of ['open', 'closed'])
      await expect(setState('2026-02', state)).rejects.toThrow(/locked cannot become/);
    await expect(setState('2025-12', 'locked')).rejects.toThrow(/open cannot become locked/);
    await expect(query(em, `delete from fiscal_period where name = '2026-03'`)).rejects.toThrow(/is closed/);
    await expect(query(em, `update fiscal_period set last_on = '2026-03-30' where name = '2026-03'`)).rejects.toThrow(
      /keeps its days/,
    );
  });

  it('are listed in order of time, page by page, and read by name', async () => {
    const finance = await test.as('finance');
    const first = await finance.get('/v1/periods?limit=3');
    expect(first.body.items).toMatchObject([
      { name: '2025-11', state: 'closed' },
      { name: '2025-12', state: 'open', closedAt: null },
      { name: '2026-01', state: 'closed' },
    ]);
    const second = await finance.get(`/v1/periods?limit=3&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({
      items: [
        { name: '2026-02', state: 'locked' },
        { name: '2026-03', state: 'closed' },
      ],
      nextCursor: null,
    });
    expect(await finance.get('/v1/periods/2026-02')).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: { name: '2026-02', firstOn: '2026-02-01', lastOn: '2026-02-28', state: 'locked', version: 1 },
    });
    expect(await finance.get('/v1/periods/2031-01')).toMatchObject({ status: 404, body: { code: 'PERIOD_NOT_FOUND' } });
    const forged = Buffer.from(JSON.stringify(['periods', "'; drop table"])).toString('base64url');
    expect((await finance.get(`/v1/periods?cursor=${forged}`)).body.code).toBe('CURSOR_INVALID');
  });

  it('do not tell a dealer who closed them', async () => {
    await query(
      test.dependencies.database.reader(),
      `insert into dealer (code, name_zh, currency, created_at, updated_at) values ('A', 'A', 'CNY', now(), now())`,
    );
    await query(
      test.dependencies.database.reader(),
      `update fiscal_period set closed_by = 'person:li' where name = '2026-01'`,
    );
    const dealer = await test.as('dealer', 'A');
    expect((await dealer.get('/v1/periods/2026-01')).body).toMatchObject({ state: 'closed', closedBy: null });
    expect((await (await test.as('finance')).get('/v1/periods/2026-01')).body).toMatchObject({ closedBy: 'person:li' });
  });
});
