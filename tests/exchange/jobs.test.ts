import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createJob, type JobKind } from '../../src/exchange/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { problem } from '../../src/platform/errors.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../src/worker.ts';
import { eventually } from '../support/eventually.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});
beforeEach(() => query(test.dependencies.database.reader(), 'delete from job'));

async function work(jobKinds: readonly JobKind[], options: Partial<WorkerOptions> = {}): Promise<Worker> {
  const worker = await startWorker(test.dependencies, { jobKinds, sweepEveryMs: 30, ...options });
  workers.push(worker);
  return worker;
}

const make = (kind: string, payload = {}) =>
  inTransaction(test.dependencies.database, { now: new Date() }, tx =>
    createJob(tx, { kind, payload, dealerId: null, requestedBy: 'person:anna', now: test.dependencies.clock.now() }),
  );

async function stateOf(id: string) {
  return await queryOne<Record<string, unknown>>(
    test.dependencies.database.reader(),
    `select state, attempts, result, problem, progress_done as done, progress_total as total, lease_until as lease
     from job where id = $1`,
    [id],
  );
}

const ended = (id: string, state: string) =>
  eventually(async () => {
    const job = await stateOf(id);
    expect(job).toMatchObject({ state });
    return job;
  });

/** A gate that a job waits at until the test opens it. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open };
}

describe('a job', () => {
  it('is found without any queue, and ends with its result and last progress', async () => {
    const kind: JobKind = {
      kind: 'count',
      async run(_, job, progress) {
        await progress.report(3, 7);
        return { counted: job.payload['upTo'] };
      },
    };
    await work([kind]);
    expect(await ended(await make('count', { upTo: 7 }), 'done')).toMatchObject({
      result: { counted: 7 },
      attempts: 1,
      done: '3',
      total: '7',
      lease: null,
    });
  });

  it('of a kind this worker does not know is left to others', async () => {
    const known = await make('known');
    const foreign = await make('foreign');
    await work([{ kind: 'known', run: async () => ({}) }]);
    await ended(known, 'done');
    expect(await stateOf(foreign)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('that is refused fails at once, with the code', async () => {
    await work([
      {
        kind: 'refused',
        run: async () => {
          throw problem('NOT_FOUND', { kind: 'thing', id: '7' });
        },
      },
    ]);
    expect(await ended(await make('refused'), 'failed')).toMatchObject({
      attempts: 1,
      problem: { code: 'NOT_FOUND', facts: { kind: 'thing', id: '7' } },
    });
  });

  it('that breaks is tried three times, later each time, and then fails without telling secrets', async () => {
    let runs = 0;
    await work([
      {
        kind: 'broken',
        run: async () => {
          runs += 1;
          throw new Error('password is 1234');
        },
      },
    ]);
    const id = await make('broken');
    for (const attempts of [1, 2]) {
      await eventually(async () => expect(await stateOf(id)).toMatchObject({ state: 'queued', attempts }));
      const waiting = await queryOne(
        test.dependencies.database.reader(),
        `select run_after > now() + interval '1 second' as later from job where id = $1`,
        [id],
      );
      expect(waiting).toEqual({ later: true });
      await query(test.dependencies.database.reader(), 'update job set run_after = now() where id = $1', [id]);
    }
    expect(await ended(id, 'failed')).toMatchObject({ attempts: 3, problem: { code: 'INTERNAL', facts: {} } });
    expect(runs).toBe(3);
  });

  it('is never run by two workers at once, and each job is run once', async () => {
    const inside = new Set<string>();
    const runs: string[] = [];
    const kind: JobKind = {
      kind: 'alone',
      async run(_, { id }) {
        expect(inside.has(id)).toBe(false);
        inside.add(id);
        await sleep(5);
        inside.delete(id);
        runs.push(id);
        return {};
      },
    };
    const ids = await Promise.all(Array.from({ length: 40 }, () => make('alone')));
    for (let at = 0; at < 4; at += 1) await work([kind], { runner: { slots: 3 } });
    for (const id of ids) await ended(id, 'done');
    expect(runs.toSorted()).toEqual(ids.toSorted());
  });

  it('keeps its lease while it is busy without a word', async () => {
    const { opened, open } = gate();
    let runs = 0;
    const kind: JobKind = {
      kind: 'long',
      async run() {
        runs += 1;
        await opened;
        return {};
      },
    };
    const id = await make('long');
    await work([kind], { runner: { leaseMs: 1_500 } });
    await work([kind], { runner: { leaseMs: 1_500 } });
    await sleep(3_200);
    expect(runs).toBe(1);
    open();
    expect(await ended(id, 'done')).toMatchObject({ attempts: 1 });
  });
});

describe('a job whose worker died', () => {
  const leaveBehind = (id: string, attempts: number) =>
    query(
      test.dependencies.database.reader(),
      `update job set state = 'running', attempts = $2, leased_by = $3, lease_until = now() - interval '1 second' where id = $1`,
      [id, attempts, randomUUID()],
    );

  it('is taken over once its lease is out', async () => {
    const id = await make('orphan');
    await leaveBehind(id, 1);
    await work([{ kind: 'orphan', run: async () => ({}) }]);
    expect(await ended(id, 'done')).toMatchObject({ attempts: 2 });
  });

  it('three times is given up', async () => {
    const id = await make('orphan');
    await leaveBehind(id, 3);
    await work([{ kind: 'orphan', run: async () => ({}) }]);
    expect(await ended(id, 'failed')).toMatchObject({ problem: { code: 'JOB_ABANDONED', facts: { attempts: 3 } } });
  });

  it('can no longer be ended by the one who lost it', async () => {
    const { opened, open } = gate();
    let runs = 0;
    await work([
      {
        kind: 'stolen',
        async run() {
          runs += 1;
          const mine = runs;
          if (mine === 1) await opened;
          return { run: mine };
        },
      },
    ]);
    const id = await make('stolen');
    await eventually(() => expect(runs).toBe(1));
    await leaveBehind(id, 1);
    expect(await ended(id, 'done')).toMatchObject({ result: { run: 2 } });
    open();
    await sleep(100);
    expect(await stateOf(id)).toMatchObject({ state: 'done', result: { run: 2 } });
  });
});

describe('a stop', () => {
  it('lets a job that is nearly done finish', async () => {
    const started = gate();
    const id = await make('short');
    const worker = await work([
      {
        kind: 'short',
        async run() {
          started.open();
          await sleep(200);
          return {};
        },
      },
    ]);
    await started.opened;
    await worker.stop();
    expect(await stateOf(id)).toMatchObject({ state: 'done' });
  });

  it.each([
    ['that reports', true],
    ['that does not listen', false],
  ])('hands back a long job %s, and the try does not count', async (_, reports) => {
    const started = gate();
    const { opened, open } = gate();
    let effect = false;
    const kind: JobKind = {
      kind: 'long',
      async run(_dependencies, _job, progress) {
        started.open();
        for (let done = 0; reports; done += 1) {
          await progress.report(done);
          await sleep(10);
        }
        await opened;
        effect = true;
        return {};
      },
    };
    const id = await make('long');
    const worker = await work([kind], { runner: { finishMs: 100, noticeMs: 200 } });
    await started.opened;
    await worker.stop();
    expect(await stateOf(id)).toMatchObject({ state: 'queued', attempts: 0, lease: null });
    open();
    await eventually(() => expect(effect).toBe(!reports));
    expect(await stateOf(id)).toMatchObject({ state: 'queued' });
  });
});

describe('cancelling', () => {
  const cancel = async (id: string, role: 'administrator' | 'auditor') =>
    await (await test.as(role)).delete(`/v1/jobs/${id}`);

  it('ends a waiting job at once and a finished one not at all', async () => {
    const id = await make('never');
    expect(await cancel(id, 'administrator')).toMatchObject({ status: 200, body: { id, state: 'cancelled' } });
    expect(await cancel(id, 'administrator')).toMatchObject({ status: 409, body: { code: 'JOB_FINISHED' } });
    await work([{ kind: 'never', run: () => expect.unreachable('it was cancelled') }]);
    await sleep(150);
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled', attempts: 0 });
  });

  it('ends a running job at its next report', async () => {
    const started = gate();
    const kind: JobKind = {
      kind: 'endless',
      async run(_dependencies, _job, progress) {
        for (let done = 0; ; done += 1) {
          await progress.report(done);
          started.open();
          await sleep(10);
        }
      },
    };
    const id = await make('endless');
    await work([kind], { runner: { leaseMs: 1_500 } });
    await started.opened;
    expect(await cancel(id, 'administrator')).toMatchObject({
      body: { state: 'running', cancelAskedAt: '2026-03-10T02:00:00.000Z' },
    });
    await ended(id, 'cancelled');
  });

  it('is for whoever asked, and administrators', async () => {
    const id = await make('never');
    expect(await cancel(id, 'auditor')).toMatchObject({ status: 403, body: { code: 'JOB_NOT_YOURS' } });
    expect(await cancel(randomUUID(), 'auditor')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await stateOf(id)).toMatchObject({ state: 'queued' });
  });
});
