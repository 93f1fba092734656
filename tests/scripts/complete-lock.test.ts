import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

type LeftOut = (packages: object) => { path: string; name: string; version: string }[];

async function leftOut(packages: object) {
  const script = (await import(join(ROOT, 'scripts', 'complete-lock.mjs'))) as { leftOut: LeftOut };
  return script.leftOut(packages).map(one => `${one.name}@${one.version}`);
}

test('the lock file holds every platform package, else npm ci refuses it (run: node scripts/complete-lock.mjs)', async () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: object };
  expect(await leftOut(packages)).toEqual([]);
});

test('finds a left out package at any depth, and one that stands beside or above is not left out', async () => {
  const packages = {
    '': { optionalDependencies: { 'top-linux-x64': '1.0.0' } },
    'node_modules/top-linux-x64': { version: '1.0.0' },
    'node_modules/a': { optionalDependencies: { 'a-linux-x64': '1.0.0', 'top-linux-x64': '1.0.0' } },
    'node_modules/a/node_modules/a-linux-x64': { version: '1.0.0' },
    'node_modules/a/node_modules/@s/b': {
      optionalDependencies: { '@s/b-win32-x64': '2.0.0', 'top-linux-x64': '1.0.0' },
    },
    'node_modules/c': { optionalDependencies: { 'a-linux-x64': '1.0.0' } },
  };
  expect(await leftOut(packages)).toEqual(['@s/b-win32-x64@2.0.0', 'a-linux-x64@1.0.0']);
});
