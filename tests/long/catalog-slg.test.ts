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
    /*
     * The list is described with 2,553 supersessions, 76 chains of two, one of three, one loop, 190 missing successors and 802
     * similar numbers. Only `USE <one number>` is read here: 2,530, and 159 of their successors are missing. 42 more begin
     * with USE and go on (`USE 12G815 NEW UNIT`, `USE TKC853 OR TKC853`), or name a word without a digit; read whole, most
     * would wait for ever for numbers that are none, so they are told to a person. One number is there twice, so 801
     * groups of different numbers are similar.
     */
    it('comes in with its supersessions, and tells what is not in order', async () => {
      const { counts, rejected, warned, notices, result } = await load();
      expect(counts).toMatchObject({ read: 34_393, accepted: 34_392, rejected: 1, created: 34_392 });
      expect(rejected).toMatchObject([{ code: 'DUPLICATE_IN_FILE', value: 'AESA1096X4MAH' }]);
      expect(count(warned, 'SUPERSESSION_LOOP')).toBe(1);
      expect(count(warned, 'SUPERSESSION_DANGLING')).toBe(159);
      expect(count(notices, 'SUPERSESSION_NOT_READ')).toBe(42);
      expect(count(notices, 'PART_NUMBER_SIMILAR')).toBe(801);
      expect(result).toMatchObject({
        supersessions: { read: 2_530, loops: 1, dangling: 159, steps: { 1: 2_454, 2: 74, 3: 1 } },
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
