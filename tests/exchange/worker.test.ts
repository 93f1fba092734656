import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJob, type JobKind, storeFile } from '../../src/exchange/index.ts';
import { sweepFiles } from '../../src/exchange/stored-file.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { migrateQueue, openQueue } from '../../src/platform/queue.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { startWorker } from '../../src/worker.ts';
import { eventually } from '../support/eventually.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const NEVER_MS = 3_600_000;
const redisUrl = process.env['REDIS_URL'];
if (redisUrl === undefined) console.warn('skipped: REDIS_URL is not set');

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await migrateQueue(test.ownerUrl);
});
afterAll(() => test.close());

const make = (kind: string) =>
  inTransaction(test.dependencies.database, { now: new Date() }, tx =>
    createJob(tx, { kind, payload: {}, dealerId: null, requestedBy: 'test', now: new Date() }),
  );
const quick: JobKind = { kind: 'quick', run: async () => ({}) };
const isDone = (id: string) =>
  eventually(async () => {
    const job = await queryOne(test.dependencies.database.reader(), 'select state from job where id = $1', [id]);
    expect(job).toEqual({ state: 'done' });
  });

it('is tried on Redis, too, where that is demanded', () => {
  expect(process.env['PARTLEDGER_REQUIRE_REDIS'] === '1' && redisUrl === undefined).toBe(false);
});

describe.each([
  { on: 'PostgreSQL', redis: null },
  ...(redisUrl === undefined ? [] : [{ on: 'Redis', redis: redisUrl }]),
])('a worker with its queue on $on', ({ redis }) => {
  const open = () => openQueue({ databaseUrl: test.ownerUrl, redisUrl: redis, log: pino({ level: 'silent' }) });

  it('is woken by another process, long before it would look by itself', async () => {
    const [mine, theirs] = [await open(), await open()];
    const worker = await startWorker(test.dependencies, { jobKinds: [quick], queue: mine, sweepEveryMs: NEVER_MS });
    const id = await make('quick');
    await theirs.wake({ topic: 'job', id });
    await isDone(id);
    await theirs.wake({ topic: 'nobody-knows', id });
    const next = await make('quick');
    await theirs.wake({ topic: 'job', id: next });
    await isDone(next);
    await worker.stop();
    await mine.close();
    await theirs.close();
  });

  it('finds its work when the queue was emptied', async () => {
    const queue = await open();
    const id = await make('quick');
    const worker = await startWorker(test.dependencies, { jobKinds: [quick], queue, sweepEveryMs: 50 });
    await isDone(id);
    await worker.stop();
    await queue.close();
  });
});

describe('a schedule', () => {
  const nightly = { name: 'nightly', hour: 3, jobKind: 'quick' };
  const runs = async () =>
    (
      await queryOne<{ count: string }>(
        test.dependencies.database.reader(),
        `select count(*) from job where requested_by = 'system:nightly' and state = 'done'`,
      )
    )?.count;
  const workAt = async (instant: string, expected: string) => {
    test.setNow(instant);
    const workers = [];
    for (let at = 0; at < 3; at += 1)
      workers.push(await startWorker(test.dependencies, { jobKinds: [quick], schedules: [nightly], sweepEveryMs: 20 }));
    await eventually(async () => expect(await runs()).toBe(expected));
    for (const worker of workers) await worker.stop();
    expect(await runs()).toBe(expected);
  };

  it('runs once a night, from its hour of the business day, in whichever process comes first', async () => {
    // 19:00 UTC is 03:00 in Shanghai
    await workAt('2026-03-10T02:00:00Z', '0');
    await workAt('2026-03-10T18:59:59Z', '0');
    await workAt('2026-03-10T19:00:00Z', '1');
    await workAt('2026-03-11T18:00:00Z', '1');
  });

  it('makes up for a night in which nothing ran, once', async () => {
    await workAt('2026-03-15T04:00:00Z', '2');
  });
});

