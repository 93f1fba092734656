import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, processBirth } from './process-identity.ts';

/*
 * A lock between processes that survives kill -9 of its holder. It is a numbered file `starting.<n>`; the holder is
 * the one who made the highest number. Whoever finds that one let go or dead makes the next number, exclusively, and
 * holds when none higher came meanwhile. Nothing is taken away from anybody, so nobody can take a live lock by mistake.
 */
const PREFIX = 'starting.';
const POLL_MS = 25;
const WAITS_BEFORE_WORD = 120;
/** A lock file without content is one being written; older than this its writer died in between. */
const UNWRITTEN_MAX_MS = 5_000;

type Holder = { readonly pid: number; readonly birth: string };

/** Runs `work` while no other process runs one on the same folder; waits for the other as long as it lives. */
export async function withFolderLock<Result>(
  folder: string,
  log: (message: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  let number = tryTake(folder);
  for (let waits = 1; number === null; waits += 1) {
    if (waits === WAITS_BEFORE_WORD) log(`Waiting for another process that starts or stops the database in ${folder}`);
    await sleep(POLL_MS);
    number = tryTake(folder);
  }
  try {
    return await work();
  } finally {
    writeFileSync(join(folder, `${PREFIX}${number}`), 'free');
  }
}

function tryTake(folder: string): number | null {
  const highest = Math.max(0, ...numbers(folder));
  if (highest > 0 && isHeld(join(folder, `${PREFIX}${highest}`))) return null;
  const mine = highest + 1;
  const path = join(folder, `${PREFIX}${mine}`);
  const holder: Holder = { pid: process.pid, birth: processBirth(process.pid) };
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
    // Root and the folder's owner may take turns: both must be able to read who holds.
    chmodSync(path, 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  const others = numbers(folder).filter(other => other !== mine);
  if (others.some(other => other > mine)) {
    rmSync(path, { force: true });
    return null;
  }
  for (const lower of others) rmSync(join(folder, `${PREFIX}${lower}`), { force: true });
  return mine;
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .filter(name => /^starting\.\d{1,15}$/.test(name))
    .map(name => Number(name.slice(PREFIX.length)));
}

function isHeld(path: string): boolean {
  try {
    const content = readFileSync(path, 'utf8');
    if (content === 'free') return false;
    if (content === '') return Date.now() - statSync(path).mtimeMs < UNWRITTEN_MAX_MS;
    const holder = JSON.parse(content) as Holder;
    return isAlive(holder.pid) && processBirth(holder.pid) === holder.birth;
  } catch (error) {
    // Gone or torn: a torn one has no living writer.
    return !(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
