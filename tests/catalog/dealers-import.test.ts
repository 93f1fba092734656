import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemContext } from '../../src/access/index.ts';
import { dealersImport } from '../../src/catalog/index.ts';
import { type ImportOptions, type ImportOutcome, openImportSource, runImport } from '../../src/exchange/index.ts';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

const CONTEXT = systemContext('specialist', new Date('2026-03-10T02:00:00Z'), '2026-03-10');
const HEADER = '经销商编码,类型,经销商名称,英文名称,币种,区域,结算方式,信用额度,级别,统一社会信用代码';

let test: TestApp;
let folder: string;
beforeAll(async () => {
  test = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), 'partledger-dealers-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await test.close();
});

async function load(lines: readonly string[], options: ImportOptions = {}, apply = true): Promise<ImportOutcome> {
  const path = join(folder, 'dealers.csv');
  await writeFile(path, lines.join('\n'));
  const source = await openImportSource(path, dealersImport.columns, { fileName: 'dealers.csv' });
  return await runImport(test.dependencies, dealersImport, source, options, CONTEXT, { apply });
}
const stored = async (code: string) => (await (await test.as('parts_specialist')).get(`/v1/dealers/${code}`)).body;

const FILE = [
  HEADER,
  'D1,经销商,杭州农机,Hangzhou Machinery,CNY,east,月结,50000,A,91330100799655058B',
  'D2,授权维修机构,合肥服务站,,,,,,,',
];

describe('a file of dealers', () => {
  it('makes them with their accounts, their terms and their level', async () => {
    expect((await load(FILE, {}, false)).counts).toMatchObject({ read: 2, accepted: 2, created: 2 });
    expect((await stored('D1')).code).toBe('DEALER_NOT_FOUND');
    expect((await load(FILE, { levelFrom: '2026-01-01' })).counts).toMatchObject({ created: 2, rejected: 0 });
    expect(await stored('D1')).toEqual({
      code: 'D1',
      dealerKind: 'dealer',
      nameZh: '杭州农机',
      nameEn: 'Hangzhou Machinery',
      currency: 'CNY',
      zone: 'east',
      terms: 'monthly',
      creditLimit: '50000.00',
      creditCode: '91330100799655058B',
      level: 'A',
      active: true,
      version: 1,
    });
    expect(await stored('D2')).toMatchObject({
      dealerKind: 'authorised_service_station',
      terms: 'per_order',
      currency: 'CNY',
      level: null,
    });
    const accounts = await query(
      test.dependencies.database.reader(),
      'select d.code, a.currency from dealer_account a join dealer d on d.id = a.dealer_id order by 1',
    );
    expect(accounts).toEqual([
      { code: 'D1', currency: 'CNY' },
      { code: 'D2', currency: 'CNY' },
    ]);
  });

  it('brought again changes nothing and says so', async () => {
    const { counts, result } = await load(FILE);
    expect(counts).toMatchObject({ read: 2, accepted: 2, created: 0, changed: 0, unchanged: 2 });
    expect(result['message']).toMatch(/Nothing changed/);
  });

  it('changes what it says, and leaves what it says nothing of', async () => {
    const { counts } = await load([HEADER, 'D1,,,,,,,60000.5,B,', 'D2,,,,,,,,,', 'D3,直营分店,直营店,,USD,,,,,']);
    expect(counts).toMatchObject({ created: 1, changed: 1, unchanged: 1 });
    expect(await stored('D1')).toMatchObject({
      nameZh: '杭州农机',
      creditLimit: '60000.50',
      level: 'B',
      creditCode: '91330100799655058B',
      version: 2,
    });
    expect(await stored('D3')).toMatchObject({ dealerKind: 'own_branch', currency: 'USD' });
    const [entry] = await query(
      test.dependencies.database.reader(),
      `select before ->> 'creditLimit' as before, after ->> 'creditLimit' as after from audit_entry where subject_id = 'D1' and action = 'dealer.changed'`,
    );
    expect(entry).toEqual({ before: '50000.00', after: '60000.50' });
  });

  it('loses no line: each that cannot stand has the first reason that holds', async () => {
    const { counts, rejected } = await load([
      HEADER,
      ',,无码,,,,,,,',
      'a b,,名,,,,,,,',
      'R3,,,,,,,,,',
      'R4,批发商,名,,,,,,,',
      'R5,,名,,人民币,,,,,',
      'R6,,名,,,,年结,,,',
      'R7,,名,,,,,-1,,',
      'R8,,名,,,,,,甲级,',
      'R9,,名,,,,,,,91330100799655058A',
      'R10,,名,,,,,,,',
      'R10,,名,,,,,,,',
      'D1,,,,USD,,,,,',
    ]);
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'DEALER_CODE_MISSING'],
      [3, 'DEALER_CODE_INVALID'],
      [4, 'NAME_MISSING'],
      [5, 'DEALER_KIND_UNKNOWN'],
      [6, 'CURRENCY_INVALID'],
      [7, 'TERMS_UNKNOWN'],
      [8, 'CREDIT_LIMIT_INVALID'],
      [9, 'LEVEL_INVALID'],
      [10, 'CREDIT_CODE_INVALID'],
      [12, 'DUPLICATE_IN_FILE'],
      [13, 'DEALER_CURRENCY'],
    ]);
    expect(counts).toMatchObject({ read: 12, accepted: 1, rejected: 11, created: 1 });
  });

  it('starts no level before one that is known, nor in the past', async () => {
    const { rejected } = await load([HEADER, 'D1,,,,,,,,C,'], { levelFrom: '2026-02-01' });
    expect(rejected).toMatchObject([{ line: 2, code: 'DEALER_LEVEL_NOT_LATER' }]);
    expect(await stored('D1')).toMatchObject({ level: 'B' });
    await expect(load(FILE, { levelFrom: '2026-02-30' })).rejects.toMatchObject({ code: 'BUSINESS_DATE_INVALID' });
  });
});
