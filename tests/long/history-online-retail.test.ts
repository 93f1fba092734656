/** The whole UCI file, where ../shared is there: loaded, closed month by month, exported, and summed once more in another way. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStatements, settlementChecks } from '../../src/settlement/index.ts';
import { inCents, type Month, sumsOf } from '../settlement/independent-sum.ts';
import { close, importHistory, ledgerCounts, select } from '../settlement/ledger.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'online-retail-2010-12_2011-06.csv.gz');
const MONTHS = ['2010-12', '2011-01', '2011-02', '2011-03', '2011-04', '2011-05', '2011-06'];
const OPTIONS = { createMissing: true, currency: 'GBP' };
const MINUTES = 60_000;

let test: TestApp;
let packed: Buffer;
let sums: Map<string, Month>;
let folder: string;

describe.skipIf(!existsSync(FILE))('245,903 lines of history', () => {
  beforeAll(async () => {
    test = await openTestApp();
    folder = await mkdtemp(join(tmpdir(), 'partledger-export-'));
    packed = await readFile(FILE);
    sums = sumsOf(gunzipSync(packed).toString('utf8'));
  });
  afterAll(async () => {
    await test.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'are all accounted for: read = accepted + rejected, each rejected one with its first reason',
    async () => {
      const checked = await importHistory(test, packed, OPTIONS, false);
      const applied = await importHistory(test, packed, OPTIONS);
      expect(applied).toEqual({ ...checked, applied: true });
      expect(applied.counts).toEqual({
        read: 245_903,
        accepted: 176_876,
        rejected: 69_027,
        warned: 1_986,
        created: 176_876,
        changed: 0,
        unchanged: 0,
      });
      const countOf = (wanted: string) => applied.rejected.filter(({ code }) => code === wanted).length;
      expect([countOf('DEALER_MISSING'), countOf('PRICE_NOT_POSITIVE')]).toEqual([69_014, 13]);
      expect([...sums.values()].reduce((total, { lines }) => total + lines, 0)).toBe(176_876);
    },
    10 * MINUTES,
  );

  it(
    'close month by month, and every statement is the independent sum',
    async () => {
      for (const month of MONTHS) await close(test, month);
      const statements = await select<{ key: string; dealer: string; opening: string; closing: string; lines: number }>(
        test,
        `select d.code || ' ' || f.name as key, d.code as dealer, s.opening, s.closing, s.line_count as lines
         from statement_of_account s join dealer d on d.id = s.dealer_id join fiscal_period f on f.id = s.period_id order by f.first_on`,
      );
      const balances = new Map<string, bigint>();
      const differing: unknown[] = [];
      const left = new Set(sums.keys());
      for (const { key, dealer, opening, closing, lines } of statements) {
        const { movements, lines: summed } = sums.get(key) ?? { movements: 0n, lines: 0 };
        const before = balances.get(dealer) ?? 0n;
        balances.set(dealer, before + movements);
        left.delete(key);
        if (inCents(opening) !== before || inCents(closing) !== before + movements || lines !== summed)
          differing.push(key);
      }
      expect(differing).toEqual([]);
      expect([...left]).toEqual([]);
      for (const { name, run } of settlementChecks) {
        expect({ name, found: await run(test.dependencies.database.reader(), 5) }).toEqual({ name, found: [] });
      }
    },
    10 * MINUTES,
  );

  it(
    'leave as CSV files, each hashing to its statement',
    async () => {
      for (const period of MONTHS) {
        const outDir = join(folder, period);
        await exportStatements({ database: test.dependencies.database, period, format: 'csv', outDir });
        const rows = await select<{ number: string; hash: string }>(
          test,
          `select s.number, s.content_hash as hash from statement_of_account s join fiscal_period f on f.id = s.period_id where f.name = $1`,
          [period],
        );
        const hashes = new Map(rows.map(({ number, hash }) => [number, hash]));
        for (const name of await readdir(outDir)) {
          const bytes = await readFile(join(outDir, name));
          const number = name
            .replace(/\.csv$/, '')
            .split('_')
            .at(-1) as string;
          expect(createHash('sha256').update(bytes).digest('hex')).toBe(hashes.get(number));
          hashes.delete(number);
        }
        expect(hashes.size).toBe(0);
      }
    },
    10 * MINUTES,
  );

  it(
    'change nothing the second time, also after the months are closed',
    async () => {
      const before = await ledgerCounts(test);
      const again = await importHistory(test, packed, OPTIONS);
      expect(again.counts).toMatchObject({ accepted: 176_876, rejected: 69_027, created: 0, unchanged: 176_876 });
      expect(again.result['message']).toMatch(/^Nothing changed/);
      expect(await ledgerCounts(test)).toEqual(before);
    },
    10 * MINUTES,
  );
});
