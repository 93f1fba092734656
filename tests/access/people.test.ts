import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureAdministrator } from '../../src/access/index.ts';
import { query } from '../../src/platform/database.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';
import { addPerson, attemptSignIn, type Browser, PASSWORD, signIn } from './browser.ts';

let test: TestApp;
let admin: Client;
beforeAll(async () => {
  test = await openTestApp();
  admin = await test.as('administrator');
  await (await test.as('parts_specialist')).post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '甲' });
});
afterAll(() => test.close());

const draft = (login: string, more: object = {}) => ({
  login,
  password: PASSWORD,
  roles: ['finance'],
  nameZh: '钱会计',
  ...more,
});

describe('people', () => {
  it('are created with a first password, which is shown nowhere', async () => {
    const made = await admin.post('/v1/people', draft('qian'));
    expect(made).toMatchObject({
      status: 201,
      body: { login: 'qian', roles: ['finance'], dealerCode: null, active: true, version: 1 },
    });
    expect(JSON.stringify(made.body)).not.toMatch(/password|hash/i);
    expect((await signIn(test, 'qian')).csrfToken).toBeTruthy();
    expect(await admin.post('/v1/people', draft('qian'))).toMatchObject({ status: 409, body: { code: 'LOGIN_TAKEN' } });
    expect(await admin.post('/v1/people', draft('noname', { nameZh: null }))).toMatchObject({
      body: { code: 'PERSON_UNNAMED' },
    });
  });

  it.each([
    ['length', 'short-pw'],
    ['length', 'x1-'.repeat(60)],
    ['login', 'my-name-is-weakling'],
    ['variety', 'abababababab'],
    ['common', 'qwertyuiopas'],
    ['common', 'Password-12345'],
  ])('get no password that breaks the rule of %s', async (rule, password) => {
    const answer = await admin.post('/v1/people', draft('weakling', { password }));
    expect(answer).toMatchObject({ status: 422, body: { code: 'PASSWORD_WEAK', rule } });
  });

  it("belong to a dealer exactly when they are the dealer's", async () => {
    const mismatch = { status: 422, body: { code: 'DEALER_ROLE_MISMATCH' } };
    expect(await admin.post('/v1/people', draft('a1', { roles: ['dealer'] }))).toMatchObject(mismatch);
    expect(await admin.post('/v1/people', draft('a1', { dealerCode: 'D1' }))).toMatchObject(mismatch);
    expect(
      await admin.post('/v1/people', draft('a1', { roles: ['dealer', 'finance'], dealerCode: 'D1' })),
    ).toMatchObject(mismatch);
    expect((await admin.post('/v1/people', draft('a1', { roles: ['dealer'], dealerCode: 'NOPE' }))).body.code).toBe(
      'DEALER_NOT_FOUND',
    );
    expect((await admin.post('/v1/people', draft('a1', { roles: ['dealer'], dealerCode: 'D1' }))).status).toBe(201);
    const buyer = await signIn(test, 'a1');
    expect((await buyer.send('GET', '/v1/dealers')).body.items).toMatchObject([{ code: 'D1' }]);
    await query(test.dependencies.database.reader(), `update dealer set active = false where code = 'D1'`);
    expect((await buyer.send('GET', '/v1/dealers')).status).toBe(401);
    expect((await attemptSignIn(test, 'a1', PASSWORD)).status).toBe(401);
    await query(test.dependencies.database.reader(), `update dealer set active = true where code = 'D1'`);
  });

  it('lose every session when what they may do changes, and keep them for a new name', async () => {
    await addPerson(test, 'sun', ['finance']);
    let browser: Browser = await signIn(test, 'sun');
    const change = (version: number, body: object) =>
      admin.patch('/v1/people/sun', body, { 'if-match': `"${version}"` });
    expect((await change(1, { nameEn: 'Sun' })).status).toBe(200);
    expect((await browser.send('GET', '/v1/sessions/current')).status).toBe(200);
    const fresh = { roles: ['auditor'], password: 'another-fine-harvest', active: false };
    for (const [field, value] of Object.entries(fresh)) {
      const { body } = await admin.get('/v1/people/sun');
      expect((await change(body.version, { [field]: value })).status, field).toBe(200);
      expect((await browser.send('GET', '/v1/sessions/current')).status, field).toBe(401);
      if (field !== 'active') browser = await signIn(test, 'sun', field === 'roles' ? PASSWORD : fresh.password);
    }
    expect((await attemptSignIn(test, 'sun', fresh.password)).status).toBe(401);
    expect((await change(1, { active: true })).body.code).toBe('VERSION_CONFLICT');
    expect((await admin.patch('/v1/people/nobody', { active: true }, { 'if-match': '"1"' })).body.code).toBe(
      'PERSON_NOT_FOUND',
    );
  });

  it('are unlocked by a new password', async () => {
    await addPerson(test, 'zheng', ['finance']);
    for (let failure = 0; failure < 5; failure += 1) await attemptSignIn(test, 'zheng', 'not this one');
    const { body } = await admin.get('/v1/people/zheng');
    expect(body.lockedUntil).toBe('2026-03-10T02:15:00.000Z');
    await admin.patch('/v1/people/zheng', { password: 'another-fine-harvest' }, { 'if-match': `"${body.version}"` });
    expect((await signIn(test, 'zheng', 'another-fine-harvest')).csrfToken).toBeTruthy();
  });

  it('are in the audit without their names and passwords', async () => {
    await admin.post('/v1/people', draft('li', { nameEn: 'Li Lei of the audit' }));
    await admin.patch(
      '/v1/people/li',
      { nameEn: 'Another of the audit', password: 'another-fine-harvest' },
      { 'if-match': '"1"' },
    );
    const { body } = await (await test.as('auditor')).get('/v1/audit-entries?subjectKind=person&subjectId=li');
    expect(body.items).toMatchObject([
      { action: 'person.changed', before: { version: 1 }, after: { version: 2, changed: ['nameEn', 'password'] } },
      { action: 'person.created', actor: expect.stringMatching(/^machine:administrator/), before: null },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/of the audit|harvest|frost/);
  });

  it('are listed page by page in order of login', async () => {
    const first = await admin.get('/v1/people?limit=2');
    const second = await admin.get(`/v1/people?limit=2&cursor=${first.body.nextCursor}`);
    const logins = [...first.body.items, ...second.body.items].map(({ login }: { login: string }) => login);
    expect(logins).toHaveLength(4);
    expect(logins).toEqual([...logins].sort());
  });

  it('leave no bare hash of a password in the table of stored replies', async () => {
    await admin.post('/v1/people', draft('hidden'), { 'idempotency-key': 'with-a-password' });
    const again = await admin.post('/v1/people', draft('hidden'), { 'idempotency-key': 'with-a-password' });
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await admin.post('/v1/people', draft('hidden', { password: 'another-fine-harvest' }), {
      'idempotency-key': 'with-a-password',
    });
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const { fingerprintOf } = await import('../../src/platform/idempotency.ts');
    const [row] = await query<{ fingerprint: string }>(
      test.dependencies.database.reader(),
      `select fingerprint from idempotency_key where key = 'with-a-password'`,
    );
    expect(row?.fingerprint).not.toBe(fingerprintOf({ body: draft('hidden'), query: {} }));
  });
});

describe('the own password', () => {
  it('changes with the current one and ends the other sessions', async () => {
    await addPerson(test, 'wu', ['auditor']);
    const [here, there] = [await signIn(test, 'wu'), await signIn(test, 'wu')];
    const change = (currentPassword: string, newPassword: string) =>
      here.send('PUT', '/v1/passwords/current', { currentPassword, newPassword });
    expect(await change('not this one', 'another-fine-harvest')).toMatchObject({
      status: 422,
      body: { code: 'PASSWORD_WRONG' },
    });
    expect((await change(PASSWORD, 'weak')).body.code).toBe('PASSWORD_WEAK');
    expect((await change(PASSWORD, 'another-fine-harvest')).status).toBe(200);
    expect((await here.send('GET', '/v1/sessions')).body.items).toHaveLength(1);
    expect((await there.send('GET', '/v1/sessions')).status).toBe(401);
    expect((await attemptSignIn(test, 'wu', PASSWORD)).status).toBe(401);
    expect((await signIn(test, 'wu', 'another-fine-harvest')).csrfToken).toBeTruthy();
  });

  it('cannot be guessed through a session that was left open', async () => {
    await addPerson(test, 'feng', ['auditor']);
    const open = await signIn(test, 'feng');
    for (let guess = 0; guess < 5; guess += 1) {
      await open.send('PUT', '/v1/passwords/current', {
        currentPassword: `guess number ${guess}`,
        newPassword: 'another-fine-harvest',
      });
    }
    const right = await open.send('PUT', '/v1/passwords/current', {
      currentPassword: PASSWORD,
      newPassword: 'another-fine-harvest',
    });
    expect(right.body.code).toBe('PASSWORD_WRONG');
  });
});

describe('the first administrator', () => {
  it('is made once, and the last one stays', async () => {
    const own = await openTestApp();
    try {
      const { database, clock } = own.dependencies;
      const make = () => ensureAdministrator(database, { login: 'root-of-all', password: PASSWORD }, clock.now());
      expect((await Promise.all([make(), make(), make()])).filter(Boolean)).toHaveLength(1);
      expect(await make()).toBe(false);
      const root = await signIn(own, 'root-of-all');
      await addPerson(own, 'second', ['administrator']);
      const demote = (login: string) =>
        root.send('PATCH', `/v1/people/${login}`, { active: false }, { 'if-match': '"1"' });
      expect((await demote('second')).status).toBe(200);
      expect(await demote('root-of-all')).toMatchObject({ status: 409, body: { code: 'LAST_ADMINISTRATOR' } });
    } finally {
      await own.close();
    }
  });

  it('is never taken away by two who deactivate each other', async () => {
    const own = await openTestApp();
    try {
      await addPerson(own, 'ann', ['administrator']);
      await addPerson(own, 'bob', ['administrator']);
      const [ann, bob] = [await signIn(own, 'ann'), await signIn(own, 'bob')];
      const off = (browser: Browser, login: string) =>
        browser.send('PATCH', `/v1/people/${login}`, { active: false }, { 'if-match': '"1"' });
      await Promise.all([off(ann, 'bob'), off(bob, 'ann')]);
      const rows = await query(own.dependencies.database.reader(), 'select 1 from person where active');
      expect(rows).toHaveLength(1);
    } finally {
      await own.close();
    }
  });
});
