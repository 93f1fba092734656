import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';

const BOOTSTRAP = join(import.meta.dirname, '..', '..', 'scripts', 'bootstrap.mjs');
const HERE = { optional: true, os: [process.platform], cpu: [process.arch] };
const ELSEWHERE = { optional: true, os: ['aix'], cpu: ['ppc64'] };
const LOCK = {
  'node_modules/a': { version: '1.0.0' },
  'node_modules/a/node_modules/b': { version: '2.0.0' },
  'node_modules/test-tool': { version: '3.0.0', dev: true },
  'node_modules/for-here': { version: '4.0.0', ...HERE },
  'node_modules/for-elsewhere': { version: '4.0.0', ...ELSEWHERE },
  'node_modules/needed-by-elsewhere': { version: '5.0.0', optional: true },
};

type Packages = Record<string, { version: string; dev?: boolean; optional?: boolean; os?: string[]; cpu?: string[] }>;

const folders: string[] = [];
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** A small project with a registry of its own: an `npm` that takes a moment and puts there what is offered. */
function project(offered: Packages, lock: Packages = LOCK): string {
  const root = mkdtempSync(join(tmpdir(), 'partledger-test-'));
  folders.push(root);
  for (const part of ['scripts', 'bin']) mkdirSync(join(root, part));
  cpSync(BOOTSTRAP, join(root, 'scripts', 'bootstrap.mjs'));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...lock } }));
  offer(root, offered);
  const npm = `#!/bin/sh
echo "$@" >> npm.log
rm -rf node_modules; sleep 0.4
test -e offered || { echo 'no network' >&2; exit 7; }
cp -R offered node_modules\n`;
  writeFileSync(join(root, 'bin', 'npm'), npm);
  chmodSync(join(root, 'bin', 'npm'), 0o755);
  return root;
}

function offer(root: string, packages: Packages): void {
  const offered = join(root, 'offered');
  rmSync(offered, { recursive: true, force: true });
  mkdirSync(join(offered, '.bin'), { recursive: true });
  writeFileSync(join(offered, '.bin', 'node'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 });
  for (const path of Object.keys(packages)) {
    mkdirSync(join(offered, '..', path.replace('node_modules', 'offered')), { recursive: true });
    writeFileSync(join(offered, '..', path.replace('node_modules', 'offered'), 'package.json'), '{}');
  }
  writeFileSync(join(offered, '.package-lock.json'), JSON.stringify({ packages }));
}

function without(...names: string[]): Packages {
  return Object.fromEntries(Object.entries(LOCK).filter(([path]) => !names.some(name => path.endsWith(name))));
}

const ON_LINUX_HERE = without('for-elsewhere', 'needed-by-elsewhere');

function start(root: string, args: string[] = [], nodeArgs: string[] = []) {
  const env = { ...process.env, PATH: `${join(root, 'bin')}:/usr/bin:/bin` };
  const child = spawn(process.execPath, [...nodeArgs, join(root, 'scripts', 'bootstrap.mjs'), ...args], {
    cwd: '/',
    env,
  });
  let said = '';
  child.stderr.on('data', chunk => {
    said += chunk;
  });
  const closed = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
  return { child, closed };
}

function installs(root: string): number {
  const log = join(root, 'npm.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
}

async function run(root: string, ...args: string[]): Promise<number> {
  const before = installs(root);
  const { code, said } = await start(root, args).closed;
  expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
  return installs(root) - before;
}

test('installs into a fresh clone, and asks npm for nothing the next time', async () => {
  const root = project(ON_LINUX_HERE);
  expect(await run(root)).toBe(1);
  expect(await run(root)).toBe(0);
  expect(readFileSync(join(root, 'npm.log'), 'utf8')).toMatch(/^ci .*--no-audit --no-fund/);
  expect(existsSync(join(root, '.bootstrap.lock'))).toBe(false);
});

test('installs again when the lock file wants another version', async () => {
  const root = project(ON_LINUX_HERE);
  await run(root);
  const wanted = { ...LOCK, 'node_modules/a/node_modules/b': { version: '2.0.1' } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  offer(root, { ...ON_LINUX_HERE, 'node_modules/a/node_modules/b': { version: '2.0.1' } });
  expect(await run(root)).toBe(1);
  expect(await run(root)).toBe(0);
});

test('installs again when a package or the project own Node was removed', async () => {
  const root = project(ON_LINUX_HERE);
  await run(root);
  rmSync(join(root, 'node_modules', 'a', 'node_modules', 'b'), { recursive: true });
  expect(await run(root)).toBe(1);
  rmSync(join(root, 'node_modules', '.bin', 'node'));
  expect(await run(root)).toBe(1);
});

test('asks for the tools of the tests only when they are wanted', async () => {
  const root = project(without('for-elsewhere', 'needed-by-elsewhere', 'test-tool'));
  await run(root);
  expect(await run(root)).toBe(0);
  offer(root, ON_LINUX_HERE);
  expect(await run(root, '--dev')).toBe(1);
  expect(await run(root, '--dev')).toBe(0);
});

test('asks once, not at every start, for a package of this platform that npm cannot get', async () => {
  const root = project(without('for-elsewhere', 'needed-by-elsewhere', 'for-here'));
  cpSync(join(root, 'offered'), join(root, 'node_modules'), { recursive: true });
  expect(await run(root)).toBe(1);
  expect(await run(root)).toBe(0);
});

test('of two at once one installs and the other waits', async () => {
  const root = project(ON_LINUX_HERE);
  const ended = await Promise.all([start(root).closed, start(root).closed]);
  expect(ended.map(one => one.code)).toEqual([0, 0]);
  expect(installs(root)).toBe(1);
});

test('waits for the npm that a killed start left behind, and goes on from there', async () => {
  const root = project(ON_LINUX_HERE);
  const killed = start(root);
  const owner = join(root, '.bootstrap.lock', 'owner');
  // npm owns the lock, too: only now has a kill anything to leave behind
  const passed = () => existsSync(owner) && readFileSync(owner, 'utf8').includes('\n');
  while (installs(root) === 0 || !passed()) await sleep(5);
  killed.child.kill('SIGKILL');
  expect(await run(root)).toBe(0);
  expect(existsSync(join(root, '.bootstrap.lock'))).toBe(false);
});

test('takes over the lock of a start that is no more', async () => {
  const root = project(ON_LINUX_HERE);
  mkdirSync(join(root, '.bootstrap.lock'));
  // This test's own number, with another birth: a process of that number that lived before it.
  writeFileSync(join(root, '.bootstrap.lock', 'owner'), `${process.pid} an earlier boot`);
  expect(await run(root)).toBe(1);
});

test('ends with what npm ended with, and gives the lock back', async () => {
  const root = project(ON_LINUX_HERE);
  rmSync(join(root, 'offered'), { recursive: true });
  const { code, said } = await start(root).closed;
  expect(code).toBe(7);
  expect(said).toContain('no network');
  expect(existsSync(join(root, '.bootstrap.lock'))).toBe(false);
});

test('tells an old Node which one is needed instead of failing on its syntax', async () => {
  const root = project(ON_LINUX_HERE);
  const older = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.0'})`;
  const { code, said } = await start(root, [], ['--import', older]).closed;
  expect(code).toBe(1);
  expect(said).toContain('needs Node 20 or newer');
  expect(installs(root)).toBe(0);
});
