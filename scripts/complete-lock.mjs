// Run after `npm install <name>`: adds to package-lock.json the platform packages the registry did not have to offer.
// npm leaves such optional packages out of the lock without a word, and `npm ci` then refuses the lock everywhere.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SYSTEM = /-(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|aix|win32)-([a-z0-9]+)(?:-([a-z]+))?$/;
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;

/** The optional packages that a lock's packages ask for and the lock does not hold. */
export function leftOut(packages) {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !resolves(packages, path, name))
      .map(([name, version]) => ({ path, name, version, dev: entry.dev, peer: entry.peer })),
  );
}

function resolves(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
    if (!at.includes('/node_modules/')) at = '';
  }
}

/** The entry npm would have written, but for the content hash, which only the registry knows. */
function entryOf({ name, version, dev, peer }) {
  const system = SYSTEM.exec(name);
  if (system === null || !EXACT.test(version)) throw new Error(`cannot tell which platform ${name}@${version} is for`);
  const [, os, cpu, abi] = system;
  const libc = os === 'linux' && abi !== undefined ? { libc: [abi.startsWith('musl') ? 'musl' : 'glibc'] } : {};
  return { version, cpu: [cpu], ...(dev && { dev }), ...libc, optional: true, os: [os], ...(peer && { peer }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = join(import.meta.dirname, '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = leftOut(lock.packages);
  for (const one of added) lock.packages[`node_modules/${one.name}`] = entryOf(one);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${added.length} platform packages added to package-lock.json`);
}
