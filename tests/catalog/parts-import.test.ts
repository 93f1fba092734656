import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemContext } from '../../src/access/index.ts';
import { catalogChecks, partsImport } from '../../src/catalog/index.ts';
import { type ImportOptions, type ImportOutcome, openImportSource, runImport } from '../../src/exchange/index.ts';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const EXCERPT = join(import.meta.dirname, '..', 'fixtures', 'parts', 'slg-excerpt.csv');
const CONTEXT = systemContext('specialist', new Date('2026-03-10T02:00:00Z'), '2026-03-10');

let test: TestApp;
let folder: string;
beforeAll(async () => {
  test = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), 'partledger-parts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await test.close();
});

async function loadFile(path: string, options: ImportOptions = {}, apply = true): Promise<ImportOutcome> {
  const source = await openImportSource(path, partsImport.columns, { fileName: 'parts.csv' });
  return await runImport(test.dependencies, partsImport, source, options, CONTEXT, { apply });
}

async function load(lines: readonly string[], options: ImportOptions = {}): Promise<ImportOutcome> {
  const path = join(folder, 'parts.csv');
  await writeFile(path, lines.join('\n'));
  return await loadFile(path, options);
}

const codesOf = (findings: ImportOutcome['rejected']) => findings.map(({ line, code }) => [line, code]);

async function rowsOf<Row>(sql: string): Promise<Row[]> {
  return await query<Row>(test.dependencies.database.reader(), sql);
}

async function disagreements() {
  const found = [];
  for (const check of catalogChecks) found.push(...(await check.run(test.dependencies.database.reader(), 10)));
  return found;
}

describe('a price list without prices', () => {
  it('is only looked at by a check', async () => {
    expect((await loadFile(EXCERPT, {}, false)).counts).toMatchObject({ read: 58, accepted: 57, created: 57 });
    expect(await rowsOf('select 1 from part limit 1')).toEqual([]);
  });

  it('makes its parts, and links those whose description is a supersession', async () => {
    const outcome = await loadFile(EXCERPT);
    expect(outcome.counts).toMatchObject({
      read: 58,
      accepted: 57,
      rejected: 1,
      created: 57,
      changed: 0,
      unchanged: 0,
    });
    const chain = await rowsOf(
      `select p.part_number as part, s.successor_number as successor, s.successor_id is not null as linked
       from supersession s join part p on p.id = s.part_id where p.part_number in ('433-415', '433-418', '433-419', '1H727', '156607') order by 1`,
    );
    expect(chain).toEqual([
      { part: '156607', successor: 'ERC2042', linked: false },
      { part: '1H727', successor: '12H797', linked: true },
      { part: '433-415', successor: '433-418', linked: true },
      { part: '433-418', successor: '433-419', linked: true },
      { part: '433-419', successor: '433-421', linked: true },
    ]);
    expect(await rowsOf(`select name_en, part_class, unit from part where part_number = '433-415'`)).toEqual([
      { name_en: 'USE 433-418', part_class: 'functional', unit: 'piece' },
    ]);
    expect(await disagreements()).toEqual([]);
  });

  it('brought again changes nothing, and still tells what is not in order', async () => {
    const { counts, rejected, warned, notices } = await loadFile(EXCERPT);
    expect(counts).toMatchObject({ read: 58, accepted: 57, created: 0, changed: 0, unchanged: 57 });
    expect(rejected).toMatchObject([{ code: 'DUPLICATE_IN_FILE', value: 'AESA1096X4MAH' }]);
    expect(warned.filter(({ code }) => code === 'SUPERSESSION_LOOP')).toMatchObject([
      { value: 'MRAC30A', numbers: ['MRAC30A'] },
    ]);
    const dangling = warned.filter(({ code }) => code === 'SUPERSESSION_DANGLING').map(({ value }) => value);
    expect(dangling.sort()).toEqual(
      ['061917', '105626SR', '12G815 NEW UNIT', '149379SR', '152770', '908114Z', 'ERC2042', 'TKC853 OR TKC853'].sort(),
    );
    const similar = notices.filter(({ code }) => code === 'PART_NUMBER_SIMILAR').map(notice => notice['numbers']);
    expect(similar).toContainEqual(expect.arrayContaining(['152140', '152-140']));
    expect(similar).toHaveLength(3);
    const unread = notices.filter(({ code }) => code === 'SUPERSESSION_NOT_READ').map(({ value }) => value);
    expect(unread.sort()).toEqual([
      'BOLT USE WITH 105313',
      'NCA  USE 12H165/010',
      'NOW USE 489-020',
      'PLEASE USE 3H2865',
      'USE LFK317 & PMA50',
      'Use',
    ]);
    expect(
      await rowsOf(`select 1 from supersession s join part p on p.id = s.part_id where p.part_number = 'MRAC30A'`),
    ).toEqual([]);
  });

  it('links whoever waits for a number when it comes', async () => {
    await load(['part number,description', 'ERC2042,SEAL']);
    expect(
      await rowsOf(`select successor_id is not null as linked from supersession where successor_number = 'ERC2042'`),
    ).toEqual([{ linked: true }]);
  });
});

