import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { openDataDir } from '../../../src/platform/data-dir/index.ts';

type Said = {
  readonly event: 'log' | 'open' | 'lost' | 'released' | 'refused';
  readonly text?: string;
  readonly adminUrl?: string;
  readonly serverDir?: string;
  readonly code?: string;
  readonly message?: string;
};

export type Opener = {
  readonly pid: number;
  readonly said: readonly Said[];
  /** Resolves with the first thing of that kind the process says; rejects when it ends before. */
  heard(event: Said['event']): Promise<Said>;
  release(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
};

const SCRIPT = join(import.meta.dirname, 'open-in-child.ts');
const running = new Set<ChildProcessWithoutNullStreams>();
const folders: string[] = [];
let template: string | null = null;

/** Opens the folder in a process of its own, as another account when `uid` is given. */
export function opener(folder: string, as: 'service' | 'tool', how: { uid?: number; script?: string } = {}): Opener {
  const account = how.uid === undefined ? {} : { uid: how.uid, gid: how.uid };
  const child = spawn(process.execPath, [how.script ?? SCRIPT, folder, as], { cwd: '/', ...account });
  running.add(child);
  const said: Said[] = [];
  let noise = '';
  child.stderr.on('data', chunk => {
    noise += chunk;
  });
  createInterface({ input: child.stdout }).on('line', line => said.push(JSON.parse(line) as Said));
  let ended = false;
  const closed = once(child, 'close').then(() => {
    ended = true;
    running.delete(child);
  });
  return {
    pid: child.pid ?? 0,
    said,
    async heard(event) {
      for (;;) {
        const found = said.find(one => one.event === event);
        if (found !== undefined) return found;
        if (ended) throw new Error(`ended without "${event}", after ${JSON.stringify(said)} ${noise}`);
        await sleep(10);
      }
    },
    async release() {
      child.stdin.write('release\n');
      await closed;
      if (!said.some(one => one.event === 'released'))
        throw new Error(`was not released: ${JSON.stringify(said)} ${noise}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** A folder of its own for one test; as root others may pass through it unless `mode` says otherwise. */
export function folder(mode = 0o711): string {
  const path = mkdtempSync(join(tmpdir(), 'partledger-test-'));
  chmodSync(path, mode);
  folders.push(path);
  return path;
}

/** A folder with a database made before, nobody in it: a copy of one made once per test file. */
export async function folderMadeBefore(): Promise<string> {
  if (template === null) {
    template = mkdtempSync(join(tmpdir(), 'partledger-test-'));
    chmodSync(template, 0o711);
    const dataDir = await openDataDir({ dataDir: template, as: 'tool', durable: false, log: () => {} });
    await dataDir.release();
  }
  const path = folder();
  execFileSync('cp', ['-a', `${template}/.`, path]);
  return path;
}

/** Removes what `folderMadeBefore` copies from. */
export function removeTemplate(): void {
  if (template !== null) rmSync(template, { recursive: true, force: true });
  template = null;
}

/** The number in a cluster's postmaster.pid; null when there is no such file. */
export function postmasterPid(serverDir: string): number | null {
  const file = join(serverDir, 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed child of nobody stays a zombie where no init reaps it: that is dead, too.
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until it holds; the test's own time limit ends the waiting. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(10);
}

/** The rows of one statement, on a connection of its own. */
export async function ask(adminUrl: string | undefined, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: adminUrl ?? '' });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A copy of the part of the project that opens a DATA_DIR, without the server programs; answers its opening script. */
export function projectCopy(project: string): string {
  const root = join(import.meta.dirname, '..', '..', '..');
  for (const part of ['src/core', 'src/platform/data-dir', 'package.json', 'tests/platform/data-dir']) {
    cpSync(join(root, part), join(project, part), { recursive: true });
  }
  mkdirSync(join(project, 'node_modules'));
  for (const name of ['pg', 'big.js'])
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  return join(project, 'tests', 'platform', 'data-dir', 'open-in-child.ts');
}

/** Ends every process and server a test left, failed ones included, and removes the folders. */
export async function cleanUp(): Promise<void> {
  for (const child of running) child.kill('SIGKILL');
  for (const path of folders.splice(0)) {
    for (const serverDir of serverDirs(path)) {
      const pid = postmasterPid(serverDir);
      if (pid === null || !isPostgres(pid)) continue;
      process.kill(pid, 'SIGQUIT');
      await until(() => !isAlive(pid));
    }
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function isPostgres(pid: number): boolean {
  return (
    isAlive(pid) && (process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres'))
  );
}

function serverDirs(path: string): string[] {
  if (!existsSync(path)) return [];
  const inside = readdirSync(path, { withFileTypes: true, recursive: true });
  return inside.filter(entry => entry.name === 'postmaster.pid').map(entry => entry.parentPath);
}
