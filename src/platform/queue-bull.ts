/** BullMQ, the only file that knows it. One queue for all topics; a wake-up that nobody has answered yet is not repeated. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresBackend, type JobsOptions, Queue, Worker, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Logger } from 'pino';
import type { QueueOptions, WakeUp, WorkQueue } from './queue-interface.ts';
import { QUEUE_SCHEMA } from './queue-schema.ts';

const QUEUE = 'partledger';
/** The listener of the worker, its fetches, its checks, and wake-ups of requests. */
const CONNECTIONS_MAX = 4;
const WAKE_TIMEOUT_MS = 1_000;
/** Between tries while the server is away; a stop waits for it. */
const RETRY_MS = 1_000;
const QUEUE_OPTIONS = { streams: { events: { maxLen: 100 } } };
const KEEPALIVE_MS = 10_000;

type Answer = (job: { data: WakeUp }) => Promise<void>;
type Emitter = { on(event: 'error', listener: (error: Error) => void): unknown; close(): Promise<void> };
type Bull = {
  queue(): Emitter & { add(name: string, data: WakeUp, options: JobsOptions): Promise<unknown> };
  worker(answer: Answer): Emitter & { waitUntilReady(): Promise<unknown> };
  close(): Promise<void>;
};

export function openBullQueue(options: QueueOptions): WorkQueue {
  const { databaseUrl, log, redisUrl } = options;
  const onRedis = redisUrl !== undefined && redisUrl !== null;
  const bull = onRedis ? bullOnRedis(redisUrl, databaseUrl, log) : bullOnPostgres(databaseUrl, log);
  const queue = bull.queue();
  queue.on('error', error => log.warn({ err: error }, 'queue.error'));
  return {
    wake: wakeUp => wake(queue, wakeUp, log),
    async work(handler) {
      const worker = bull.worker(job => handler(job.data));
      worker.on('error', error => log.warn({ err: error }, 'queue.error'));
      await Promise.race([worker.waitUntilReady().catch(() => {}), sleep(WAKE_TIMEOUT_MS, null, { ref: false })]);
      return { stop: () => worker.close() };
    },
    async close() {
      await queue.close();
      await bull.close();
    },
  };
}

async function wake(queue: ReturnType<Bull['queue']>, wakeUp: WakeUp, log: Logger): Promise<void> {
  const late = sleep(WAKE_TIMEOUT_MS, 'late', { ref: false });
  const added = queue.add(wakeUp.topic, wakeUp, {
    // one waiting wake-up is enough; one that arrives while its like is being answered must not be lost
    deduplication: { id: `${wakeUp.topic}/${wakeUp.id}`, keepLastIfActive: true },
    removeOnComplete: true,
    removeOnFail: true,
  });
  try {
    if ((await Promise.race([added, late])) === 'late') log.warn('queue.wake-up-late');
  } catch (error) {
    log.warn({ err: error }, 'queue.wake-up-lost');
  }
  added.catch(() => {});
}

function bullOnPostgres(databaseUrl: string, log: Logger): Bull {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS_MAX,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    application_name: 'partledger-queue',
    options: `-c role=partledger_service -c search_path=${QUEUE_SCHEMA}`,
  });
  pool.on('error', error => log.warn({ err: error }, 'queue.connection-lost'));
  const onPostgres = withBackend(createPostgresBackend);
  const connection = pool as unknown as Parameters<typeof createPostgresBackend>[1]['connection'];
  return {
    queue: () => new onPostgres.Queue<WakeUp>(QUEUE, { connection, ...QUEUE_OPTIONS }),
    worker: answer => new onPostgres.Worker<WakeUp>(QUEUE, answer, { connection, runRetryDelay: RETRY_MS }),
    close: () => pool.end(),
  };
}

function bullOnRedis(url: string, databaseUrl: string, log: Logger): Bull {
  // several installations may share one Redis
  const prefix = `partledger.${new URL(databaseUrl).pathname.slice(1)}`;
  const clients: Redis[] = [];
  const connect = (retriesMax: number | null): Redis => {
    const client = new Redis(url, { maxRetriesPerRequest: retriesMax, connectionName: 'partledger' });
    client.on('error', error => log.warn({ err: error }, 'queue.connection-lost'));
    clients.push(client);
    return client;
  };
  return {
    // a request gives up soon; a worker waits until Redis is back
    queue: () => new Queue<WakeUp>(QUEUE, { connection: connect(1), prefix, ...QUEUE_OPTIONS }),
    worker: answer => new Worker<WakeUp>(QUEUE, answer, { connection: connect(null), prefix, runRetryDelay: RETRY_MS }),
    async close() {
      for (const client of clients) client.disconnect();
    },
  };
}
