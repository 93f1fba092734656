import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';
import { ask, cleanUp, folder, isAlive, opener, postmasterPid } from './child.ts';

afterEach(cleanUp);

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const nobodyReachesTheProject =
  isRoot && spawnSync(process.execPath, ['--check', import.meta.filename], { uid: NOBODY, cwd: '/' }).status === 0;

const open = (path: string, log: (message: string) => void = () => {}) =>
  openDataDir({ dataDir: path, as: 'service', durable: false, log });

describe.skipIf(!isRoot)('as root (skipped: these tests are not run by root)', () => {
  test('runs the server under an account that is not root', async () => {
    const dataDir = await open(folder());
    const { uid } = statSync(`/proc/${postmasterPid(dataDir.serverDir)}`);
    expect(uid).not.toBe(0);
    expect(statSync(dataDir.serverDir).uid).toBe(uid);
    await dataDir.release();
  });

  test('puts the database of a closed folder where its server can reach it, says where, and finds it again', async () => {
    const path = folder(0o700);
    const said: string[] = [];
    const first = await open(path, message => said.push(message));
    try {
      expect(first.serverDir.startsWith('/var/lib/partledger/')).toBe(true);
      expect(said.join('\n')).toContain(first.serverDir);
      expect(statSync(join(path, 'server.json')).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(dirname(first.serverDir), 'belongs-to'), 'utf8')).toBe(`${path}\n`);
      await ask(first.adminUrl, 'create table kept as select 42 as answer');
      await first.release();
      const second = await open(path);
      expect(second.serverDir).toBe(first.serverDir);
      expect(await ask(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
      await second.release();
      expect(postmasterPid(first.serverDir)).toBe(null);
    } finally {
      rmSync(dirname(first.serverDir), { recursive: true, force: true });
    }
  });

  test('leaves the database of an earlier folder of the same path alone and names it', async () => {
    const path = folder(0o700);
    const before = await open(path);
    await before.release();
    rmSync(join(path, 'server.json'));
    const said: string[] = [];
    const after = await open(path, message => said.push(message));
    try {
      expect(said.join('\n')).toContain(`stays in ${dirname(before.serverDir)};`);
      expect(after.serverDir).not.toBe(before.serverDir);
      expect(existsSync(join(before.serverDir, 'PG_VERSION'))).toBe(true);
      await after.release();
    } finally {
      for (const one of [before, after]) rmSync(dirname(one.serverDir), { recursive: true, force: true });
    }
  });

  test('runs the server of an ordinary account for it, so that this account can go on alone', async () => {
    const path = folder();
    chownSync(path, NOBODY, NOBODY);
    const dataDir = await open(path);
    expect(statSync(dataDir.serverDir).uid).toBe(NOBODY);
    expect(statSync(join(path, 'server.json')).uid).toBe(NOBODY);
    await dataDir.release();
  });
});

describe.skipIf(!nobodyReachesTheProject)(
  'as an ordinary account (skipped: root alone can lend one, in an open folder)',
  () => {
    test('keeps everything inside the folder and leaves no server behind', async () => {
      const path = folder();
      chownSync(path, NOBODY, NOBODY);
      const child = opener(path, 'service', { uid: NOBODY });
      const { serverDir = '', adminUrl } = await child.heard('open');
      expect(serverDir).toBe(join(path, 'postgres'));
      const pid = postmasterPid(serverDir) ?? 0;
      expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY);
      expect(await ask(adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
      await child.release();
      expect(isAlive(pid)).toBe(false);
      expect(readdirSync(path).filter(name => statSync(join(path, name)).uid !== NOBODY)).toEqual([]);
    });

    test('takes turns with root on the same folder, a killed root included', async () => {
      const path = folder();
      chownSync(path, NOBODY, NOBODY);
      const root = opener(path, 'service');
      const { adminUrl } = await root.heard('open');
      await root.kill();
      const ordinary = opener(path, 'service', { uid: NOBODY });
      expect((await ordinary.heard('open')).adminUrl).toBe(adminUrl);
      await ordinary.release();
    });

    test("refuses root's folder by name instead of starting beside it", async () => {
      const path = folder();
      const refusal = await opener(path, 'service', { uid: NOBODY }).heard('refused');
      expect(refusal.code).toBe('DATA_DIR_NOT_WRITABLE');
      expect(refusal.message).toContain(path);
    });
  },
);
