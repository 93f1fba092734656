import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job, JobProgress } from '../../src/exchange/index.ts';
import { settlementJobs } from '../../src/settlement/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, makeDealer, makePart, post, select } from './ledger.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  const part = await makePart(test, 'P1');
  const dealer = await makeDealer(test, 'A');
  for (const month of ['2026-01', '2026-02', '2026-03'])
    await post(test, dealer, `D-${month}`, `${month}-10`, [charge(part)]);
});
afterAll(() => test.close());

const progress: JobProgress = { report: async () => {} };
async function work(jobId: string) {
  const [row] = await select<Omit<Job, 'dealerId'>>(
    test,
    'select id, kind, payload, requested_by as "requestedBy" from job where id = $1',
    [jobId],
  );
  const job = { ...(row as Job), dealerId: null };
  const kind = settlementJobs.find(each => each.kind === job.kind);
  return await kind?.run(test.dependencies, job, progress);
}

describe('the close over HTTP', () => {
  it('is a job that is made once and done once, in the name of who asked', async () => {
    const finance = await test.as('finance');
    const key = { 'idempotency-key': 'close-january' };
    const asked = await finance.post('/v1/periods/2026-01/closing', undefined, key);
    expect(asked).toMatchObject({
      status: 202,
      body: { period: '2026-01' },
      headers: { location: `/v1/jobs/${asked.body.jobId}` },
    });
    expect((await finance.post('/v1/periods/2026-01/closing', undefined, key)).body).toEqual(asked.body);
    expect(await work(asked.body.jobId)).toEqual({ period: '2026-01', statements: 1, lines: 1 });
    // a worker that died after the commit: the second run says what the first one did
    expect(await work(asked.body.jobId)).toEqual({ period: '2026-01', statements: 1, lines: 1 });
    expect((await finance.get('/v1/periods/2026-01')).body).toMatchObject({
      state: 'closed',
      closedBy: expect.stringMatching(/^machine:finance/),
    });
  });

  it('refuses at once what can be refused at once', async () => {
    const finance = await test.as('finance');
    const refusal = async (name: string) => (await finance.post(`/v1/periods/${name}/closing`)).body.code;
    expect(await refusal('2026-01')).toBe('PERIOD_NOT_OPEN');
    expect(await refusal('2026-03')).toBe('PERIOD_NOT_OVER');
    expect(await refusal('2025-01')).toBe('PERIOD_NOT_FOUND');
    expect(await refusal('2026-13')).toBe('REQUEST_INVALID');
    test.setNow('2026-04-10T00:00:00Z');
    expect(await refusal('2026-03')).toBe('PERIOD_EARLIER_OPEN');
    expect(await select(test, 'select count(*) as jobs from job')).toEqual([{ jobs: '1' }]);
  });

  it('is for finance alone', async () => {
    for (const role of ['parts_specialist', 'auditor', 'service_manager'] as const) {
      const caller = await test.as(role);
      expect(await caller.post('/v1/periods/2026-02/closing')).toMatchObject({
        status: 403,
        body: { code: 'PERMISSION_MISSING' },
      });
    }
    const dealer = await test.as('dealer', 'A');
    expect((await dealer.post('/v1/periods/2026-02/closing')).status).toBe(403);
  });

  it('fails as a job when the period turns out not to be closable', async () => {
    const finance = await test.as('finance');
    const asked = await finance.post('/v1/periods/2026-02/closing');
    await close(test, '2026-02');
    const march = await finance.post('/v1/periods/2026-03/closing');
    test.setNow('2026-03-11T00:00:00Z');
    await expect(work(march.body.jobId)).rejects.toMatchObject({ code: 'PERIOD_NOT_OVER' });
    expect(await work(asked.body.jobId)).toMatchObject({ period: '2026-02', statements: 1 });
  });
});
