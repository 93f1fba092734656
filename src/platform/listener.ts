/** A dedicated connection that LISTENs: one per process and channel, reopened when it breaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Database } from './database.ts';

const RECONNECT_MS_MIN = 100;
const RECONNECT_MS_MAX = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;

export type Listener = { close(): Promise<void> };

/**
 * Calls `heard` for every NOTIFY on a channel, and once after every (re)connection, because what was said while
 * nobody listened is lost. Resolves after the first attempt to connect, whether it succeeded or not.
 */
export async function listenTo(database: Database, channel: string, log: Logger, heard: () => void): Promise<Listener> {
  const stop = new AbortController();
  let client: pg.Client | null = null;
  let waitMs = RECONNECT_MS_MIN;

  const listenUntilItEnds = async (listening: () => void) => {
    client = new pg.Client({
      connectionString: database.orm.config.get('clientUrl') as string,
      application_name: 'partledger-listener',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    const ended = untilEnd(client);
    client.on('notification', heard);
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    heard();
    listening();
    waitMs = RECONNECT_MS_MIN;
    await ended;
  };
  const keepListening = async (tried: () => void) => {
    while (!stop.signal.aborted) {
      await listenUntilItEnds(tried).catch(error => {
        if (!stop.signal.aborted) log.warn({ err: error, 'listener.channel': channel }, 'listener.unreachable');
      });
      tried();
      await client?.end().catch(() => {});
      await sleep(waitMs, undefined, { signal: stop.signal, ref: false }).catch(() => {});
      waitMs = Math.min(waitMs * 2, RECONNECT_MS_MAX);
    }
  };

  let running: Promise<void> = Promise.resolve();
  await new Promise<void>(tried => {
    running = keepListening(tried);
  });
  return {
    async close() {
      stop.abort();
      await client?.end().catch(() => {});
      await running;
    },
  };
}

function untilEnd(client: pg.Client): Promise<void> {
  return new Promise(resolve => {
    client.once('end', resolve);
    client.on('error', () => resolve());
  });
}
