import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportStatements, exportStatements } from '../../src/settlement/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, makeDealer, makePart, post, select, tamper } from './ledger.ts';

let test: TestApp;
let outDir: string;
beforeAll(async () => {
  test = await openTestApp();
  outDir = await mkdtemp(join(tmpdir(), 'partledger-export-'));
  const part = await makePart(test, 'P1');
  for (const code of ['A', 'B', 'C']) {
    const dealer = await makeDealer(test, code);
    await post(test, dealer, `D-${code}`, '2026-01-10', [charge(part, { textZh: '=滤清器', textEn: 'Filter, "big"' })]);
  }
  await post(test, await makeDealer(test, 'D'), 'D-D', '2026-02-10', [charge(part)]);
  await close(test, '2026-01');
});
afterAll(async () => {
  await test.close();
  await rm(outDir, { recursive: true, force: true });
});

const run = (over: Partial<ExportStatements>) =>
  exportStatements({ database: test.dependencies.database, period: '2026-01', format: 'csv', outDir, ...over });

describe('the export of a period', () => {
  it('writes one file a statement, and the CSV is what was hashed', async () => {
    const progress: Array<[number, number]> = [];
    const onProgress = (done: number, total: number) => progress.push([done, total]);
    expect(await run({ onProgress })).toEqual({ period: '2026-01', format: 'csv', files: 3, lines: 3 });
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect((await readdir(outDir)).sort()).toEqual(['A', 'B', 'C'].map(code => `2026-01_${code}_S2026-01-${code}.csv`));
    for (const { number, hash, code } of await select<{ number: string; hash: string; code: string }>(
      test,
      'select s.number, s.content_hash as hash, d.code from statement_of_account s join dealer d on d.id = s.dealer_id',
    )) {
      const bytes = await readFile(join(outDir, `2026-01_${code}_${number}.csv`));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
    }
  });

  it('writes into a new folder, in both languages, and one dealer’s alone', async () => {
    const folder = join(outDir, 'new', 'folder');
    expect(await run({ format: 'xlsx', language: 'en', dealerCode: 'B', outDir: folder })).toMatchObject({ files: 1 });
    expect(await run({ format: 'pdf', dealerCode: 'B', outDir: folder })).toMatchObject({ files: 1 });
    const names = await readdir(folder);
    expect(names.sort()).toEqual(['2026-01_B_S2026-01-B.pdf', '2026-01_B_S2026-01-B.xlsx']);
    expect((await readFile(join(folder, names[0] as string))).subarray(0, 5).toString()).toBe('%PDF-');
    expect((await readFile(join(folder, names[1] as string))).subarray(0, 2).toString()).toBe('PK');
  });

  it('calls dealer and firm what they were called when it was frozen', async () => {
    const file = () =>
      run({ format: 'pdf', dealerCode: 'C', outDir }).then(() => readFile(join(outDir, '2026-01_C_S2026-01-C.pdf')));
    const before = await file();
    await tamper(
      test,
      `update dealer set name_zh = 'Renamed', version = 2 where code = 'C'`,
      `update firm set name_zh = 'Renamed'`,
    );
    expect((await file()).equals(before)).toBe(true);
  });

  it('replaces what stood there and leaves nothing half-written', async () => {
    const folder = join(outDir, 'again');
    await run({ outDir: folder });
    await writeFile(join(folder, '2026-01_A_S2026-01-A.csv'), 'old');
    await run({ outDir: folder });
    expect(await readFile(join(folder, '2026-01_A_S2026-01-A.csv'), 'utf8')).toMatch(/^dealer,period/);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('is refused before the period is closed, for nobody’s dealer, and for no period', async () => {
    await expect(run({ period: '2026-02' })).rejects.toMatchObject({ code: 'STATEMENTS_NOT_FROZEN' });
    await expect(run({ period: '2025-01' })).rejects.toMatchObject({ code: 'PERIOD_NOT_FOUND' });
    await expect(run({ dealerCode: 'NOBODY' })).rejects.toMatchObject({ code: 'DEALER_NOT_FOUND' });
    expect(await run({ dealerCode: 'D' })).toMatchObject({ files: 0 });
  });

  it('is refused for rows that were altered after they were frozen', async () => {
    const folder = join(outDir, 'altered');
    await tamper(test, `update statement_line set gross = gross + 1, net = net + 1 where document = 'D-B'`);
    for (const format of ['csv', 'pdf', 'xlsx'] as const) {
      await expect(run({ format, dealerCode: 'B', outDir: folder })).rejects.toMatchObject({
        code: 'STATEMENT_ALTERED',
        facts: { number: 'S2026-01-B' },
      });
    }
    expect(await readdir(folder)).toEqual([]);
    const finance = await test.as('finance');
    expect(await finance.get('/v1/statements/S2026-01-B/file?format=pdf')).toMatchObject({
      status: 409,
      body: { code: 'STATEMENT_ALTERED' },
    });
  });
});
