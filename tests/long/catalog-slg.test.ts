import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemContext } from '../../src/access/index.ts';
import { catalogChecks, partsImport } from '../../src/catalog/index.ts';
import { type ImportOutcome, openImportSource, runImport } from '../../src/exchange/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'pricelist-slg-classic-car-parts.csv');
const CONTEXT = systemContext('specialist', new Date('2026-03-10T02:00:00Z'), '2026-03-10');

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

async function load(): Promise<ImportOutcome> {
  const source = await openImportSource(FILE, partsImport.columns, { fileName: 'pricelist.csv' });
  return await runImport(test.dependencies, partsImport, source, {}, CONTEXT, { apply: true });
}

function count(findings: ImportOutcome['rejected'], code: string): number {
  return findings.filter(finding => finding.code === code).length;
}

describe.skipIf(!existsSync(FILE))(
  'the whole price list of classic car parts (skipped where ../shared/data is missing)',
  () => {
    // the figures the list is described with; one number is there twice, so one row is rejected and 801 groups of different numbers are similar
    it('comes in with its supersessions, and tells what is not in order', async () => {
      const { counts, rejected, warned, notices, result } = await load();
      expect(counts).toMatchObject({ read: 34_393, accepted: 34_392, rejected: 1, created: 34_392 });
      expect(rejected).toMatchObject([{ code: 'DUPLICATE_IN_FILE', value: 'AESA1096X4MAH' }]);
      expect(count(warned, 'SUPERSESSION_LOOP')).toBe(1);
      expect(count(warned, 'SUPERSESSION_DANGLING')).toBe(190);
      expect(count(notices, 'SUPERSESSION_NOT_READ')).toBe(37);
      expect(count(notices, 'PART_NUMBER_SIMILAR')).toBe(801);
      expect(result).toMatchObject({
        supersessions: { read: 2_553, loops: 1, dangling: 190, steps: { 1: 2_475, 2: 76, 3: 1 } },
      });
      for (const check of catalogChecks) expect(await check.run(test.dependencies.database.reader(), 10)).toEqual([]);
    });

    it('brought again changes nothing', async () => {
      expect((await load()).counts).toMatchObject({
        read: 34_393,
        accepted: 34_392,
        created: 0,
        changed: 0,
        unchanged: 34_392,
      });
    });
  },
);
