import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { problem } from './errors.ts';
import { may, type ServerUser } from './server-user.ts';

/** Where root puts what the server's account must reach when DATA_DIR or the project lies in a closed folder. */
export const SHARED_ROOT = '/var/lib/partledger';

const INSIDE = 'postgres';

/** Makes DATA_DIR where it is missing and answers its real path. Throws DATA_DIR_NOT_WRITABLE. */
export function prepareDataDir(wanted: string): string {
  const dataDir = resolve(wanted);
  try {
    if (mkdirSync(dataDir, { recursive: true }) !== undefined) {
      // The server's account passes through root's folder to its own; nobody else's folder lets anyone in.
      chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    }
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(dataDir);
  } catch (error) {
    throw problem('DATA_DIR_NOT_WRITABLE', { dataDir, reason: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}

/**
 * Where a new cluster goes: into DATA_DIR, or, when root's server account cannot get there, into a folder of its own
 * below /var/lib/partledger. An earlier cluster of the same path is left alone: its DATA_DIR may only have moved.
 */
export function chooseServerDir(dataDir: string, user: ServerUser | null, log: (message: string) => void): string {
  if (canLieInside(dataDir, user)) return INSIDE;
  makeSharedFolder(SHARED_ROOT);
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const stem = join(SHARED_ROOT, `${basename(dataDir).replace(/^\.+|[^\w.-]/g, '') || 'data'}-${key}`);
  let home = stem;
  for (let n = 2; existsSync(home); n += 1) home = `${stem}-${n}`;
  if (home !== stem) log(`An earlier database of ${dataDir} stays in ${stem}; remove it if nothing needs it any more`);
  makeSharedFolder(home);
  writeFileSync(join(home, 'belongs-to'), `${dataDir}\n`);
  return join(home, 'postgres');
}

/** Whether the server's account gets into DATA_DIR. */
export function canLieInside(dataDir: string, user: ServerUser | null): boolean {
  return user === null || may(user, 'pass', dataDir);
}

/** Makes a folder everybody may pass through, whatever the umask. */
export function makeSharedFolder(path: string): void {
  if (mkdirSync(path, { recursive: true }) !== undefined) chmodSync(path, 0o755);
}

/** Where a cluster lies that `server.json` names: relative to DATA_DIR, so that the folder may be moved. */
export function serverFolder(dataDir: string, named: string): string {
  return resolve(dataDir, named);
}
