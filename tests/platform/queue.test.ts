import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateQueue, openQueue, type WakeUp, type WorkQueue } from '../../src/platform/queue.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/test-database.ts';

const redisUrl = process.env['REDIS_URL'];
if (redisUrl === undefined) console.warn('skipped: REDIS_URL is not set');

let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await freshDatabase();
  await Promise.all([migrateQueue(databaseUrl), migrateQueue(databaseUrl), migrateQueue(databaseUrl)]);
});

it('is tried on Redis, too, where that is demanded', () => {
  expect(process.env['PARTLEDGER_REQUIRE_REDIS'] === '1' && redisUrl === undefined).toBe(false);
});

async function sql(text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

describe.each([
  { on: 'PostgreSQL', redis: null },
  ...(redisUrl === undefined ? [] : [{ on: 'Redis', redis: redisUrl }]),
])('wake-ups on $on', ({ redis }) => {
  const open: WorkQueue[] = [];
  const openOne = async () => {
    const queue = await openQueue({ databaseUrl, redisUrl: redis, log: pino({ level: 'silent' }) });
    open.push(queue);
    return queue;
  };
  afterAll(async () => {
    for (const queue of open) await queue.close();
  });

  it('reach one listener of another process at once', async () => {
    const [sender, first, second] = [await openOne(), await openOne(), await openOne()];
    const heard: WakeUp[] = [];
    const answer = async (wakeUp: WakeUp) => void heard.push(wakeUp);
    const listeners = [await first.work(answer), await second.work(answer)];
    await sender.wake({ topic: 'job', id: 'a:b c' });
    await eventually(() => expect(heard).toEqual([{ topic: 'job', id: 'a:b c' }]));
    for (const listener of listeners) await listener.stop();
  });

  it('wait for a listener that comes later, once for each id', async () => {
    const queue = await openOne();
    for (let time = 0; time < 3; time += 1) await queue.wake({ topic: 'job', id: 'waiting' });
    await queue.wake({ topic: 'job', id: 'other' });
    const heard: string[] = [];
    const listener = await queue.work(async ({ id }) => void heard.push(id));
    await eventually(() => expect(heard.toSorted()).toEqual(['other', 'waiting']));
    await listener.stop();
  });

  it('are not lost when they come while their like is being answered', async () => {
    const queue = await openOne();
    let heard = 0;
    let release = () => {};
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    const listener = await queue.work(async () => {
      heard += 1;
      if (heard === 1) await held;
    });
    await queue.wake({ topic: 'job', id: 'busy' });
    await eventually(() => expect(heard).toBe(1));
    await queue.wake({ topic: 'job', id: 'busy' });
    await queue.wake({ topic: 'job', id: 'busy' });
    release();
    await eventually(() => expect(heard).toBe(2));
    await listener.stop();
  });

  it('go on after a handler failed', async () => {
    const queue = await openOne();
    const heard: string[] = [];
    const listener = await queue.work(async ({ id }) => {
      heard.push(id);
      if (id === 'bad') throw new Error('no');
    });
    await queue.wake({ topic: 'job', id: 'bad' });
    await eventually(() => expect(heard).toContain('bad'));
    await queue.wake({ topic: 'job', id: 'good' });
    await eventually(() => expect(heard).toContain('good'));
    await queue.wake({ topic: 'job', id: 'bad' });
    await eventually(() => expect(heard.filter(id => id === 'bad')).toHaveLength(2));
    await listener.stop();
  });
});

describe('the queue', () => {
  it('runs in PostgreSQL under the role that cannot change a ledger', async () => {
    const queue = await openQueue({ databaseUrl, log: pino({ level: 'silent' }) });
    await queue.wake({ topic: 'job', id: 'role' });
    const { rows } = await sql(
      `select tableowner from pg_tables where schemaname = 'bullmq' union select rolname from pg_class c
       join pg_roles r on r.oid = c.relowner where c.relname like 'bullmq_jid_%'`,
    );
    expect(rows).toContainEqual({ tableowner: 'partledger_service' });
    await queue.close();
  });

  it('keeps to a handful of connections', async () => {
    const queue = await openQueue({ databaseUrl, log: pino({ level: 'silent' }) });
    const listener = await queue.work(async () => {});
    await Promise.all(Array.from({ length: 200 }, (_, at) => queue.wake({ topic: 'job', id: String(at) })));
    const { rows } = await sql(
      `select count(*)::int as connections from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    expect(rows[0].connections).toBeLessThanOrEqual(4);
    await listener.stop();
    await queue.close();
  });

  it('that is down delays nobody for long and fails nobody', async () => {
    const nowhere = await openQueue({
      databaseUrl: 'postgres://nobody@127.0.0.1:1/none',
      log: pino({ level: 'silent' }),
    });
    const listener = await nowhere.work(async () => {});
    await nowhere.wake({ topic: 'job', id: 'x' });
    await listener.stop();
    await nowhere.close();
    const noRedis = await openQueue({ databaseUrl, redisUrl: 'redis://127.0.0.1:1', log: pino({ level: 'silent' }) });
    await noRedis.wake({ topic: 'job', id: 'x' });
    await noRedis.close();
    await sleep(100);
  });

  it('is migrated once: a second start changes nothing', async () => {
    const version = `select obj_description('bullmq'::regnamespace, 'pg_namespace') as version, xmin from pg_namespace where nspname = 'bullmq'`;
    const before = (await sql(version)).rows;
    await migrateQueue(databaseUrl);
    expect((await sql(version)).rows).toEqual(before);
    expect(before[0].version).toMatch(/^BullMQ \d/);
  });
});
