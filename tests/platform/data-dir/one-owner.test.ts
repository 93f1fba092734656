import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';
import { ask, cleanUp, folder, folderMadeBefore, isAlive, opener, postmasterPid, removeTemplate } from './child.ts';

afterEach(cleanUp);
afterAll(removeTemplate);

test('makes a database in an empty folder and leaves no server behind when the folder is let go', async () => {
  const path = join(folder(), 'new', 'data');
  const dataDir = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  const pid = postmasterPid(dataDir.serverDir) ?? 0;
  expect(isAlive(pid)).toBe(true);
  await Promise.all([dataDir.release(), dataDir.release()]);
  expect(isAlive(pid)).toBe(false);
  expect(postmasterPid(dataDir.serverDir)).toBe(null);
});

test('makes it in UTF-8 with code point order, UTC, durable, and open to nobody but this machine', async () => {
  const dataDir = await openDataDir({ dataDir: folder(), as: 'tool', log: () => {} });
  const [made] = await ask(
    dataDir.adminUrl,
    `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
       current_setting('timezone') as timezone, current_setting('listen_addresses') as listens,
       current_setting('unix_socket_directories') as sockets, current_setting('fsync') as fsync, current_setting('password_encryption') as passwords
     from pg_database where datname = current_database()`,
  );
  await dataDir.release();
  expect(made).toEqual({
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
    timezone: 'UTC',
    listens: '127.0.0.1',
    sockets: '',
    fsync: 'on',
    passwords: 'scram-sha-256',
  });
});

test('keeps the password from other accounts, and the data and port from one start to the next', async () => {
  const path = await folderMadeBefore();
  const first = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  await ask(first.adminUrl, 'create table kept as select 42 as answer');
  await first.release();
  expect(statSync(join(path, 'server.json')).mode & 0o777).toBe(0o600);
  const second = await openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });
  expect(second.adminUrl).toBe(first.adminUrl);
  expect(await ask(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.release();
});

test('refuses a second service by name of folder and process, and does not disturb the first', async () => {
  const path = await folderMadeBefore();
  const first = opener(path, 'service');
  const { adminUrl } = await first.heard('open');
  const second = opener(path, 'service');
  const refusal = await second.heard('refused');
  expect(refusal.code).toBe('DATA_DIR_IN_USE');
  expect(refusal.message).toContain(path);
  expect(refusal.message).toContain(`process ${first.pid}`);
  expect(await ask(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await first.release();
  expect(first.said.map(one => one.event)).not.toContain('lost');
});

test('lets tools work beside the service, and the last one out stops the server', async () => {
  const path = await folderMadeBefore();
  const service = opener(path, 'service');
  const { serverDir = '', adminUrl } = await service.heard('open');
  const [one, other] = [opener(path, 'tool'), opener(path, 'tool')];
  expect((await one.heard('open')).adminUrl).toBe(adminUrl);
  await other.heard('open');
  const pid = postmasterPid(serverDir) ?? 0;
  await one.release();
  await service.release();
  expect(isAlive(pid)).toBe(true);
  expect(await ask(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await other.release();
  expect(isAlive(pid)).toBe(false);
});

test('lets a service start while only tools are in the folder', async () => {
  const path = await folderMadeBefore();
  const tool = opener(path, 'tool');
  await tool.heard('open');
  const service = opener(path, 'service');
  await service.heard('open');
  await tool.release();
  await service.release();
});

test('of two that start at once in an empty folder one makes the database and both use it', async () => {
  const path = folder();
  const both = [opener(path, 'tool'), opener(path, 'tool')];
  const opened = await Promise.all(both.map(one => one.heard('open')));
  expect(opened[0]?.adminUrl).toBe(opened[1]?.adminUrl);
  const prepared = both.flatMap(one => one.said).filter(one => one.text?.startsWith('Preparing'));
  expect(prepared).toHaveLength(1);
  await Promise.all(both.map(one => one.release()));
});
