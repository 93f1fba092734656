import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';
import { ask, cleanUp, folder, isAlive, opener, postmasterPid } from '../../platform/data-dir/child.ts';

afterEach(cleanUp);

const KILLS = 40;
const OPENERS = 8;
const ROUNDS = 4;

test('opens after a kill at any moment of a start, the first start included', async () => {
  for (let n = 0; n < KILLS; n += 1) {
    const path = folder();
    const killed = opener(path, 'service');
    await sleep(40 * n);
    await killed.kill();
    const next = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
    expect(await ask(next.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await next.release();
    expect(postmasterPid(next.serverDir)).toBe(null);
    await cleanUp();
  }
}, 600_000);

test('opens after a kill at any moment of letting go, with all that was committed', async () => {
  const path = folder();
  for (let n = 0; n < KILLS; n += 1) {
    const killed = opener(path, 'service');
    const { adminUrl } = await killed.heard('open');
    await ask(adminUrl, `create table if not exists kept (n int); insert into kept values (${n})`);
    const released = killed.release().catch(() => {});
    await sleep(8 * n);
    await killed.kill();
    await released;
    const next = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
    expect(await ask(next.adminUrl, 'select count(*)::int as n from kept')).toEqual([{ n: n + 1 }]);
    await next.release();
  }
}, 600_000);

test('many that come and go at once never lose the server, and the last one stops it', async () => {
  const path = folder();
  const visit = async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const tool = opener(path, 'tool');
      const { adminUrl } = await tool.heard('open');
      expect(await ask(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
      await tool.release();
      expect(tool.said.map(one => one.event)).not.toContain('lost');
    }
  };
  await Promise.all(Array.from({ length: OPENERS }, visit));
  expect(postmasterPid(`${path}/postgres`)).toBe(null);
}, 600_000);

test('of many services that start at once after a kill of everything exactly one serves', async () => {
  const path = folder();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = opener(path, 'service');
    const { serverDir = '' } = await before.heard('open');
    const pid = postmasterPid(serverDir) ?? 0;
    process.kill(pid, 'SIGKILL');
    await before.kill();
    const all = Array.from({ length: OPENERS }, () => opener(path, 'service'));
    while (all.some(one => !one.said.some(said => said.event === 'open' || said.event === 'refused'))) await sleep(20);
    const codes = all.flatMap(one => one.said).filter(said => said.event === 'refused');
    expect(codes.map(said => said.code)).toEqual(Array.from({ length: OPENERS - 1 }, () => 'DATA_DIR_IN_USE'));
    const winner = all.find(one => one.said.some(said => said.event === 'open'));
    await winner?.release();
    expect(isAlive(pid)).toBe(false);
  }
}, 600_000);
