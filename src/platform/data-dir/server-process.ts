import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { isAlive } from './process-identity.ts';
import { type Outcome, runProgram } from './run-program.ts';
import { isSameFolder } from './same-folder.ts';
import type { ServerUser } from './server-user.ts';

export const LOG_FILE = 'server.log';
const LOG_BYTES_MAX = 10 * 1024 * 1024;
const WAIT_S = 60;

/** What postmaster.pid says; it may be left over from a killed server. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

/** Reads postmaster.pid; null when there is none, or one still being written. */
export function readPostmaster(serverDir: string): Postmaster | null {
  try {
    const lines = readFileSync(join(serverDir, 'postmaster.pid'), 'utf8').split('\n');
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    if (!Number.isInteger(pid) || pid <= 0) return null;
    return { pid, port: Number.isInteger(port) ? port : 0, ready: lines[7]?.trim() === 'ready' };
  } catch {
    return null;
  }
}

/**
 * The server that really runs on the folder, null if none. A number in postmaster.pid can meanwhile be another
 * program's (a reboot, a full turn of the numbers); PostgreSQL would then refuse to start, so the file is removed.
 */
export function runningPostmaster(serverDir: string): Postmaster | null {
  const postmaster = readPostmaster(serverDir);
  if (postmaster === null) return null;
  if (isServerOf(postmaster.pid, serverDir)) return postmaster;
  // It may have ended by itself and another have been started since the file was read: only the same one is stale.
  if (readPostmaster(serverDir)?.pid === postmaster.pid) rmSync(join(serverDir, 'postmaster.pid'), { force: true });
  return null;
}

function isServerOf(pid: number, serverDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const args = commandLine(pid);
  if (args === null) return true;
  if (basename(args[0] ?? '') !== 'postgres') return false;
  const named = args[args.indexOf('-D') + 1] ?? '.';
  // What cannot be seen counts as ours: waiting for it is harmless, a second server on the folder is not.
  return isSameFolder(named === '.' ? `/proc/${pid}/cwd` : named, serverDir) ?? true;
}

function commandLine(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return null;
  }
}

/** Starts the server on `port` of 127.0.0.1; on failure the output holds what the server's log said. */
export async function startServer(
  serverDir: string,
  port: number,
  binaries: Binaries,
  user: ServerUser | null,
): Promise<Outcome> {
  const logFile = join(serverDir, LOG_FILE);
  const logBytes = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (logBytes > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`);
  const from = logBytes > LOG_BYTES_MAX ? 0 : logBytes;
  const args = ['start', '-s', '-w', '-t', `${WAIT_S}`, '-D', shellSafe(serverDir), '-l', LOG_FILE, '-o', `-p ${port}`];
  const { code, output } = await runProgram(binaries, 'pg_ctl', args, user, serverDir);
  return code === 0 ? { code, output } : { code, output: `${output}\n${readFrom(logFile, from)}`.trim() };
}

/** Stops the server: open transactions are rolled back, everything is written out. */
export async function stopServer(serverDir: string, binaries: Binaries, user: ServerUser | null): Promise<Outcome> {
  const stop = (mode: string) =>
    runProgram(binaries, 'pg_ctl', ['stop', '-s', '-w', '-t', `${WAIT_S}`, '-m', mode, '-D', '.'], user, serverDir);
  const stopped = await stop('fast');
  return stopped.code === 0 || !existsSync(join(serverDir, 'postmaster.pid')) ? stopped : stop('immediate');
}

/** A free port of 127.0.0.1: the wanted one if possible. */
export async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise(done => {
    const server = createServer();
    server.once('error', () => done(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => done(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
}

/** pg_ctl hands the path to a shell inside double quotes; what they do not cover is left to the working folder. */
function shellSafe(path: string): string {
  return /["$`\\]/.test(path) ? '.' : path;
}

function readFrom(path: string, position: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(4_096);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, position));
  } finally {
    closeSync(file);
  }
}
