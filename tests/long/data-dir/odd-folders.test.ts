import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';
import { ask, cleanUp, folder, isAlive, opener, postmasterPid, until } from '../../platform/data-dir/child.ts';

afterEach(cleanUp);

test('does not mistake the server of the folder it was copied from for its own', async () => {
  const path = folder();
  const before = await openDataDir({ dataDir: join(path, 'a'), as: 'tool', durable: false, log: () => {} });
  await before.release();
  const original = await openDataDir({ dataDir: join(path, 'a'), as: 'tool', durable: false, log: () => {} });
  await ask(original.adminUrl, 'checkpoint');
  execFileSync('cp', ['-a', join(path, 'a'), join(path, 'b')]);
  expect(postmasterPid(join(path, 'b', 'postgres'))).toBe(postmasterPid(original.serverDir));
  const copy = await openDataDir({ dataDir: join(path, 'b'), as: 'tool', durable: false, log: () => {} });
  expect(copy.adminUrl).not.toBe(original.adminUrl);
  await ask(copy.adminUrl, 'create table only_here ()');
  expect(await ask(original.adminUrl, `select to_regclass('only_here') as found`)).toEqual([{ found: null }]);
  await copy.release();
  await original.release();
});

test('ends the server even when somebody removed the folder under it', async () => {
  const path = folder();
  const service = opener(path, 'service');
  const { serverDir = '' } = await service.heard('open');
  const pid = postmasterPid(serverDir) ?? 0;
  rmSync(path, { recursive: true, force: true });
  await service.release();
  await until(() => !isAlive(pid));
});

test('of two services that start at once in an empty folder one serves and the other is refused', async () => {
  const path = folder();
  const both = [opener(path, 'service'), opener(path, 'service')];
  const outcomes = await Promise.all(
    both.map(one => Promise.race([one.heard('open'), one.heard('refused')].map(settle))),
  );
  expect(outcomes.map(said => said.event).sort()).toEqual(['open', 'refused']);
});

/** The one of two things that is never said rejects when the process ends: only what is said counts. */
function settle<Value>(promise: Promise<Value>): Promise<Value> {
  return promise.catch(() => new Promise<Value>(() => {}));
}
