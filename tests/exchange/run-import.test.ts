import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemContext } from '../../src/access/index.ts';
import { describeImport, importFile, importFlags, importHelp, importOptions } from '../../src/exchange/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { makeWidgetTable, widgetImport } from './widget-import.ts';

let test: TestApp;
let folder: string;
beforeAll(async () => {
  test = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), 'partledger-import-'));
  await makeWidgetTable(test.ownerUrl);
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const context = () => systemContext('test', new Date('2026-03-10T02:00:00Z'), '2026-03-10');

async function load(text: string, apply: boolean, options = {}) {
  const path = join(folder, 'widgets.csv');
  await writeFile(path, text);
  const { database } = test.dependencies;
  return await importFile({ database, kind: widgetImport, path, options, context: context(), apply });
}

const FILE = 'code,name,quantity\nA,one,1\nB,two,x\nC,three,0\nD\nE,"five\nlines",5\n';

describe('an import', () => {
  it('is checked without leaving anything, then loaded with the very same outcome', async () => {
    const checked = await load(FILE, false);
    expect(checked).toEqual({
      ok: true,
      applied: false,
      counts: { read: 5, accepted: 3, rejected: 2, warned: 1, created: 3, changed: 0, unchanged: 0 },
      rejected: [
        { line: 3, code: 'QUANTITY_INVALID', column: 'quantity', value: 'x' },
        { line: 5, code: 'ROW_CELLS', expected: 3, found: 1 },
      ],
      warned: [{ line: 4, code: 'QUANTITY_ZERO' }],
      notices: [],
      result: { widgets: 3 },
    });
    const count = 'select (select count(*) from widget) as widgets, (select count(*) from event) as events';
    expect(await queryOne(test.dependencies.database.reader(), count)).toEqual({ widgets: '0', events: '0' });
    expect(await load(FILE, true)).toEqual({ ...checked, applied: true });
    const audit = `select actor, subject_id as file, after->'counts' as counts from audit_entry where action = 'import.applied'`;
    expect(await query(test.dependencies.database.reader(), audit)).toEqual([
      { actor: 'system:test', file: 'widgets.csv', counts: checked.counts },
    ]);
    expect(await queryOne(test.dependencies.database.reader(), count)).toEqual({ widgets: '3', events: '1' });
  });

  it('of the same file again changes nothing and says so', async () => {
    const audit = 'select count(*) as entries from audit_entry';
    const before = await queryOne(test.dependencies.database.reader(), audit);
    expect(await load(FILE, true)).toMatchObject({
      counts: { read: 5, accepted: 3, rejected: 2, created: 0, unchanged: 3 },
    });
    expect(await queryOne(test.dependencies.database.reader(), audit)).toEqual(before);
  });

  it('refuses in the check what only a commit would refuse', async () => {
    await expect(load('code,name,quantity\ntwin,x,1\n', false)).rejects.toThrow(/widget_twin/);
    expect(await query(test.dependencies.database.reader(), `select 1 from widget where code = 'twin'`)).toEqual([]);
  });

  it('refuses options the kind does not know', async () => {
    await expect(load(FILE, false, { colour: 'red' })).rejects.toMatchObject({ code: 'IMPORT_OPTIONS_INVALID' });
    await expect(load(FILE, false, { currency: 'euro' })).rejects.toMatchObject({ code: 'IMPORT_OPTIONS_INVALID' });
  });

  it('fails when a kind loses a row between the file and its counts', async () => {
    await expect(load(FILE, false, { loseRow: true })).rejects.toThrow(/every row is counted/);
  });
});

describe('on the command line', () => {
  it('has the options of the kind as flags', () => {
    expect(importFlags(widgetImport)).toEqual({ currency: { type: 'string' }, 'lose-row': { type: 'boolean' } });
    expect(importOptions(widgetImport, { 'lose-row': true, currency: 'GBP', json: true })).toEqual({
      loseRow: true,
      currency: 'GBP',
    });
    expect(importHelp([widgetImport])).toContain('--currency CURRENCY');
  });

  it('says in words what came of it', async () => {
    const words = describeImport(await load(FILE, false));
    expect(words).toContain('nothing changed');
    expect(words).toMatch(/rejected +2/);
    expect(words).toContain('line 3: QUANTITY_INVALID column=quantity value=x');
    expect(words).toContain('--apply');
  });
});
