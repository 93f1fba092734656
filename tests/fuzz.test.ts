import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN, openTrade } from './access/trade.ts';
import { allPowerful, bearing } from './support/all-powerful.ts';
import { complaintAbout, fuzz } from './support/fuzz-calls.ts';
import { openTestApp, type TestApp } from './support/test-app.ts';

const CALLS = 1_000;
const SEED = 20_260_310;

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openTrade(test);
});
afterAll(() => test.close());

describe('bad input', () => {
  it('is never answered with an error of ours, and always with a problem', { timeout: 600_000 }, async () => {
    const { body: document } = await test.anonymous().get('/openapi.json');
    const callers = [await allPowerful(test), bearing(test, (await test.as('dealer', OWN)).token)];
    const { made, accepted, complaints } = await fuzz(document, callers, CALLS, SEED);
    expect(complaints).toEqual([]);
    expect(made).toBeGreaterThanOrEqual(CALLS);
    expect(accepted).toBeGreaterThan(made / 10);
    expect((await test.anonymous().get('/health/ready')).status).toBe(200);
  });

  it('would be noticed: a 500, a page and a bare refusal are complained about', () => {
    const json = 'application/problem+json; charset=utf-8';
    expect(complaintAbout({ status: 500, type: json, body: { code: 'INTERNAL' } })).toBe('500 INTERNAL');
    expect(complaintAbout({ status: 404, type: 'text/html', body: null })).toBe('404 as text/html');
    expect(complaintAbout({ status: 404, type: json, body: {} })).not.toBeNull();
    expect(complaintAbout({ status: 404, type: json, body: { code: 'X', status: 404, title: 'x' } })).toBeNull();
  });
});
