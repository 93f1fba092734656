/** A request that is sent again has its effect once, whatever happened to the first answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../../src/platform/database.ts';
import { sweepIdempotencyKeys } from '../../../src/platform/idempotency.ts';
import { type Client, openTestApp, type TestApp } from '../../support/test-app.ts';

let test: TestApp;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
});
afterAll(() => test.close());

const dealer = (code: string, nameZh = '甲') => ({ code, currency: 'CNY', nameZh });
const send = (body: object, key: string) => specialist.post('/v1/dealers', body, { 'idempotency-key': key });

async function count(sql: string): Promise<number> {
  const [row] = await query<{ n: string }>(test.dependencies.database.reader(), `select count(*) as n from ${sql}`);
  return Number(row?.n);
}

describe('one key', () => {
  it('sent twenty times at once creates once; the others get the answer or are told to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(dealer('R1'), 'at-once')));
    const created = answers.filter(({ status }) => status === 201);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(created.length + waiting.length).toBe(20);
    expect(created.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(new Set(created.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(waiting.every(({ body }) => body.code === 'IDEMPOTENCY_KEY_IN_USE')).toBe(true);
    expect(await count(`dealer where code = 'R1'`)).toBe(1);
    expect(await count(`event where stream = 'R1'`)).toBe(1);
  });

  it('still at work is refused with the time to try again', async () => {
    const owner = new pg.Client({ connectionString: test.ownerUrl });
    await owner.connect();
    await owner.query('begin; lock table dealer in exclusive mode');
    const first = send(dealer('R2'), 'slow');
    const lockers = `select 1 from pg_locks where not granted and relation = 'dealer'::regclass`;
    while ((await owner.query(lockers)).rowCount === 0) await sleep(20);
    const second = await send(dealer('R2'), 'slow');
    expect(second).toMatchObject({
      status: 409,
      body: { code: 'IDEMPOTENCY_KEY_IN_USE' },
      headers: { 'retry-after': '1' },
    });
    await owner.query('rollback');
    await owner.end();
    expect((await first).status).toBe(201);
    const third = await send(dealer('R2'), 'slow');
    expect(third).toMatchObject({
      status: 201,
      headers: { 'idempotency-replayed': 'true', location: '/v1/dealers/R2' },
    });
  });

  it('with another body or other order of fields: the first is refused, the second is the same', async () => {
    await send(dealer('R3'), 'body');
    expect(await send(dealer('R3', '乙'), 'body')).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    const reordered = await send({ nameZh: '甲', currency: 'CNY', code: 'R3' }, 'body');
    expect(reordered.headers['idempotency-replayed']).toBe('true');
  });

  it('of a refusal repeats the refusal, even when it would be taken now', async () => {
    await send(dealer('R4'), 'taken-1');
    const refused = await send(dealer('R4', '乙'), 'taken-2');
    expect(refused).toMatchObject({ status: 409, body: { code: 'DEALER_CODE_TAKEN' } });
    const again = await send(dealer('R4', '乙'), 'taken-2');
    expect(again.body).toEqual(refused.body);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(await count(`audit_entry where outcome = 'refused' and after->>'code' = 'DEALER_CODE_TAKEN'`)).toBe(1);
  });

  it('of a malformed request is not used up', async () => {
    expect((await send({ code: 'R5' }, 'malformed')).status).toBe(400);
    expect((await send(dealer('R5'), 'malformed')).status).toBe(201);
  });

  it("is each caller's own, and each address's", async () => {
    await send(dealer('R6'), 'mine');
    const finance = await test.as('finance');
    expect(await finance.post('/v1/dealers', dealer('R6'), { 'idempotency-key': 'mine' })).toMatchObject({
      status: 403,
    });
    const administrator = await test.as('administrator');
    const account = { name: 'same-key', role: 'finance' };
    expect((await administrator.post('/v1/machine-accounts', account, { 'idempotency-key': 'mine' })).status).toBe(201);
  });

  it('is forgotten after thirty days and not before', async () => {
    await send(dealer('R7'), 'old');
    const daysLater = (days: number) => new Date(Date.parse('2026-03-10T02:00:00Z') + days * 86_400_000);
    expect(await sweepIdempotencyKeys(test.dependencies.database, daysLater(29.9))).toBe(0);
    expect(await sweepIdempotencyKeys(test.dependencies.database, daysLater(30.1))).toBeGreaterThan(0);
    expect((await send(dealer('R7'), 'old')).body.code).toBe('DEALER_CODE_TAKEN');
  });
});
