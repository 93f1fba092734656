/** The executable as its users start it: real processes, real signals. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PROJECT = join(import.meta.dirname, '..', '..');
const MAIN = join(PROJECT, 'src', 'main.ts');

export type Finished = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
};
export type Running = { readonly child: ChildProcess; readonly finished: Promise<Finished> };

/** A DATA_DIR of its own; removed by `removeDataDir`. */
export function newDataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'partledger-run-'));
  chmodSync(folder, 0o711);
  return folder;
}

export function removeDataDir(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Settings of a child: nothing of the test run's own database or queue reaches it. */
export function environment(dataDir: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATA_DIR: dataDir,
    FILES_DIR: '',
    DATABASE_URL: '',
    REDIS_URL: '',
    PORT: '0',
    HOST: '',
    DEMO: '0',
    LOG_LEVEL: 'warn',
    ADMIN_LOGIN: '',
    ADMIN_PASSWORD: '',
    ...more,
  };
}

export function start(args: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => {
    stdout += chunk;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  const finished = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return { child, finished };
}

/** Runs a role to its end. */
export function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  return start(args, env).finished;
}

/** Waits for the ready line of a service; returns its address. Throws with its words when it ends before. */
export async function readyAddress(running: Running): Promise<string> {
  const { stdout } = running.child;
  if (stdout === null) throw new Error('no stdout');
  const ready = new Promise<string>(resolve => {
    createInterface({ input: stdout }).on('line', line => {
      const found = /^Partledger is ready: (http:\/\/\S+)$/.exec(line);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
  });
  const ended = running.finished.then(({ code, stderr }) => {
    throw new Error(`the service ended with ${code}: ${stderr}`);
  });
  return await Promise.race([ready, ended]);
}

/** Ends a process by SIGKILL, as a power cut would end it. */
export async function killHard(running: Running): Promise<void> {
  running.child.kill('SIGKILL');
  await running.finished;
}
