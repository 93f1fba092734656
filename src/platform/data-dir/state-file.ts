import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem } from './errors.ts';

/** What DATA_DIR knows of its server; the file holds the password and is readable by its owner only. */
export type ServerState = {
  /** Where the cluster lies: relative to DATA_DIR, absolute when it had to lie elsewhere. */
  readonly serverDir: string;
  readonly password: string;
  /** The port of the last start; taken again when it is free. */
  readonly port: number;
  /** True once the cluster was complete: from then on its absence is a loss, not a beginning. */
  readonly made: boolean;
};

const FILE = 'server.json';

/** Reads what was written at an earlier start, null in a new folder. Throws DATA_DIR_NOT_WRITABLE, DATA_DIR_DAMAGED. */
export function readState(dataDir: string): ServerState | null {
  const path = join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT') return null;
    throw problem('DATA_DIR_NOT_WRITABLE', { dataDir, reason: `${FILE}: ${reason}` });
  }
  try {
    const { serverDir, password, port, made } = JSON.parse(text) as ServerState;
    const whole = typeof serverDir === 'string' && typeof password === 'string' && typeof made === 'boolean';
    if (whole && Number.isInteger(port)) return { serverDir, password, port, made };
  } catch {
    // Falls through to the refusal.
  }
  throw problem('DATA_DIR_DAMAGED', { path, reason: 'not the JSON that was written there' });
}

/** Replaces the file as a whole: a reader, or a start after a power cut, sees the old or the new one. */
export function writeState(dataDir: string, state: ServerState): void {
  const owner = statSync(dataDir);
  replaceFile(join(dataDir, FILE), `${JSON.stringify(state, null, 2)}\n`, owner);
}

/** A password nobody types; hexadecimal, so that it stands in an URL as it is. */
export function newPassword(): string {
  return randomBytes(24).toString('hex');
}

/** Writes beside, flushes, renames over; root gives the file to `owner`. Mode 0600. */
export function replaceFile(path: string, content: string, owner: { uid: number; gid: number } | null): void {
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (owner !== null && process.getuid?.() === 0) chownSync(beside, owner.uid, owner.gid);
  renameSync(beside, path);
  flushFolder(dirname(path));
}

/** Makes a rename inside the folder survive a power cut. */
export function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
