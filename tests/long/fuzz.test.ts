/** The second tier: ten times the calls, from another start each time; FUZZ_SEED repeats a run. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN, openTrade } from '../access/trade.ts';
import { allPowerful, bearing } from '../support/all-powerful.ts';
import { fuzz } from '../support/fuzz-calls.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const CALLS = Number(process.env['FUZZ_CALLS'] ?? 10_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await openTrade(test);
});
afterAll(() => test.close());

describe(`bad input, from seed ${SEED}`, () => {
  it('is never answered with an error of ours, and always with a problem', { timeout: 1_800_000 }, async () => {
    const { body: document } = await test.anonymous().get('/openapi.json');
    const callers = [await allPowerful(test), bearing(test, (await test.as('dealer', OWN)).token)];
    const { made, accepted, complaints } = await fuzz(document, callers, CALLS, SEED);
    expect(complaints).toEqual([]);
    expect(made).toBeGreaterThanOrEqual(CALLS);
    expect(accepted).toBeGreaterThan(made / 10);
    expect((await test.anonymous().get('/health/ready')).status).toBe(200);
  });
});
