import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CopyRow, copyRows } from '../../src/platform/copy-rows.ts';
import { type Database, openDatabase, query, queryOne, type Tx } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { freshDatabase } from '../support/test-database.ts';

let database: Database;
const transaction = <Result>(work: (tx: Tx) => Promise<Result>) =>
  inTransaction(database, { now: new Date(), statementTimeoutMs: 60_000 }, work);

beforeAll(async () => {
  database = await openDatabase({ url: await freshDatabase(), role: 'service', entities: [], poolMax: 3 });
});
afterAll(() => database.close());

describe('copyRows', () => {
  it('brings every character through, and NULL apart from the empty text', async () => {
    const rows: CopyRow[] = [
      ['1', 'tab\tnewline\nreturn\rboth\r\n'],
      ['2', 'back\\slash \\N \\. \\t \\\\'],
      ['3', '滤清器 🚜 “引号” "quotes" \'single\''],
      ['4', null],
      ['5', ''],
      ['6', '\\N'],
      ['7', '\b\f\v\u0001\u007f\u0085\u2028'],
      ['8', '\\.'],
    ];
    await transaction(async tx => {
      await query(tx, 'create temporary table landed (id integer, cell text) on commit drop');
      expect(await copyRows(tx, 'landed (id, cell)', [rows.slice(0, 3), [], rows.slice(3)])).toBe(rows.length);
      const landed = await query<{ id: string; cell: string | null }>(
        tx,
        'select id::text, cell from landed order by id',
      );
      expect(landed.map(({ id, cell }) => [id, cell])).toEqual(rows);
    });
  });

  it('copies nothing when there is nothing', async () => {
    await transaction(async tx => {
      await query(tx, 'create temporary table landed (id integer) on commit drop');
      expect(await copyRows(tx, 'landed (id)', [])).toBe(0);
    });
  });

  it('copies more than any buffer holds', async () => {
    async function* batches() {
      for (let batch = 0; batch < 100; batch += 1)
        yield Array.from({ length: 2_000 }, (_, at): CopyRow => [String(batch * 2_000 + at), 'x'.repeat(100)]);
    }
    await transaction(async tx => {
      await query(tx, 'create temporary table landed (id integer, cell text) on commit drop');
      expect(await copyRows(tx, 'landed (id, cell)', batches())).toBe(200_000);
      expect(await queryOne(tx, 'select count(*), sum(id) as sum, min(length(cell)) as shortest from landed')).toEqual({
        count: '200000',
        sum: '19999900000',
        shortest: 100,
      });
    });
  });

  it('fails with what the database refused, early or late, and leaves the connection usable', async () => {
    for (const bad of [0, 60_000]) {
      const rows = Array.from(
        { length: 60_001 },
        (_, at): CopyRow => [at === bad ? 'no number' : String(at).padStart(400, '0')],
      );
      await expect(
        transaction(async tx => {
          await query(tx, 'create temporary table landed (id integer) on commit drop');
          await copyRows(tx, 'landed (id)', [rows.slice(0, 30_000), rows.slice(30_000)]);
        }),
      ).rejects.toThrow(/invalid input syntax for type integer/);
    }
    await expect(transaction(tx => copyRows(tx, 'no_such_table', [[['1']]]))).rejects.toThrow(/no_such_table/);
    for (let at = 0; at < 4; at += 1) expect(await queryOne(database.reader(), 'select 1 as one')).toEqual({ one: 1 });
  });

  it('fails with what its source threw, and undoes what came before', async () => {
    async function* batches() {
      yield [['1']];
      await Promise.resolve();
      throw new Error('the file is torn');
    }
    await expect(
      transaction(async tx => {
        await query(tx, 'create temporary table landed (id integer) on commit drop');
        await copyRows(tx, 'landed (id)', batches());
      }),
    ).rejects.toThrow('the file is torn');
    await transaction(async tx => {
      await query(tx, 'create temporary table landed (id integer) on commit drop');
      expect(await copyRows(tx, 'landed (id)', [[['7']]])).toBe(1);
    });
  });
});
