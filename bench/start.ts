/** `start`: seconds from the command to the ready line, on an existing database that was stopped cleanly. Absolute. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BenchRow, median } from './row.ts';

const RUNS = 5;
const TARGET_SECONDS = 3;
const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

/** Starts the service, waits until it says it is ready, stops it; returns the seconds to ready. */
async function startOnce(dataDir: string): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: '', REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seconds: number | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('Partledger is ready')) continue;
    seconds = (performance.now() - begun) / 1_000;
    child.kill('SIGTERM');
  }
  if (child.exitCode === null) await once(child, 'exit');
  if (seconds === null) throw new Error('the service did not start');
  return seconds;
}

export async function start(): Promise<BenchRow> {
  const dataDir = mkdtempSync(join(tmpdir(), 'partledger-bench-start-'));
  chmodSync(dataDir, 0o711);
  try {
    // the first start makes the database and the demo company, and is not counted
    await startOnce(dataDir);
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run += 1) runs.push(await startOnce(dataDir));
    const ours = median(runs);
    return {
      row: 'start',
      kind: 'absolute',
      ours,
      floor: TARGET_SECONDS,
      ratio: ours / TARGET_SECONDS,
      target: TARGET_SECONDS,
      unit: 's',
      runs: RUNS,
      floorSource: 'absolute: seconds from the command to the ready line',
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
