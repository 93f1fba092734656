import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepSessions } from '../../src/access/index.ts';
import { buildApp } from '../../src/app.ts';
import { query } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { openTestApp, TEST_NOW, type TestApp } from '../support/test-app.ts';
import { addPerson, attemptSignIn, PASSWORD, signIn } from './browser.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  for (const login of ['li.wei', 'wang.fang', 'zhao.lei', 'sun.li', 'zhou.jie', 'chen.hao']) {
    await addPerson(test, login, ['parts_specialist']);
  }
});
afterAll(() => test.close());
beforeEach(() => test.setNow(TEST_NOW));

const minutesLater = (minutes: number) => new Date(Date.parse(TEST_NOW) + minutes * 60_000).toISOString();

describe('signing in', () => {
  it('sets a cookie no script reads and no other site sends, and tells who it is', async () => {
    const answer = await attemptSignIn(test, 'li.wei', PASSWORD);
    expect(answer).toMatchObject({ status: 201, body: { person: { login: 'li.wei', roles: ['parts_specialist'] } } });
    expect(answer.headers['set-cookie']).toMatch(/^partledger_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('keeps only the hash of the token', async () => {
    const { cookie } = await signIn(test, 'li.wei');
    const [, token = ''] = cookie.split('=');
    const rows = await query(
      test.dependencies.database.reader(),
      `select encode(token_hash, 'escape') || id as stored from session`,
    );
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('answers a wrong password, an unknown login and a locked account alike', async () => {
    const strip = ({ status, body }: { status: number; body: Record<string, unknown> }) => ({
      status,
      ...body,
      requestId: '',
    });
    const unknown = strip(await attemptSignIn(test, 'nobody.here', PASSWORD));
    expect(unknown).toMatchObject({ status: 401, code: 'SIGN_IN_FAILED' });
    for (let failure = 0; failure < 5; failure += 1) {
      expect(strip(await attemptSignIn(test, 'wang.fang', 'not this one'))).toEqual(unknown);
    }
    expect(strip(await attemptSignIn(test, 'wang.fang', PASSWORD))).toEqual(unknown);
    test.setNow(minutesLater(16));
    expect((await attemptSignIn(test, 'wang.fang', PASSWORD)).status).toBe(201);
  });

  it('counts guesses made at once: of twenty at most five are looked at', async () => {
    const guesses = Array.from({ length: 19 }, () => attemptSignIn(test, 'zhao.lei', 'not this one'));
    const answers = await Promise.all(guesses);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await attemptSignIn(test, 'zhao.lei', PASSWORD)).status).toBe(401);
    const rows = await query<{ failed: number; locked: boolean }>(
      test.dependencies.database.reader(),
      `select failed_attempts as failed, locked_until is not null as locked from person where login = 'zhao.lei'`,
    );
    expect(rows).toEqual([{ failed: 5, locked: true }]);
  });

  it('leaves its refusals in the audit, never what was typed for an unknown login', async () => {
    await attemptSignIn(test, 'secret-typed-as-login', PASSWORD);
    const auditor = await test.as('auditor');
    const { body } = await auditor.get('/v1/audit-entries?action=sign-in.refused&limit=1');
    expect(body.items).toMatchObject([{ actor: 'anonymous', outcome: 'refused', subjectId: 'unknown-or-locked' }]);
    const locks = await auditor.get('/v1/audit-entries?action=person.locked&subjectId=zhao.lei');
    expect(locks.body.items).toHaveLength(1);
  });

  it('is limited to twenty a minute from one address', async () => {
    const from = (address: string) => attemptSignIn(test, 'li.wei', PASSWORD, { 'x-test-address': address });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 21; attempt += 1) statuses.push((await from('192.0.2.1')).status);
    expect(statuses).toEqual([...Array(20).fill(201), 429]);
    const refused = await from('192.0.2.1');
    expect(refused.body.code).toBe('RATE_LIMITED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('192.0.2.2')).status).toBe(201);
  });

  it('refuses a page of another site', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      expect(await attemptSignIn(test, 'li.wei', PASSWORD, headers)).toMatchObject({
        status: 403,
        body: { code: 'ORIGIN_REFUSED' },
      });
    }
    const own = { origin: 'http://localhost:8080', host: 'localhost:8080' };
    expect((await attemptSignIn(test, 'li.wei', PASSWORD, own)).status).toBe(201);
  });
});

describe('a session', () => {
  it('reads with the cookie alone and changes only with the CSRF token', async () => {
    const browser = await signIn(test, 'li.wei');
    const body = { code: 'S1', currency: 'CNY', nameZh: '甲' };
    expect((await browser.send('GET', '/v1/dealers', undefined, { 'x-csrf-token': '' })).status).toBe(200);
    for (const token of ['', 'wrong', `${browser.csrfToken}x`, (await signIn(test, 'sun.li')).csrfToken]) {
      expect(await browser.send('POST', '/v1/dealers', body, { 'x-csrf-token': token })).toMatchObject({
        status: 403,
        body: { code: 'CSRF_TOKEN_MISSING' },
      });
    }
    expect((await browser.send('POST', '/v1/dealers', body)).status).toBe(201);
    const elsewhere = { 'sec-fetch-site': 'same-site' };
    expect(await browser.send('POST', '/v1/dealers', { ...body, code: 'S2' }, elsewhere)).toMatchObject({
      status: 403,
      body: { code: 'ORIGIN_REFUSED' },
    });
  });

  it('is not fallen back on when an Authorization header is wrong', async () => {
    const browser = await signIn(test, 'li.wei');
    const answer = await browser.send('GET', '/v1/dealers', undefined, { authorization: `Bearer ${'x'.repeat(43)}` });
    expect(answer.status).toBe(401);
  });

  it('tells who is signed in, and ends with the sign-out', async () => {
    const browser = await signIn(test, 'sun.li');
    const current = await browser.send('GET', '/v1/sessions/current');
    expect(current.body).toMatchObject({ csrfToken: browser.csrfToken, person: { login: 'sun.li' } });
    const out = await browser.send('DELETE', '/v1/sessions/current');
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toMatch(/^partledger_session=;/);
    expect((await browser.send('GET', '/v1/sessions/current')).body.code).toBe('NOT_SIGNED_IN');
  });

  it('ends after an hour of idleness, counted from its last use', async () => {
    const used = await signIn(test, 'zhou.jie');
    const idle = await signIn(test, 'zhou.jie');
    test.setNow(minutesLater(59));
    // another process of the service, which writes down what it saw when it stops
    const other = await buildApp(test.dependencies);
    const seen = await other.inject({ url: '/v1/sessions/current', headers: { cookie: used.cookie } });
    expect(seen.statusCode).toBe(200);
    await other.close();
    test.setNow(minutesLater(61));
    expect((await used.send('GET', '/v1/sessions/current')).status).toBe(200);
    expect((await idle.send('GET', '/v1/sessions/current')).status).toBe(401);
    test.setNow(minutesLater(120));
    expect((await used.send('GET', '/v1/sessions/current')).status).toBe(401);
  });

  it('ends after twelve hours however busy it is', async () => {
    const { cookie, send } = await signIn(test, 'zhou.jie');
    await query(test.dependencies.database.reader(), `update session set last_seen_at = '2026-03-10T13:59:00Z'`);
    test.setNow(minutesLater(12 * 60 - 1));
    expect((await send('GET', '/v1/sessions/current')).status).toBe(200);
    test.setNow(minutesLater(12 * 60 + 1));
    expect((await send('GET', '/v1/sessions/current', undefined, { cookie })).status).toBe(401);
  });

  it('is listed to its owner, who may end it, and to nobody else', async () => {
    const [office, tractor] = [await signIn(test, 'chen.hao'), await signIn(test, 'chen.hao')];
    const { body } = await office.send('GET', '/v1/sessions');
    expect(body.items.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
    const other = body.items.find(({ current }: { current: boolean }) => !current).id;
    const stranger = await signIn(test, 'li.wei');
    expect(await stranger.send('DELETE', `/v1/sessions/${other}`)).toMatchObject({
      status: 404,
      body: { code: 'SESSION_NOT_FOUND' },
    });
    expect((await office.send('DELETE', `/v1/sessions/${other}`)).status).toBe(204);
    expect((await tractor.send('GET', '/v1/sessions')).status).toBe(401);
    expect((await office.send('GET', '/v1/sessions')).body.items).toHaveLength(1);
  });

  it('is no matter for a machine', async () => {
    const machine = await test.as('parts_specialist');
    expect(await machine.get('/v1/sessions')).toMatchObject({ status: 403, body: { code: 'PERSON_REQUIRED' } });
    expect(await machine.delete('/v1/sessions/current')).toMatchObject({
      status: 403,
      body: { code: 'PERSON_REQUIRED' },
    });
  });

  it('is forgotten a month after it ended', async () => {
    const { database } = test.dependencies;
    await signIn(test, 'li.wei');
    const sweep = (days: number) => {
      const now = new Date(Date.parse(TEST_NOW) + days * 86_400_000);
      return inTransaction(database, { now }, tx => sweepSessions(tx, now));
    };
    expect(await sweep(30)).toBe(0);
    expect(await sweep(31)).toBeGreaterThan(0);
    expect(await query(database.reader(), 'select 1 from session')).toEqual([]);
  });
});
