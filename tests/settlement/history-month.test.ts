import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportStatements } from '../../src/settlement/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { inCents, sumsOf } from './independent-sum.ts';
import { close, importHistory, select } from './ledger.ts';

const MONTHS = ['2010-12', '2011-01', '2011-02', '2011-03', '2011-04', '2011-05', '2011-06'];

let test: TestApp;
let excerpt: string;
let folder: string;
beforeAll(async () => {
  test = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), 'partledger-export-'));
  excerpt = await readFile(join(import.meta.dirname, '..', 'fixtures', 'history', 'online-retail-excerpt.csv'), 'utf8');
  await importHistory(test, excerpt, { createMissing: true, currency: 'GBP' });
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the past of a firm', () => {
  it('closes month by month, in order only', async () => {
    await expect(close(test, '2011-01')).rejects.toMatchObject({ code: 'PERIOD_EARLIER_OPEN' });
    for (const month of MONTHS) expect(await close(test, month)).toMatchObject({ period: month });
  });

  it('stands on each dealer’s statement as an independent sum over the file has it, month by month', async () => {
    const expected = sumsOf(excerpt);
    const statements = await select<Statement>(test, STATEMENTS);
    const balances = new Map<string, bigint>();
    let compared = 0;
    for (const { dealer, period, opening, movements, closing, lines } of statements) {
      const sum = expected.get(`${dealer} ${period}`) ?? { movements: 0n, lines: 0 };
      const balance = balances.get(dealer) ?? 0n;
      expect({
        dealer,
        period,
        opening: inCents(opening),
        movements: inCents(movements),
        closing: inCents(closing),
        lines,
      }).toEqual({
        dealer,
        period,
        opening: balance,
        movements: sum.movements,
        closing: balance + sum.movements,
        lines: sum.lines,
      });
      balances.set(dealer, balance + sum.movements);
      if (expected.delete(`${dealer} ${period}`)) compared += 1;
    }
    expect(expected.size).toBe(0);
    expect(compared).toBeGreaterThan(20);
  });

  it('leaves as CSV whose bytes are the content hash and whose lines sum to the same', async () => {
    const expected = sumsOf(excerpt);
    for (const period of MONTHS) {
      const outDir = join(folder, period);
      const { files } = await exportStatements({ database: test.dependencies.database, period, format: 'csv', outDir });
      const names = await readdir(outDir);
      expect(names).toHaveLength(files);
      for (const name of names) {
        const bytes = await readFile(join(outDir, name));
        const [, dealer = '', number = ''] = name.replace(/\.csv$/, '').split('_');
        const [row] = await select<{ content_hash: string }>(
          test,
          'select content_hash from statement_of_account where number = $1',
          [number],
        );
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(row?.content_hash);
        const rows = bytes.toString().trimEnd().split('\n').slice(1);
        const gross = rows.map(line => inCents(line.split(',').at(-2) as string)).reduce((a, b) => a + b, 0n);
        expect(gross).toBe(expected.get(`${dealer} ${period}`)?.movements ?? 0n);
      }
    }
  });
});

type Statement = { dealer: string; period: string; opening: string; movements: string; closing: string; lines: number };
const STATEMENTS = `select d.code as dealer, f.name as period, s.opening, s.movements, s.closing, s.line_count as lines
  from statement_of_account s join dealer d on d.id = s.dealer_id join fiscal_period f on f.id = s.period_id order by f.first_on, d.code`;
