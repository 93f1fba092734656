import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemContext } from '../../src/access/index.ts';
import { createImport, requestApplication } from '../../src/exchange/import.ts';
import { importJobs, storeFile } from '../../src/exchange/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { startWorker } from '../../src/worker.ts';
import { eventually } from '../support/eventually.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { makeWidgetTable, widgetImport } from './widget-import.ts';

const LEASE_MS = 2_000;

let test: TestApp;
const children: ChildProcess[] = [];
beforeAll(async () => {
  test = await openTestApp();
  await makeWidgetTable(test.ownerUrl);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await test.close();
});

const context = () => systemContext('test', new Date(), '2026-03-10');

async function uploadWidgets(text: string): Promise<string> {
  const { database, files } = test.dependencies;
  const content = await files.put(Readable.from([Buffer.from(text)]));
  return await inTransaction(database, { now: new Date() }, async tx => {
    const meta = { name: 'w.csv', mediaType: 'text/csv', dealerId: null, createdBy: 'test', now: new Date() };
    const fileId = await storeFile(tx, files, { content, ...meta });
    return (await createImport(tx, context(), { kind: 'widgets', fileId, options: {} })).id;
  });
}

/** Starts a worker process and resolves once it hangs before its commit. */
async function hangingWorker(): Promise<ChildProcess> {
  const filesDirectory = join(test.dependencies.files.pathOf('0'.repeat(64)), '..', '..');
  const script = join(import.meta.dirname, 'hanging-worker.ts');
  const child = spawn(process.execPath, [script, test.ownerUrl, filesDirectory, String(LEASE_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout as Readable, 'data');
  return child;
}

const importState = (id: string) =>
  queryOne<{ state: string; attempts: number }>(
    test.dependencies.database.reader(),
    'select i.state, j.attempts from import i join job j on j.id = i.job_id where i.id = $1',
    [id],
  );

describe('a worker that is killed before its commit', () => {
  it('leaves nothing, and another one finishes its job exactly once in effect', async () => {
    const id = await uploadWidgets('code,name,quantity\nA,x,1\nB,x,bad\nC,x,1\n');
    for (const [from, to] of [
      ['uploaded', 'checked'],
      ['applying', 'applied'],
    ] as const) {
      const child = await hangingWorker();
      expect(await importState(id)).toEqual({ state: from, attempts: 1 });
      child.kill('SIGKILL');
      await once(child, 'exit');
      const rescuer = await startWorker(test.dependencies, {
        jobKinds: importJobs([widgetImport]),
        sweepEveryMs: 50,
        runner: { leaseMs: LEASE_MS },
      });
      await eventually(async () => expect(await importState(id)).toEqual({ state: to, attempts: 2 }));
      await rescuer.stop();
      if (to === 'checked')
        await inTransaction(test.dependencies.database, { now: new Date() }, tx =>
          requestApplication(tx, context(), id),
        );
    }
    const count = async (table: string) =>
      (await queryOne<{ count: string }>(test.dependencies.database.reader(), `select count(*) from ${table}`))?.count;
    expect(await query(test.dependencies.database.reader(), 'select code from widget order by code')).toEqual([
      { code: 'A' },
      { code: 'C' },
    ]);
    expect(await count('import_finding')).toBe('1');
    expect(await count(`event where type = 'widgets.made'`)).toBe('1');
    expect(await count(`event where type = 'import.applied'`)).toBe('1');
  });
});
