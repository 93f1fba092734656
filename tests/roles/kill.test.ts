/** kill -9 at any moment of an import or a close: the next run finishes the work, nothing is lost or doubled. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { environment, killHard, newDataDir, PROJECT, removeDataDir, run, start } from '../support/processes.ts';

const HISTORY = join(PROJECT, 'tests', 'fixtures', 'history', 'online-retail-excerpt.csv');
/** 5 in `npm test`, 50 in the second tier. */
const KILLS = Number(process.env['KILLS'] ?? '5');

let dataDir = '';
beforeEach(() => {
  dataDir = newDataDir();
});
afterEach(async () => {
  await run(['migrate'], environment(dataDir));
  removeDataDir(dataDir);
});

const importHistory = ['import', 'charges', HISTORY, '--create-missing', '--currency', 'GBP', '--apply', '--json'];

it('an import or a close killed at any moment is finished by the next run, and every figure agrees', async () => {
  const env = environment(dataDir);
  expect((await run(['migrate'], env)).code).toBe(0);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const command = kill % 2 === 0 ? importHistory : ['close-period', '2010-12'];
    const running = start(command, env);
    await sleep(400 + Math.random() * 2_500);
    await killHard(running);
  }
  const imported = await run(importHistory, env);
  expect(imported.code, imported.stderr).toBe(0);
  const { counts } = JSON.parse(imported.stdout);
  expect(counts.read).toBe(counts.accepted + counts.rejected);
  const again = JSON.parse((await run(importHistory, env)).stdout);
  expect(again.counts).toMatchObject({ created: 0, changed: 0 });
  const closed = await run(['close-period', '2010-12', '--json'], env);
  expect(closed.code === 0 || closed.stderr.includes('PERIOD_NOT_OPEN'), closed.stderr).toBe(true);
  const verified = await run(['verify', '--json'], env);
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
});
