import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runVerification, type VerifyCheck } from '../../src/firm/index.ts';
import { queryOne } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const agrees: VerifyCheck = { name: 'agrees', run: async () => [] };
const disagrees: VerifyCheck = {
  name: 'disagrees',
  run: async (em, limit) => {
    const row = await queryOne<{ limit: number }>(em, 'select $1::int as limit', [limit]);
    return [{ subject: 'S1', expected: '1.00', found: `limit ${row?.limit}` }];
  },
};
const run = (checks: readonly VerifyCheck[]) =>
  runVerification(test.dependencies.database, checks, 'system:test', test.dependencies.clock);

describe('a verification', () => {
  it('runs every check, also after one that disagrees, and is kept', async () => {
    const done = await run([disagrees, agrees]);
    expect(done).toMatchObject({
      requestedBy: 'system:test',
      startedAt: '2026-03-10T02:00:00.000Z',
      ok: false,
      checks: [
        { name: 'disagrees', ok: false, disagreements: [{ subject: 'S1', expected: '1.00', found: 'limit 100' }] },
        { name: 'agrees', ok: true, disagreements: [] },
      ],
    });
    const auditor = await test.as('auditor');
    expect((await auditor.get(`/v1/verifications/${done.id}`)).body).toEqual(done);
  });

  it('agrees when every check does', async () => {
    expect(await run([agrees])).toMatchObject({ ok: true });
  });

  it('that breaks off is not kept as an answer', async () => {
    const before = await queryOne(test.dependencies.database.reader(), 'select count(*) from verification');
    const broken = { name: 'broken', run: () => Promise.reject(new Error('no such table')) };
    await expect(run([broken])).rejects.toThrow('no such table');
    expect(await queryOne(test.dependencies.database.reader(), 'select count(*) from verification')).toEqual(before);
  });

  it('is asked for over HTTP, once per key, and stands in the audit', async () => {
    const finance = await test.as('finance');
    const key = { 'idempotency-key': 'verify' };
    const made = await finance.post('/v1/verifications', undefined, key);
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `/v1/verifications/${made.body.id}` },
      body: { ok: true },
    });
    expect(made.body.checks.length).toBeGreaterThan(5);
    expect((await finance.post('/v1/verifications', undefined, key)).body).toEqual(made.body);
    const audit = await queryOne(
      test.dependencies.database.reader(),
      `select count(*) from audit_entry where action = 'verification.run'`,
    );
    expect(audit).toEqual({ count: '1' });
  });

  it('is listed, the latest first, for those who may read it', async () => {
    const finance = await test.as('finance');
    const first = await finance.get('/v1/verifications?limit=1');
    const rest = await finance.get(`/v1/verifications?cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...rest.body.items].map(({ ok }: { ok: boolean }) => ok)).toEqual([true, true, false]);
    expect((await finance.get('/v1/verifications/01932f5e-7c1a-7000-8000-000000000000')).body.code).toBe('NOT_FOUND');
    const forged = Buffer.from(JSON.stringify(['verifications', 'x'])).toString('base64url');
    expect((await finance.get(`/v1/verifications?cursor=${forged}`)).body.code).toBe('CURSOR_INVALID');
    const keeper = await test.as('warehouse_keeper');
    expect((await keeper.get('/v1/verifications')).body.code).toBe('PERMISSION_MISSING');
    expect((await keeper.post('/v1/verifications')).body.code).toBe('PERMISSION_MISSING');
  });
});
