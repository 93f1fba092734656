import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';
import {
  ask,
  cleanUp,
  folder,
  folderMadeBefore,
  isAlive,
  opener,
  postmasterPid,
  removeTemplate,
  until,
} from './child.ts';

afterEach(cleanUp);
afterAll(removeTemplate);

test('adopts the server that a killed service left running', async () => {
  const path = await folderMadeBefore();
  const killed = opener(path, 'service');
  const { serverDir = '' } = await killed.heard('open');
  const pid = postmasterPid(serverDir) ?? 0;
  await killed.kill();
  expect(isAlive(pid)).toBe(true);
  const next = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  expect(postmasterPid(serverDir)).toBe(pid);
  await next.release();
  expect(isAlive(pid)).toBe(false);
});

test('starts again when service and server were killed, with all that was committed', async () => {
  const path = await folderMadeBefore();
  const killed = opener(path, 'service');
  const { serverDir = '', adminUrl } = await killed.heard('open');
  await ask(adminUrl, 'create table kept as select 42 as answer');
  const pid = postmasterPid(serverDir) ?? 0;
  process.kill(pid, 'SIGKILL');
  await killed.kill();
  await until(() => !isAlive(pid));
  expect(existsSync(join(serverDir, 'postmaster.pid'))).toBe(true);
  const next = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  expect(await ask(next.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await next.release();
});

test('makes the database anew when the first start was killed while making it', async () => {
  const path = folder();
  const killed = opener(path, 'service');
  const making = () => readdirSync(path).find(name => name.startsWith('making-'));
  await until(() => existsSync(join(path, making() ?? '-', 'cluster', 'base')));
  await killed.kill();
  expect(existsSync(join(path, 'postgres'))).toBe(false);
  const next = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  expect(await ask(next.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(making()).toBe(undefined);
  await next.release();
});

test('takes the place of a starter that was killed while another waited for it', async () => {
  const path = folder();
  const killed = opener(path, 'tool');
  await until(() => readdirSync(path).some(name => name.startsWith('starting.')));
  const waiting = opener(path, 'tool');
  await killed.kill();
  await waiting.heard('open');
  await waiting.release();
});

test('starts although the number in a left postmaster.pid now belongs to another program', async () => {
  const path = await folderMadeBefore();
  const serverDir = join(path, 'postgres');
  const { uid, gid } = statSync(serverDir);
  const other = spawn('sleep', ['600'], process.getuid?.() === 0 ? { uid, gid, cwd: '/' } : {});
  const left = [other.pid, serverDir, 1_300_000_000, 5_432, '', '127.0.0.1', '        0         0', 'ready   '];
  writeFileSync(join(serverDir, 'postmaster.pid'), `${left.join('\n')}\n`);
  const next = await openDataDir({ dataDir: path, as: 'tool', durable: false, log: () => {} });
  expect(postmasterPid(next.serverDir)).not.toBe(other.pid);
  expect(other.exitCode).toBe(null);
  await next.release();
  other.kill();
});

test('says that the server is lost instead of crashing, and the next start recovers', async () => {
  const path = await folderMadeBefore();
  const service = opener(path, 'service');
  const { serverDir = '' } = await service.heard('open');
  process.kill(postmasterPid(serverDir) ?? 0, 'SIGKILL');
  await service.heard('lost');
  expect(isAlive(service.pid)).toBe(true);
  await service.release();
  const next = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  await next.release();
});