describe('a file of parts', () => {
  const header = '配件编码,配件名称,name_en,类别,单位,税收分类编码,重量,包装数量,可服务配件标识,成本,替代件';
  const goods = '1090220990000000000';

  it('brings every fact of a part, in Chinese or English words', async () => {
    const { counts, rejected } = await load(
      [header, `A/1 B,滤芯,Filter,易损件,套,${goods},1.85,4,是,12.5,`, 'A2,机油,,标准件,升,,,0.5,否,,'],
      {
        costFrom: '2026-01-01',
      },
    );
    expect(rejected).toEqual([]);
    expect(counts).toMatchObject({ created: 2 });
    expect(
      await rowsOf(
        `select p.part_number, name_zh, name_en, part_class, unit, goods_code, weight_kg, pack_quantity, serviceable, c.cost, c.from_on
         from part p left join part_cost c on c.part_id = p.id where part_number in ('A/1 B', 'A2') order by 1`,
      ),
    ).toEqual([
      {
        part_number: 'A/1 B',
        name_zh: '滤芯',
        name_en: 'Filter',
        part_class: 'wear',
        unit: 'set',
        goods_code: goods,
        weight_kg: '1.850',
        pack_quantity: '4.000',
        serviceable: true,
        cost: '12.5000',
        from_on: '2026-01-01',
      },
      expect.objectContaining({
        part_class: 'standard',
        unit: 'litre',
        pack_quantity: '0.500',
        serviceable: false,
        cost: null,
      }),
    ]);
  });

  it('changes what it says, and leaves what it says nothing of', async () => {
    const lines = ['part_number,name_en,cost', 'A/1 B,Oil filter,13', 'A2,,'];
    expect((await load(lines)).counts).toMatchObject({ accepted: 2, changed: 1, unchanged: 1 });
    expect((await load(lines)).counts).toMatchObject({ accepted: 2, changed: 0, unchanged: 2 });
    expect(await rowsOf(`select name_zh, name_en, unit from part where part_number = 'A/1 B'`)).toEqual([
      { name_zh: '滤芯', name_en: 'Oil filter', unit: 'set' },
    ]);
  });

  it('loses no line: each that cannot stand has the first reason that holds', async () => {
    const { counts, rejected } = await load([
      header,
      ',无号,,,,,,,,,',
      `${'9'.repeat(65)},长号,,,,,,,,,`,
      'R3,,,,,,,,,,',
      'R4,名,,黄金件,,,,,,,',
      'R5,名,,,桶,,,,,,',
      'R6,名,,,,123,,,,,',
      'R7,名,,,,,-1,,,,',
      'R8,名,,,,,,0,,,',
      'R9,名,,,,,,1.5,,,',
      'R10,名,,,,,,,也许,,',
      'R11,名,,,,,,,,1e3,',
      'R12,名,,,,,,,,,',
      'R12,别名,,,,,,,,,',
    ]);
    expect(codesOf(rejected)).toEqual([
      [2, 'PART_NUMBER_MISSING'],
      [3, 'PART_NUMBER_INVALID'],
      [4, 'NAME_MISSING'],
      [5, 'CLASS_UNKNOWN'],
      [6, 'UNIT_UNKNOWN'],
      [7, 'GOODS_CODE_INVALID'],
      [8, 'WEIGHT_INVALID'],
      [9, 'PACK_INVALID'],
      [10, 'PACK_NOT_WHOLE'],
      [11, 'SERVICEABLE_INVALID'],
      [12, 'COST_INVALID'],
      [14, 'DUPLICATE_IN_FILE'],
    ]);
    expect(counts).toMatchObject({ read: 13, accepted: 1, rejected: 12, created: 1 });
  });

  it('stores no step of a loop, also with one that stands already', async () => {
    const head = 'part_number,name_en,successor';
    await load([head, 'L1,one,L2', 'L2,two,']);
    const { warned } = await load([head, 'L2,two,L3', 'L3,three,L1', 'L4,four,L1']);
    expect(warned.map(({ code, value }) => [code, value])).toEqual([
      ['SUPERSESSION_LOOP', 'L3'],
      ['SUPERSESSION_LOOP', 'L1'],
    ]);
    expect(
      await rowsOf(
        `select p.part_number as part, s.successor_number as successor from supersession s join part p on p.id = s.part_id
         where p.part_number like 'L_' order by 1`,
      ),
    ).toEqual([
      { part: 'L1', successor: 'L2' },
      { part: 'L4', successor: 'L1' },
    ]);
    expect(await disagreements()).toEqual([]);
  });
});
