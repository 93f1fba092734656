import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { problem } from './errors.ts';
import { makeSharedFolder } from './place.ts';
import { runProgram } from './run-program.ts';
import type { ServerUser } from './server-user.ts';
import { flushFolder, replaceFile } from './state-file.ts';

/** The login role that owns and migrates, and its database. */
export const ADMIN = 'partledger';

const SETTINGS_FILE = 'partledger.conf';
const MAKING = 'making-';
const REMOVALS_MAX = 50;
const REMOVAL_PAUSE_MS = 100;

/** Whether a cluster lies there. Throws DATA_DIR_OTHER_MAJOR, and DATA_DIR_DAMAGED for a folder that is something else. */
export function hasCluster(serverDir: string, binaries: Binaries): boolean {
  if (!existsSync(serverDir) || readdirSync(serverDir).length === 0) return false;
  const versionFile = join(serverDir, 'PG_VERSION');
  if (!existsSync(versionFile)) throw problem('DATA_DIR_DAMAGED', { path: serverDir, reason: 'PG_VERSION is missing' });
  const found = readFileSync(versionFile, 'utf8').trim();
  if (found !== binaries.major) {
    throw problem('DATA_DIR_OTHER_MAJOR', { serverDir, found, expected: binaries.major });
  }
  return true;
}

/**
 * Makes a cluster beside its place and renames it there as the last step: what a kill leaves half made is never taken
 * for a cluster, and is removed by the next start. The caller holds the folder's lock. Throws EMBEDDED_POSTGRES_FAILED.
 */
export async function makeCluster(
  serverDir: string,
  password: string,
  binaries: Binaries,
  user: ServerUser | null,
  durable: boolean,
): Promise<void> {
  const parent = dirname(serverDir);
  makeSharedFolder(parent);
  for (const name of readdirSync(parent)) if (name.startsWith(MAKING)) await removeTree(join(parent, name));
  const making = mkdtempSync(join(parent, MAKING));
  try {
    const passwordFile = join(making, 'password');
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user !== null) for (const path of [passwordFile, making]) chownSync(path, user.uid, user.gid);
    const made = join(making, 'cluster');
    const { code, output } = await runProgram(binaries, 'initdb', initdbArguments(made, passwordFile, durable), user);
    if (code !== 0) {
      throw problem('EMBEDDED_POSTGRES_FAILED', { step: 'initdb', reason: output, logFile: serverDir });
    }
    appendFileSync(join(made, 'postgresql.conf'), `\ninclude_if_exists = '${SETTINGS_FILE}'\n`);
    chmodSync(made, 0o700);
    renameSync(made, serverDir);
    flushFolder(parent);
  } finally {
    await removeTree(making);
  }
}

function initdbArguments(folder: string, passwordFile: string, durable: boolean): string[] {
  return [
    ...['-D', folder, '-U', ADMIN, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-instructions'],
    // Without these it takes what the caller's environment says, and may make SQL_ASCII.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(durable ? [] : ['--no-sync']),
  ];
}

/** Writes our settings as this release wants them; ALTER SYSTEM still wins over them. */
export function writeSettings(serverDir: string, user: ServerUser | null, durable: boolean): void {
  const lines = [
    '# Written by Partledger at every start; change settings with ALTER SYSTEM.',
    "unix_socket_directories = ''",
    "listen_addresses = '127.0.0.1'",
    "cluster_name = 'partledger'",
    'max_connections = 100',
    'shared_buffers = 256MB',
    'jit = off',
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    'logging_collector = off',
    // Refused statements are the service's to log; here they would fill the file, with personal data in them.
    'log_min_messages = log',
    'log_error_verbosity = terse',
    ...(durable ? [] : ['fsync = off', 'full_page_writes = off']),
  ];
  replaceFile(join(serverDir, SETTINGS_FILE), `${lines.join('\n')}\n`, user);
}

/** An initdb that outlived its killed starter goes on writing for a moment; what resists longer is only litter. */
async function removeTree(path: string): Promise<void> {
  for (let tries = 0; tries < REMOVALS_MAX && existsSync(path); tries += 1) {
    if (tries > 0) await sleep(REMOVAL_PAUSE_MS);
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Tried again: a file came while its folder was being emptied.
    }
  }
}
