/** A person at a browser: keeps the session cookie and sends the CSRF token along. */
import { randomInt, randomUUID } from 'node:crypto';
import { createPerson, hashPassword, type Role, systemContext } from '../../src/access/index.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import type { Answer, TestApp } from '../support/test-app.ts';

export const PASSWORD = 'grain-before-the-frost';

export type Browser = {
  readonly cookie: string;
  readonly csrfToken: string;
  /** Any request; headers given here win, an empty one is left out. */
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
};

export async function addPerson(
  test: TestApp,
  login: string,
  roles: readonly Role[],
  dealerCode: string | null = null,
) {
  const now = test.dependencies.clock.now();
  const passwordHash = await hashPassword(PASSWORD);
  const draft = { login, nameZh: '测试', nameEn: null, roles, dealerCode, language: 'zh', passwordHash } as const;
  return await inTransaction(test.dependencies.database, { now }, tx =>
    createPerson(tx, systemContext('test', now, '2026-03-10'), draft),
  );
}

export async function attemptSignIn(
  test: TestApp,
  login: string,
  password: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await request(test, 'POST', '/v1/sessions', { login, password }, headers);
}

export async function signIn(test: TestApp, login: string, password = PASSWORD): Promise<Browser> {
  const answer = await attemptSignIn(test, login, password);
  if (answer.status !== 201) throw new Error(`${login} cannot sign in: ${JSON.stringify(answer.body)}`);
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  const { csrfToken } = answer.body;
  return {
    cookie,
    csrfToken,
    send: (method, url, body, headers) =>
      request(test, method, url, body, {
        cookie,
        'x-csrf-token': csrfToken,
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      }),
  };
}

async function request(
  test: TestApp,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const sent = Object.entries({ 'accept-language': 'en', ...headers }).filter(([, value]) => value !== '');
  const reply = await test.app.inject({
    method,
    url,
    // everybody has an address of one's own: sign-ins are limited by address
    remoteAddress: headers['x-test-address'] ?? `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
    headers: Object.fromEntries(sent),
    ...(body === undefined ? {} : { payload: body as object }),
  });
  const json = String(reply.headers['content-type'] ?? '').includes('json');
  return {
    status: reply.statusCode,
    body: json ? JSON.parse(reply.body) : reply.body,
    headers: reply.headers,
    raw: reply.rawPayload,
  };
}
