import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImportSource } from '../../src/exchange/index.ts';
import { stockImport } from '../../src/inventory/index.ts';
import { query } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, stockDisagreements, transact } from './stock-builder.ts';

let test: TestApp;
let folder: string;
beforeAll(async () => {
  test = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), 'partledger-opening-'));
  await addParts(test, [
    { partNumber: 'A' },
    { partNumber: 'B' },
    { partNumber: 'OIL', unit: 'litre' },
    { partNumber: 'ECU', partClass: 'core' },
  ]);
  const specialist = await test.as('parts_specialist');
  await specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' });
  await specialist.post('/v1/locations', { code: 'PLANT', kind: 'factory', nameZh: '工厂' });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await test.close();
});

async function load(...rows: string[]) {
  const path = join(folder, 'stock.csv');
  await writeFile(path, ['配件号,仓库,数量,单位成本,首次入库日期', ...rows].join('\n'));
  const source = await openImportSource(path, stockImport.columns, { fileName: 'stock.csv' });
  return await transact(test, (tx, context) => stockImport.run(tx, context, source, {}));
}

const levels = async () =>
  await query(
    test.dependencies.database.reader(),
    `select l.code, p.part_number as part, s.on_hand from stock_level s join location l on l.id = s.location_id join part p on p.id = s.part_id order by 1, 2`,
  );

describe('opening stock', () => {
  const file = [
    'A,WH1,10,2.5,2025-01-31',
    'A,WH1,4,2.75,2025/6/1',
    'OIL,WH1,12.5,8,2026-01-01',
    'ECU,PLANT,1,900,2024-12-01',
  ];

  it('comes in as lots with their first receipt, and every figure agrees', async () => {
    expect(await load(...file)).toMatchObject({
      counts: { read: 4, accepted: 4, created: 4, rejected: 0 },
      rejected: [],
    });
    expect(await levels()).toEqual([
      { code: 'PLANT', part: 'ECU', on_hand: '1.000' },
      { code: 'WH1', part: 'A', on_hand: '14.000' },
      { code: 'WH1', part: 'OIL', on_hand: '12.500' },
    ]);
    const auditor = await test.as('auditor');
    const { items } = (await auditor.get('/v1/stock-entries?document=OPENING-WH1&partNumber=A')).body;
    expect(items.map((item: { lotReceivedOn: string }) => item.lotReceivedOn).sort()).toEqual([
      '2025-01-31',
      '2025-06-01',
    ]);
    expect(items[0]).toMatchObject({ documentKind: 'opening', businessOn: '2026-03-10', fromLocationCode: 'SUPPLIER' });
    expect(await stockDisagreements(test)).toEqual({});
  });

  it('brought again changes nothing and says so', async () => {
    expect((await load(...file)).counts).toMatchObject({ read: 4, accepted: 4, created: 0, unchanged: 4, rejected: 0 });
    expect((await load(...file, 'B,WH1,1,1,2025-01-31')).counts).toMatchObject({ created: 1, unchanged: 4 });
    expect(await levels()).toContainEqual({ code: 'WH1', part: 'A', on_hand: '14.000' });
    expect(await stockDisagreements(test)).toEqual({});
  });

  it('loses no line: each that cannot stand is listed with its first reason', async () => {
    const { counts, rejected } = await load(
      'NONE,WH1,1,1,2025-01-31',
      'A,NOWHERE,1,1,2025-01-31',
      'A,CUSTOMER,1,1,2025-01-31',
      'A,WH1,1.5,1,2025-02-01',
      'A,WH1,0,1,2025-02-01',
      'A,WH1,viele,1,2025-02-01',
      'A,WH1,1,-1,2025-02-01',
      'A,WH1,1,1.23456,2025-02-01',
      'A,WH1,1,1,2025-02-30',
      'A,WH1,1,1,2026-03-11',
      'ECU,WH1,1,1,2025-02-01',
      'A,WH1,11,2.5,2025-01-31',
      'B,WH1,1,1,2025-02-02',
      'B,WH1,2,1,2025-02-02',
    );
    expect(counts).toMatchObject({ read: 14, accepted: 1, rejected: 13, created: 1 });
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'PART_NOT_FOUND'],
      [3, 'LOCATION_NOT_FOUND'],
      [4, 'LOCATION_NOT_RECEIVING'],
      [5, 'QUANTITY_NOT_WHOLE'],
      [6, 'QUANTITY_NOT_POSITIVE'],
      [7, 'DECIMAL_INVALID'],
      [8, 'COST_NEGATIVE'],
      [9, 'DECIMAL_SCALE_EXCEEDED'],
      [10, 'BUSINESS_DATE_INVALID'],
      [11, 'RECEIPT_DATE_INVALID'],
      [12, 'CORE_PART_BLOCKED'],
      [13, 'OPENING_STOCK_DIFFERS'],
      [15, 'ROW_REPEATED'],
    ]);
    expect(rejected[1]).toMatchObject({ column: 'locationCode', value: 'NOWHERE' });
    expect(await stockDisagreements(test)).toEqual({});
  });

  it('may be brought by two people at once', async () => {
    const rows = Array.from(
      { length: 50 },
      (_, index) => `A,WH1,1,1,2023-01-${String((index % 28) + 1).padStart(2, '0')}`,
    ).slice(0, 28);
    const outcomes = await Promise.all([load(...rows), load(...rows)]);
    expect(outcomes.map(({ counts }) => counts.created).sort()).toEqual([0, 28]);
    expect(await stockDisagreements(test)).toEqual({});
  });
});