describe('a stored file', () => {
  const put = (text: string) => test.dependencies.files.put(Readable.from([Buffer.from(text)]));
  const age = (sha256: string, hours: number) => {
    const at = new Date(test.dependencies.clock.now().getTime() - hours * 3_600_000);
    return utimes(test.dependencies.files.pathOf(sha256), at, at);
  };
  const isThere = async (sha256: string) => {
    for await (const file of test.dependencies.files.list()) if (file.sha256 === sha256) return true;
    return false;
  };
  const name = (content: { sha256: string; sizeBytes: number }, fileName = 'a.csv') => {
    const { database, files } = test.dependencies;
    return inTransaction(database, { now: new Date() }, tx =>
      storeFile(tx, files, {
        content,
        name: fileName,
        mediaType: 'text/csv',
        dealerId: null,
        createdBy: 'test',
        now: new Date(),
      }),
    );
  };

  it('is swept when no row has named it for a day, and only then', async () => {
    const [old, young, named] = [await put('old'), await put('young'), await put('named')];
    await name(named);
    await age(old.sha256, 25);
    await age(young.sha256, 23);
    await age(named.sha256, 1_000);
    expect(await sweepFiles(test.dependencies)).toBe(1);
    expect([await isThere(old.sha256), await isThere(young.sha256), await isThere(named.sha256)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await sweepFiles(test.dependencies)).toBe(0);
  });

  it('that was cut short by a crash goes after a day', async () => {
    const incoming = join(test.dependencies.files.pathOf('0'.repeat(64)), '..', '..', 'incoming');
    await put('makes the folder');
    for (const [left, hours] of [
      ['old', 25],
      ['young', 23],
    ] as const) {
      await writeFile(join(incoming, left), 'half');
      const at = new Date(test.dependencies.clock.now().getTime() - hours * 3_600_000);
      await utimes(join(incoming, left), at, at);
    }
    expect(await sweepFiles(test.dependencies)).toBe(1);
    expect(await readdir(incoming)).toEqual(['young']);
  });

  it('that the sweep took is not named any more', async () => {
    const gone = await put('gone');
    await test.dependencies.files.remove(gone.sha256);
    await expect(name(gone)).rejects.toMatchObject({ code: 'BUSY' });
  });

  it.each([
    ['C:\\Users\\anna\\对账单.xlsx', '对账单.xlsx'],
    ['../../etc/passwd', 'passwd'],
    ['a"b\r\nc', 'a_b__c'],
    ['..', 'file'],
    ['', 'file'],
    [`${'x'.repeat(400)}.csv`, `${'x'.repeat(196)}.csv`],
  ])('named %j is called %j', async (given, expected) => {
    const id = await name(await put('name'), given);
    const row = await queryOne(test.dependencies.database.reader(), 'select name from stored_file where id = $1', [id]);
    expect(row).toEqual({ name: expected });
  });
});

describe('a job with a file', () => {
  it('is read by whom it belongs to, and by nobody else', async () => {
    const specialist = await test.as('parts_specialist');
    for (const code of ['D1', 'D2']) await specialist.post('/v1/dealers', { code, currency: 'CNY', nameZh: code });
    const kind: JobKind = {
      kind: 'writer',
      async run({ files, database, clock }, job) {
        const content = await files.put(Readable.from([Buffer.from('内容')]));
        const { dealerId, requestedBy: createdBy } = job;
        const now = clock.now();
        const fileId = await inTransaction(database, { now }, tx =>
          storeFile(tx, files, {
            content,
            name: '对账单 (1).csv',
            mediaType: 'text/csv; charset=utf-8',
            dealerId,
            createdBy,
            now,
          }),
        );
        return { fileId, rows: 1 };
      },
    };
    const { database } = test.dependencies;
    const id = await inTransaction(database, { now: new Date() }, async tx => {
      const [dealer] = await query<{ id: string }>(tx, `select id from dealer where code = 'D1'`);
      return await createJob(tx, {
        kind: 'writer',
        payload: {},
        dealerId: dealer?.id ?? null,
        requestedBy: 'machine:d1',
        now: new Date(),
      });
    });
    const foreign = await make('quick');
    const own = await test.as('dealer', 'D1');
    expect(await own.get(`/v1/jobs/${id}/file`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const worker = await startWorker(test.dependencies, { jobKinds: [kind], sweepEveryMs: 50 });
    await isDone(id);
    await worker.stop();

    expect((await own.get(`/v1/jobs/${id}`)).body).toMatchObject({
      state: 'done',
      result: { rows: 1 },
      file: { name: '对账单 (1).csv', sizeBytes: 6 },
    });
    const file = await own.get(`/v1/jobs/${id}/file`);
    expect(file).toMatchObject({
      status: 200,
      raw: Buffer.from('内容'),
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-length': '6',
        'content-disposition': `attachment; filename*=UTF-8''%E5%AF%B9%E8%B4%A6%E5%8D%95%20%281%29.csv`,
      },
    });
    const other = await test.as('dealer', 'D2');
    for (const url of [`/v1/jobs/${id}`, `/v1/jobs/${id}/file`])
      expect(await other.get(url)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await other.delete(`/v1/jobs/${id}`)).status).toBe(404);
    expect((await own.get(`/v1/jobs/${foreign}`)).status).toBe(404);
    expect((await own.get('/v1/jobs')).body.items.map((job: { id: string }) => job.id)).toEqual([id]);
    expect((await other.get('/v1/jobs')).body.items).toEqual([]);
    const staff = await specialist.get('/v1/jobs?state=done&kind=writer&limit=1');
    expect(staff.body).toMatchObject({ items: [{ id }], nextCursor: null });
  });
});
