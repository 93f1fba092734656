/** A storm of receipts, reservations, releases and shipments over few parts: whatever the interleaving, the figures agree. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../src/access/index.ts';
import { type Decimal, decimal, isPositive, minus, plus, sum, toFixed, ZERO } from '../../src/core/decimal.ts';
import { Problem } from '../../src/core/problem.ts';
import { receiveStock, releaseStock, reserveStock, shipStock } from '../../src/inventory/index.ts';
import { query, type Tx } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, locationId, stockDisagreements, transact } from './stock-builder.ts';

const PARTS = ['S1', 'S2', 'S3', 'S4'];
let test: TestApp;
/** Parts of this run: every storm begins with levels that are not there yet. */
let parts: Map<string, { number: string; id: string }>;
const places = new Map<string, string>();
let documents = 0;
let runs = 0;

beforeAll(async () => {
  test = await openTestApp();
  const specialist = await test.as('parts_specialist');
  for (const code of ['WH1', 'WH2']) {
    await specialist.post('/v1/locations', { code, kind: 'warehouse', nameZh: code });
    places.set(code, await locationId(test, code));
  }
});
afterAll(() => test.close());

type Order = {
  place: string;
  lines: Array<{ partNumber: string; quantity: number }>;
  after: 'keep' | 'release' | 'ship' | 'both';
};
type Step = { receive: Order['lines']; place: string } | Order;

const line = fc.record({ partNumber: fc.constantFrom(...PARTS), quantity: fc.integer({ min: 1, max: 6 }) });
const lines = fc.array(line, { minLength: 1, maxLength: 5 });
const place = fc.constantFrom('WH1', 'WH2');
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ receive: lines, place }),
    fc.record({
      place,
      lines,
      after: fc.constantFrom('keep' as const, 'release' as const, 'ship' as const, 'both' as const),
    }),
  ),
  { minLength: 30, maxLength: 60 },
);

let received: Decimal = ZERO;
let shipped: Decimal = ZERO;
const refusals: string[] = [];

async function freshParts(): Promise<void> {
  runs += 1;
  const numbers = PARTS.map(name => `${name}-${runs}`);
  const ids = await addParts(
    test,
    numbers.map(partNumber => ({ partNumber })),
  );
  parts = new Map(
    PARTS.map((name, at) => [name, { number: numbers[at] as string, id: ids.get(numbers[at] as string) as string }]),
  );
}

/** One transaction that is never tried again: a retry would hide a deadlock. */
async function once<Result>(work: (tx: Tx, context: Context) => Promise<Result>): Promise<Result> {
  let tries = 0;
  return await transact(test, (tx, context) => {
    tries += 1;
    if (tries > 1) throw new Error('a deadlock was met');
    return work(tx, context);
  });
}

async function play(step: Step): Promise<void> {
  documents += 1;
  const document = `S-${documents}`;
  if ('receive' in step) {
    await once((tx, context) =>
      receiveStock(tx, context, {
        document,
        locationCode: step.place,
        businessOn: '2026-03-10',
        lines: step.receive.map((item, index) => ({
          line: index + 1,
          partNumber: parts.get(item.partNumber)?.number as string,
          quantity: String(item.quantity),
          unitCost: `${index}.25`,
          receivedOn: `2026-0${(item.quantity % 3) + 1}-01`,
        })),
      }),
    );
    received = plus(received, sum(step.receive.map(item => decimal(String(item.quantity)))));
    return;
  }
  const wanted = step.lines.map((item, index) => ({
    line: index + 1,
    partId: parts.get(item.partNumber)?.id as string,
    quantity: String(item.quantity),
  }));
  const location = places.get(step.place) as string;
  const got = await once((tx, context) => reserveStock(tx, context, { document, locationId: location, lines: wanted }));
  const held = wanted
    .map(item => ({ ...item, quantity: got.get(item.line) as string }))
    .filter(item => isPositive(decimal(item.quantity)));
  const give = () => once((tx, context) => releaseStock(tx, context, { document, lines: held }));
  const issue = async () => {
    await once((tx, context) =>
      shipStock(tx, context, {
        orderDocument: document,
        document: `${document}D`,
        locationId: location,
        businessOn: '2026-03-10',
        lines: held,
      }),
    );
    shipped = plus(shipped, sum(held.map(item => decimal(item.quantity))));
  };
  if (held.length === 0) return;
  if (step.after === 'release') await give();
  else if (step.after === 'ship') await issue();
  else if (step.after === 'both') await race([give, issue]);
}

/** Both at once: one of them finds nothing left, and says so. */
async function race(works: Array<() => Promise<void>>): Promise<void> {
  const outcomes = await Promise.allSettled(works.map(work => work()));
  const failed = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(failed).toHaveLength(1);
  const [reason] = failed;
  refusals.push(reason instanceof Problem ? reason.code : String(reason.message));
}

it('keeps ledger, levels, lots and reservations equal, without a deadlock', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async list => {
      await freshParts();
      await Promise.all(list.map(play));
      expect(await stockDisagreements(test)).toEqual({});
      const [row] = await query<{ left: string }>(
        test.dependencies.database.reader(),
        'select coalesce(sum(on_hand), 0)::text as left from stock_level',
      );
      expect(row?.left).toBe(toFixed(minus(received, shipped), 3));
    }),
    { numRuns: 12, endOnFailure: true },
  );
  // a lock taken out of order would end as BUSY; only the two losers of a race may have been refused
  expect(new Set(refusals)).not.toContain('BUSY');
  for (const refusal of refusals) expect(refusal).toMatch(/^INSUFFICIENT_STOCK$|holds what it gives back/);
});
