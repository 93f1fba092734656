/** Callers that try routes as the description has them: one with every permission (no role has them all), or any machine's. */
import { randomBytes, randomUUID } from 'node:crypto';
import { hashKey, ROLES, type Role } from '../../src/access/index.ts';
import { csrfTokenOf } from '../../src/access/session.ts';
import { query } from '../../src/platform/database.ts';
import type { TestApp } from './test-app.ts';

/** Of a password nobody has. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$rdPXnWM80Ky+6n2GE//SlQ$g1H85669Y3b8/ezgFdsl/1Nj5qognzx++FNa2h2tT6M';

export type Call = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON, text as it is. */
  readonly body?: unknown;
  /** Fields and one small file go as a multipart form instead. */
  readonly form?: Readonly<Record<string, string>>;
};
// biome-ignore lint/suspicious/noExplicitAny: replies are asserted on, not typed
export type CallAnswer = { readonly status: number; readonly type: string; readonly body: any };
export type Caller = (call: Call) => Promise<CallAnswer>;

/** A person with every role of the firm. */
export function allPowerful(test: TestApp): Promise<Caller> {
  return personAs(
    test,
    ROLES.filter(role => role !== 'dealer'),
  );
}

/** A person with these roles and a session of its own, which is renewed when a call has ended it. */
export async function personAs(test: TestApp, roles: readonly Role[]): Promise<Caller> {
  const login = `person-${randomBytes(4).toString('hex')}`;
  await query(
    test.dependencies.database.reader(),
    `insert into person (login, name_en, password_hash, roles, created_at) values ($1, 'Somebody', $2, $3, $4)`,
    [login, NOBODYS_HASH, roles, test.dependencies.clock.now().toISOString()],
  );
  let credentials = await openSession(test, login, roles);
  return async call => {
    const answer = await send(test, credentials, call);
    if (answer.status !== 401) return answer;
    credentials = await openSession(test, login, roles);
    return await send(test, credentials, call);
  };
}

/** A machine with its bearer key; nobody without one. */
export function bearing(test: TestApp, token: string): Caller {
  return call => send(test, token === '' ? {} : { authorization: `Bearer ${token}` }, call);
}

async function openSession(test: TestApp, login: string, roles: readonly Role[]): Promise<Record<string, string>> {
  const token = randomBytes(32).toString('base64url');
  const id = randomUUID();
  await query(
    test.dependencies.database.reader(),
    `with woken as (update person set active = true, roles = $5 where login = $1 returning id)
     insert into session (id, token_hash, person_id, created_at, last_seen_at, expires_at)
     select $2, $3, id, $4, $4, $4::timestamptz + interval '100 years' from woken`,
    [login, id, hashKey(token), test.dependencies.clock.now().toISOString(), roles],
  );
  return { cookie: `partledger_session=${token}`, 'x-csrf-token': csrfTokenOf(test.dependencies.sessionSecret, id) };
}

async function send(test: TestApp, credentials: Record<string, string>, call: Call): Promise<CallAnswer> {
  const { type, payload } = payloadOf(call);
  const reply = await test.app.inject({
    method: call.method as 'GET',
    url: call.url,
    headers: {
      'accept-language': 'en',
      ...credentials,
      ...(call.method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      ...(type === null ? {} : { 'content-type': type }),
      ...call.headers,
    },
    ...(payload === null ? {} : { payload }),
  });
  const contentType = String(reply.headers['content-type'] ?? '');
  return {
    status: reply.statusCode,
    type: contentType,
    body: contentType.includes('json') ? JSON.parse(reply.body) : null,
  };
}

function payloadOf(call: Call): { type: string | null; payload: string | null } {
  if (call.form !== undefined) {
    const boundary = 'xxBOUNDARYxx';
    const fields = Object.entries(call.form)
      .filter(([name]) => name !== 'file')
      .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
    const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\na,b\n1,2\n\r\n`;
    return {
      type: `multipart/form-data; boundary=${boundary}`,
      payload: `${fields.join('')}${file}--${boundary}--\r\n`,
    };
  }
  if (call.body === undefined) return { type: null, payload: null };
  return { type: 'application/json', payload: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) };
}
