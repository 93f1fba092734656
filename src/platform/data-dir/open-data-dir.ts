import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { Problem } from '../../core/problem.ts';
import { problem } from './errors.ts';
import { withFolderLock } from './folder-lock.ts';
import { prepareDataDir, serverFolder } from './place.ts';
import { isAlive } from './process-identity.ts';
import { readPostmaster } from './server-process.ts';
import { becomeService, connect, joinUsers, servesFolder, serviceHolder } from './session.ts';
import { ensureServer } from './start-cluster.ts';
import { readState } from './state-file.ts';
import { type Held, stopIfLast } from './stop-cluster.ts';

export type OpenDataDirOptions = {
  readonly dataDir: string;
  /** `service` owns the folder alone; any number of `tool`s (command line, worker) may share it with one. */
  readonly as: 'service' | 'tool';
  readonly log: (message: string) => void;
  /** Called once when the server ends or drops our claim while we use it. */
  readonly onLost?: (error: Error) => void;
  /** False only for throwaway data: a power cut may then lose everything. */
  readonly durable?: boolean;
};

export type DataDir = {
  /** Login of the owner, who migrates (superuser of the embedded server). Holds the password: not for logs. */
  readonly adminUrl: string;
  /** Where the cluster lies: inside DATA_DIR unless the server's account could not get there. */
  readonly serverDir: string;
  /** Lets the folder go; the last one out stops the server. Close every other connection first. */
  release(): Promise<void>;
};

type Joined = { readonly client: Client; readonly adminUrl: string; readonly held: Held };

const SERVICE_WAIT_MS = 1_000;
const PAUSE_MS = 50;
const JOINS_MAX = 100;
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']);

/**
 * Opens DATA_DIR: makes the cluster in an empty one, starts its server or joins the one that runs, an orphan left by a
 * kill -9 as well. Throws DATA_DIR_IN_USE (another service holds it; it is not disturbed), DATA_DIR_NOT_WRITABLE,
 * DATA_DIR_OTHER_MAJOR, DATA_DIR_DAMAGED, EMBEDDED_POSTGRES_MISSING, EMBEDDED_POSTGRES_FAILED.
 */
export async function openDataDir(options: OpenDataDirOptions): Promise<DataDir> {
  const dataDir = prepareDataDir(options.dataDir);
  try {
    for (let tries = 0; tries < JOINS_MAX; tries += 1) {
      const joined = (await joinRunning(dataDir, options)) ?? (await startAndJoin(dataDir, options));
      if (joined !== null) return claim(joined, options);
      // It was stopped or killed between our start and our joining: then all begins again.
      await sleep(PAUSE_MS);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !NOT_WRITABLE.has(code)) throw error;
    throw problem('DATA_DIR_NOT_WRITABLE', { dataDir, reason: (error as Error).message });
  }
  throw problem('EMBEDDED_POSTGRES_FAILED', { step: 'joining', reason: 'it ends again and again', logFile: dataDir });
}

function startAndJoin(dataDir: string, options: OpenDataDirOptions): Promise<Joined | null> {
  return withFolderLock(dataDir, options.log, async () => {
    await ensureServer(dataDir, options.durable ?? true, options.log);
    return joinRunning(dataDir, options);
  });
}

function claim({ client, adminUrl, held }: Joined, options: OpenDataDirOptions): DataDir {
  let lost = false;
  let releasing: Promise<void> | undefined;
  client.once('end', () => {
    lost = true;
    if (releasing === undefined)
      options.onLost?.(new Error(`the database server of ${held.dataDir} closed the connection`));
  });
  const release = async () => {
    // Without the link there is no telling who is left; a server that still runs is adopted by the next start.
    if (!lost) await stopIfLast(held, client, options.log);
    await client.end().catch(() => {});
  };
  return {
    adminUrl,
    serverDir: held.serverDir,
    release() {
      releasing ??= release();
      return releasing;
    },
  };
}

/** Joins the server that runs on the folder; null when none does, or it is starting or stopping. */
async function joinRunning(dataDir: string, options: OpenDataDirOptions): Promise<Joined | null> {
  const state = readState(dataDir);
  if (state === null) return null;
  const serverDir = serverFolder(dataDir, state.serverDir);
  const postmaster = readPostmaster(serverDir);
  if (postmaster === null || !postmaster.ready || !isAlive(postmaster.pid)) return null;
  const client = await connect(postmaster.port, state.password, `partledger ${options.as} ${process.pid}`).catch(
    () => null,
  );
  if (client === null) return null;
  try {
    if (!(await servesFolder(client, serverDir)) || !(await joinUsers(client))) return await leave(client);
    if (options.as === 'service') await claimService(client, dataDir);
  } catch (error) {
    await leave(client);
    if (error instanceof Problem) throw error;
    return null;
  }
  const adminUrl = `postgres://partledger:${state.password}@127.0.0.1:${postmaster.port}/partledger`;
  return { client, adminUrl, held: { dataDir, serverDir, postmasterPid: postmaster.pid } };
}

/** A killed service's lock ends when the server notices the closed connection: a moment later, hence the waiting. */
async function claimService(client: Client, dataDir: string): Promise<void> {
  const until = Date.now() + SERVICE_WAIT_MS;
  while (!(await becomeService(client))) {
    if (Date.now() > until) {
      const pid = /\d+$/.exec((await serviceHolder(client)) ?? '')?.[0];
      const holder = pid === undefined ? 'Another service' : `Another service (process ${pid})`;
      throw problem('DATA_DIR_IN_USE', { dataDir, holder });
    }
    await sleep(PAUSE_MS);
  }
}

async function leave(client: Client): Promise<null> {
  await client.end().catch(() => {});
  return null;
}
