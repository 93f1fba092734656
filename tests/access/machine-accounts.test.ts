import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { query } from '../../src/platform/database.ts';
import type { App } from '../../src/platform/http/app-types.ts';
import { type Client, openTestApp, TEST_NOW, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let admin: Client;
beforeAll(async () => {
  test = await openTestApp();
  admin = await test.as('administrator');
  await (await test.as('parts_specialist')).post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '甲' });
});
afterAll(() => test.close());
beforeEach(() => test.setNow(TEST_NOW));

let accounts = 0;
async function makeAccount(body: object = { role: 'parts_specialist' }): Promise<string> {
  accounts += 1;
  const name = `erp-${accounts}`;
  const made = await admin.post('/v1/machine-accounts', { name, ...body });
  expect(made.status).toBe(201);
  return name;
}

async function statusOf(token: string, url = '/v1/dealers', app: App = test.app): Promise<number> {
  return (await app.inject({ url, headers: { authorization: `Bearer ${token}` } })).statusCode;
}

const issue = (name: string, body: object = {}, headers = {}) =>
  admin.post(`/v1/machine-accounts/${name}/keys`, body, headers);
const revoke = (name: string, id: string) => admin.delete(`/v1/machine-accounts/${name}/keys/${id}`);

/** Until it holds: what another process hears by NOTIFY comes a moment later. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

describe('a machine account', () => {
  it('has the scopes it was given, none beyond its role', async () => {
    const name = await makeAccount({ role: 'parts_specialist', scopes: ['dealers.read'] });
    const { token } = (await issue(name)).body;
    expect(await statusOf(token)).toBe(200);
    const write = await test.app.inject({
      method: 'POST',
      url: '/v1/dealers',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'k' },
      payload: { code: 'D9', currency: 'CNY', nameZh: 'x' },
    });
    expect(write.json()).toMatchObject({ status: 403, code: 'PERMISSION_MISSING', permission: 'dealers.write' });
    const excess = { name: 'too-much', role: 'dealer', dealerCode: 'D1', scopes: ['dealers.read', 'people.write'] };
    expect(await admin.post('/v1/machine-accounts', excess)).toMatchObject({
      status: 422,
      body: { code: 'SCOPE_NOT_ALLOWED', scopes: ['people.write'] },
    });
  });

  it("is named once, and a dealer's belongs to the dealer", async () => {
    const name = await makeAccount({ role: 'dealer', dealerCode: 'D1' });
    expect(await admin.post('/v1/machine-accounts', { name, role: 'finance' })).toMatchObject({
      status: 409,
      body: { code: 'MACHINE_ACCOUNT_TAKEN' },
    });
    expect((await admin.post('/v1/machine-accounts', { name: 'm', role: 'dealer' })).body.code).toBe(
      'DEALER_ROLE_MISMATCH',
    );
    expect((await admin.post('/v1/machine-accounts', { name: 'm', role: 'finance', dealerCode: 'D1' })).body.code).toBe(
      'DEALER_ROLE_MISMATCH',
    );
    expect((await admin.get('/v1/machine-accounts/nobody')).body.code).toBe('MACHINE_ACCOUNT_NOT_FOUND');
  });

  it('loses a scope, and everything when it is made inactive, at once', async () => {
    const name = await makeAccount({ role: 'parts_specialist' });
    const { token } = (await issue(name)).body;
    expect(await statusOf(token)).toBe(200);
    const change = (version: number, body: object) =>
      admin.patch(`/v1/machine-accounts/${name}`, body, { 'if-match': `"${version}"` });
    expect((await change(1, { scopes: ['parts.read'] })).body).toMatchObject({ scopes: ['parts.read'], version: 2 });
    expect(await statusOf(token)).toBe(403);
    expect((await change(2, { scopes: ['people.write'] })).body.code).toBe('SCOPE_NOT_ALLOWED');
    expect((await change(2, { active: false })).status).toBe(200);
    expect(await statusOf(token)).toBe(401);
    expect((await change(2, { active: true })).body.code).toBe('VERSION_CONFLICT');
  });

  it('is listed in order of name with its scopes', async () => {
    const { body } = await admin.get('/v1/machine-accounts?limit=200');
    const names = body.items.map((item: { name: string }) => item.name);
    expect(names).toContain('erp-1');
    expect(names).toEqual([...names].sort());
  });
});

describe('a key', () => {
  it('is shown once: neither a replay nor any table has it', async () => {
    const name = await makeAccount();
    const key = { 'idempotency-key': 'issue-once' };
    const first = await issue(name, {}, key);
    expect(first.body.token).toMatch(/^pl_[\w-]{43}$/);
    const replay = await issue(name, {}, key);
    expect(replay).toMatchObject({ status: 201, body: { ...first.body, token: null } });
    expect(replay.headers['idempotency-replayed']).toBe('true');
    expect(await statusOf(first.body.token)).toBe(200);
    expect((await admin.get(`/v1/machine-accounts/${name}/keys`)).body.items).toHaveLength(1);
    const rows = await query(
      test.dependencies.database.reader(),
      `select reply as t from idempotency_key union all select after::text from audit_entry union all select row_to_json(k)::text from api_key k`,
    );
    expect(JSON.stringify(rows)).not.toContain(first.body.token);
  });

  it('rotates: two live at most, a revoked one and an expired one make room', async () => {
    const name = await makeAccount();
    const first = (await issue(name, { expiresAt: '2026-03-11T00:00:00Z' })).body;
    const second = (await issue(name)).body;
    expect(await issue(name)).toMatchObject({ status: 409, body: { code: 'KEYS_LIVE_MAX', max: 2 } });
    expect(await statusOf(first.token)).toBe(200);
    test.setNow('2026-03-12T00:00:00Z');
    expect(await statusOf(first.token)).toBe(401);
    expect((await issue(name)).status).toBe(201);
    expect((await issue(name)).body.code).toBe('KEYS_LIVE_MAX');
    expect((await revoke(name, second.id)).status).toBe(204);
    expect((await revoke(name, second.id)).body.code).toBe('KEY_NOT_FOUND');
    expect((await issue(name)).status).toBe(201);
  });

  it('has two places even when twenty are asked for at once', async () => {
    const name = await makeAccount();
    const answers = await Promise.all(Array.from({ length: 20 }, () => issue(name)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ body }) => body.code === 'KEYS_LIVE_MAX')).toHaveLength(18);
  });

  it('expires within two years, never in the past and on a day that is', async () => {
    const name = await makeAccount();
    for (const expiresAt of ['2026-03-09T00:00:00Z', '2031-01-01T00:00:00Z', '2026-99-99T00:00:00Z']) {
      expect(await issue(name, { expiresAt })).toMatchObject({ status: 422, body: { code: 'KEY_EXPIRY_INVALID' } });
    }
    expect((await issue(name)).body.expiresAt).toBe('2027-03-10T02:00:00.000Z');
  });

  it('is dead everywhere the moment it is revoked', async () => {
    const other = await buildApp(test.dependencies);
    try {
      const name = await makeAccount();
      const { id, token } = (await issue(name)).body;
      expect([await statusOf(token), await statusOf(token, '/v1/dealers', other)]).toEqual([200, 200]);
      await revoke(name, id);
      expect(await statusOf(token)).toBe(401);
      // the clock stands still, so no remembered key grows old here: only NOTIFY can tell
      await eventually(async () => (await statusOf(token, '/v1/dealers', other)) === 401);
    } finally {
      await other.close();
    }
  });

  it('is dead there too when the listening connection was cut in between', async () => {
    const other = await buildApp(test.dependencies);
    const owner = new pg.Client({ connectionString: test.ownerUrl });
    await owner.connect();
    try {
      const name = await makeAccount();
      const { id, token } = (await issue(name)).body;
      expect(await statusOf(token, '/v1/dealers', other)).toBe(200);
      const cut = await owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'partledger-listener' and datname = current_database()`,
      );
      expect(cut.rowCount).toBeGreaterThanOrEqual(2);
      await revoke(name, id);
      await eventually(async () => (await statusOf(token, '/v1/dealers', other)) === 401);
    } finally {
      await owner.end();
      await other.close();
    }
  });

  it('is dead with its dealer, and lives again with it', async () => {
    const name = await makeAccount({ role: 'dealer', dealerCode: 'D1' });
    const { token } = (await issue(name)).body;
    expect(await statusOf(token)).toBe(200);
    const specialist = await test.as('parts_specialist');
    const turn = async (active: boolean) => {
      const { version } = (await specialist.get('/v1/dealers/D1')).body;
      return (await specialist.patch('/v1/dealers/D1', { active }, { 'if-match': `"${version}"` })).status;
    };
    expect(await turn(false)).toBe(200);
    await eventually(async () => (await statusOf(token)) === 401);
    expect(await turn(true)).toBe(200);
    await eventually(async () => (await statusOf(token)) === 200);
  });

  it('says when it was last used, to the minute', async () => {
    const name = await makeAccount();
    const { token } = (await issue(name)).body;
    const other = await buildApp(test.dependencies);
    expect(await statusOf(token, '/v1/dealers', other)).toBe(200);
    const lastUsed = async () => (await admin.get(`/v1/machine-accounts/${name}/keys`)).body.items[0].lastUsedAt;
    expect(await lastUsed()).toBeNull();
    await other.close();
    expect(await lastUsed()).toBe('2026-03-10T02:00:00.000Z');
  });
});
