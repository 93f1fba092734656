import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decimal, equals, plus, sum } from '../../src/core/decimal.ts';
import { query } from '../../src/platform/database.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';
import { addDealer, addParts, addPriceList, publishPrices } from './builders.ts';

const PARTS = 12;
const CLASSES = ['part', 'farm_machine', 'odd_rate', 'no_tax'];

let test: TestApp;
let dealer: Client;
let prices: Record<string, string>;
beforeAll(async () => {
  test = await openTestApp();
  await addDealer(test, 'D1');
  dealer = await test.as('dealer', 'D1');
  await query(
    test.dependencies.database.reader(),
    `insert into tax_rate values ('odd_rate', 0.073331, '[2000-01-01,)'), ('no_tax', 0, '[2000-01-01,)')`,
  );
  await addParts(
    test,
    Array.from({ length: PARTS }, (_, at) => ({
      partNumber: `P${at}`,
      unit: 'metre',
      taxClass: CLASSES[at % CLASSES.length] as string,
    })),
  );
  // spread over the magnitudes, with ties at the third and fourth decimal
  prices = Object.fromEntries(
    ['0.005', '0.0051', '0.995', '1', '3.3333', '7.125', '19.99', '88.5', '1024.0001', '9999.9999', '123456.785', '1e7']
      .map(text => (text === '1e7' ? '10000000' : text))
      .map((price, at) => [`P${at}`, price]),
  );
  for (const [kind, taxInclusive] of [
    ['settlement', false],
    ['guidance', true],
  ] as const) {
    await addPriceList(test, { code: kind, kind, taxInclusive });
    await publishPrices(test, kind, '2026-01-01', prices);
  }
});
afterAll(() => test.close());

type Figures = { net: string; tax: string; gross: string };
const total = (lines: readonly Figures[], of: keyof Figures) => sum(lines.map(line => decimal(line[of])));

it('lines and document add up on both bases: net + tax = gross, and the document is the sum of its lines', async () => {
  const line = fc.record({
    partNumber: fc.integer({ min: 0, max: PARTS - 1 }).map(at => `P${at}`),
    quantity: fc.integer({ min: 1, max: 9_999_999 }).map(thousandths => (thousandths / 1000).toFixed(3)),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 25 }),
      fc.constantFrom('settlement', 'guidance'),
      async (lines, kind) => {
        const { status, body } = await dealer.post('/v1/price-queries', { lines, kind });
        expect(status).toBe(200);
        expect(body.lines.length + body.refusals.length).toBe(lines.length);
        for (const priced of [...body.lines, body.totals] as Figures[]) {
          expect(equals(plus(decimal(priced.net), decimal(priced.tax)), decimal(priced.gross))).toBe(true);
        }
        for (const of of ['net', 'tax', 'gross'] as const) {
          expect(equals(total(body.lines, of), decimal(body.totals[of]))).toBe(true);
        }
        for (const priced of body.lines) expect(Number(priced.unitPrice)).toBe(Number(prices[priced.partNumber]));
      },
    ),
    { numRuns: 60 },
  );
});
