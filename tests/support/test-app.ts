/**
 * The service as its users meet it, in process: real database, real queue interface, requests through the whole
 * HTTP stack. `as(role)` is a machine account of that role with every scope the role allows.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { hashKey, ROLE_PERMISSIONS, type Role } from '../../src/access/index.ts';
import { buildApp } from '../../src/app.ts';
import { importKinds } from '../../src/composition.ts';
import { type Clock, fixedClock } from '../../src/core/clock.ts';
import type { ImportKind } from '../../src/exchange/index.ts';
import { openDatabase, queryOne } from '../../src/platform/database.ts';
import type { Dependencies } from '../../src/platform/dependencies.ts';
import { openFileStore } from '../../src/platform/file-store.ts';
import type { App } from '../../src/platform/http/app-types.ts';
import { silentQueue } from '../../src/platform/queue.ts';
import { freshDatabase } from './test-database.ts';

// biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not typed
export type Answer = { status: number; body: any; headers: Record<string, unknown>; raw: Buffer };

export type Client = {
  readonly token: string;
  get(url: string, headers?: Record<string, string>): Promise<Answer>;
  post(url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(url: string, headers?: Record<string, string>): Promise<Answer>;
};

export type TestApp = {
  readonly app: App;
  readonly dependencies: Dependencies;
  readonly ownerUrl: string;
  /** The clock of the service; tests move it. */
  setNow(instant: string): void;
  as(role: Role, dealerCode?: string): Promise<Client>;
  anonymous(): Client;
  close(): Promise<void>;
};

export const TEST_NOW = '2026-03-10T02:00:00Z';

export async function openTestApp(
  options: { now?: string; importKinds?: readonly ImportKind[] } = {},
): Promise<TestApp> {
  const ownerUrl = await freshDatabase();
  const database = await openDatabase({ url: ownerUrl, role: 'service', entities: [], poolMax: 25 });
  const filesDirectory = await mkdtemp(join(tmpdir(), 'partledger-test-files-'));
  let current: Clock = fixedClock(options.now ?? TEST_NOW);
  const dependencies: Dependencies = {
    clock: { now: () => current.now() },
    timeZone: 'Asia/Shanghai',
    database,
    queue: silentQueue,
    files: openFileStore(filesDirectory),
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    sessionSecret: randomBytes(32).toString('hex'),
    secureCookies: false,
    requestsPerMinuteMax: 1_000_000,
  };
  const app = await buildApp(dependencies, { importKinds: options.importKinds ?? importKinds });
  const clients = new Map<string, Client>();
  return {
    app,
    dependencies,
    ownerUrl,
    setNow: instant => {
      current = fixedClock(instant);
    },
    async as(role, dealerCode) {
      const name = [role, dealerCode].filter(Boolean).join('.');
      const known = clients.get(name);
      if (known !== undefined) return known;
      const client = clientFor(app, await addMachine(dependencies, name, role, dealerCode));
      clients.set(name, client);
      return client;
    },
    anonymous: () => clientFor(app, ''),
    async close() {
      await app.close();
      await database.close();
      await rm(filesDirectory, { recursive: true, force: true });
    },
  };
}

async function addMachine(
  dependencies: Dependencies,
  name: string,
  role: Role,
  dealerCode: string | undefined,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const row = await queryOne(
    dependencies.database.reader(),
    `with account as (
       insert into machine_account (name, role, scopes, dealer_id, created_at)
       values ($1, $2, $3, (select id from dealer where code = $4), now()) returning id
     )
     insert into api_key (id, machine_account_id, slot, secret_hash, created_at, expires_at)
     select $5, id, 1, $6, '2000-01-01', '2999-01-01' from account returning 1`,
    [
      `${name}.${randomBytes(3).toString('hex')}`,
      role,
      ROLE_PERMISSIONS[role],
      dealerCode ?? null,
      randomUUID(),
      hashKey(token),
    ],
  );
  if (row === null) throw new Error(`no machine account for ${name}`);
  return token;
}

function clientFor(app: App, token: string): Client {
  const send = async (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body: unknown,
    headers: Record<string, string> = {},
  ) => {
    const reply = await app.inject({
      method,
      url,
      headers: {
        'accept-language': 'en',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const json = String(reply.headers['content-type'] ?? '').includes('json');
    return {
      status: reply.statusCode,
      body: json ? JSON.parse(reply.body) : reply.body,
      headers: reply.headers,
      raw: reply.rawPayload,
    };
  };
  return {
    token,
    get: (url, headers) => send('GET', url, undefined, headers),
    post: (url, body, headers) => send('POST', url, body, headers),
    patch: (url, body, headers) => send('PATCH', url, body, headers),
    delete: (url, headers) => send('DELETE', url, undefined, headers),
  };
}
