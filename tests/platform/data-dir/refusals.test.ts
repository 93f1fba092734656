import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';
import { ask, cleanUp, folder, folderMadeBefore, opener, postmasterPid, projectCopy, removeTemplate } from './child.ts';

afterEach(cleanUp);

afterAll(removeTemplate);

async function madeBefore(): Promise<{ path: string; serverDir: string }> {
  const path = await folderMadeBefore();
  return { path, serverDir: join(path, 'postgres') };
}

const open = (path: string) => openDataDir({ dataDir: path, as: 'service', durable: false, log: () => {} });

test('refuses a folder made by another major version and changes nothing in it', async () => {
  const { path, serverDir } = await madeBefore();
  writeFileSync(join(serverDir, 'PG_VERSION'), '17\n');
  await expect(open(path)).rejects.toMatchObject({
    code: 'DATA_DIR_OTHER_MAJOR',
    facts: { serverDir, found: '17', expected: '18' },
  });
  expect(readFileSync(join(serverDir, 'PG_VERSION'), 'utf8')).toBe('17\n');
  writeFileSync(join(serverDir, 'PG_VERSION'), '18\n');
  const again = await open(path);
  await again.release();
});

test('refuses a folder that cannot be made, naming it and the reason', async () => {
  const path = folder();
  writeFileSync(join(path, 'a-file'), '');
  await expect(open(join(path, 'a-file', 'data'))).rejects.toMatchObject({
    code: 'DATA_DIR_NOT_WRITABLE',
    facts: { dataDir: join(path, 'a-file', 'data'), reason: 'ENOTDIR' },
  });
});

test('never begins an empty database where one was lost', async () => {
  const { path, serverDir } = await madeBefore();
  rmSync(serverDir, { recursive: true });
  await expect(open(path)).rejects.toMatchObject({ code: 'DATA_DIR_DAMAGED' });
  expect(postmasterPid(serverDir)).toBe(null);
});

test('refuses a server.json it did not write', async () => {
  const { path } = await madeBefore();
  writeFileSync(join(path, 'server.json'), '{"serverDir":');
  await expect(open(path)).rejects.toMatchObject({
    code: 'DATA_DIR_DAMAGED',
    facts: { path: join(path, 'server.json') },
  });
});

test('refuses to go on when the server does not take its password, and does not leave it running', async () => {
  const { path, serverDir } = await madeBefore();
  const dataDir = await open(path);
  await ask(dataDir.adminUrl, `alter role partledger password 'changed by hand'`);
  await dataDir.release();
  await expect(open(path)).rejects.toMatchObject({ code: 'DATA_DIR_DAMAGED' });
  expect(postmasterPid(serverDir)).toBe(null);
});

test('tells from the log of the server why it did not start', async () => {
  const { path, serverDir } = await madeBefore();
  appendFileSync(join(serverDir, 'postgresql.conf'), '\nmax_wishes = 3\n');
  const refusal = await open(path).catch(error => error);
  expect(refusal.code).toBe('EMBEDDED_POSTGRES_FAILED');
  expect(refusal.detail('en')).toContain('max_wishes');
});

test('asks for DATABASE_URL where no server programs are installed for the platform', async () => {
  const project = folder();
  const script = projectCopy(project);
  const refusal = await opener(join(project, 'data'), 'tool', { script }).heard('refused');
  expect(refusal.code).toBe('EMBEDDED_POSTGRES_MISSING');
  expect(refusal.message).toContain('DATABASE_URL');
});
