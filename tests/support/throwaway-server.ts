import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDir } from '../../src/platform/data-dir/index.ts';

export type ThrowawayServer = { readonly adminUrl: string; stop(): Promise<void> };

/**
 * Starts a PostgreSQL of its own for one test run, without any safety against power cuts, and removes it on `stop`.
 * When the test run is killed, a small watcher that hangs on a pipe to it removes the server instead.
 */
export async function startThrowawayServer(): Promise<ThrowawayServer> {
  const folder = mkdtempSync(join(tmpdir(), 'partledger-test-'));
  // As root the server's own account passes through.
  chmodSync(folder, 0o711);
  const dismissWatcher = watch(folder);
  const dataDir = await openDataDir({ dataDir: folder, as: 'tool', durable: false, log: () => {} });
  return {
    adminUrl: dataDir.adminUrl,
    async stop() {
      await dataDir.release();
      rmSync(folder, { recursive: true, force: true });
      dismissWatcher();
    },
  };
}

function watch(folder: string): () => void {
  if (process.platform === 'win32') return () => {};
  const script = `cat >/dev/null; pid=$(head -n 1 "$1/postgres/postmaster.pid" 2>/dev/null); [ -n "$pid" ] && kill -QUIT "$pid" && sleep 1; rm -rf "$1"`;
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  const { stdin } = watcher;
  stdin?.on('error', () => {});
  // A pipe holds the event loop open unless told otherwise.
  (stdin as unknown as { unref(): void } | null)?.unref();
  return () => stdin?.end();
}
