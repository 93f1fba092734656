import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.ts';
import { ADMIN, hasCluster, makeCluster, writeSettings } from './cluster.ts';
import { problem } from './errors.ts';
import { canLieInside, chooseServerDir, serverFolder } from './place.ts';
import { freePort, LOG_FILE, runningPostmaster, startServer, stopServer } from './server-process.ts';
import { chooseServerUser, type ServerUser } from './server-user.ts';
import { connect } from './session.ts';
import { newPassword, readState, type ServerState, writeState } from './state-file.ts';

/** Recovery after a kill can take its time; a server that answers nothing this long is broken. */
const READY_MAX_MS = 120_000;
const PAUSE_MS = 30;
/** Children of a killed server can hold its memory for a moment, and a port can be taken between choice and start. */
const WORTH_A_RETRY = /pre-existing shared memory|lock file ".*" already exists|Address already in use|could not bind/;
const STARTS_MAX = 20;
const NO_SUCH_DATABASE = '3D000';
const WRONG_PASSWORD = '28P01';

/**
 * Sees to it that the folder's server runs and has our database. The caller holds the folder's lock.
 * Throws DATA_DIR_OTHER_MAJOR, DATA_DIR_DAMAGED, EMBEDDED_POSTGRES_MISSING, EMBEDDED_POSTGRES_FAILED.
 */
export async function ensureServer(dataDir: string, durable: boolean, log: (message: string) => void): Promise<void> {
  const known = readState(dataDir);
  const user = chooseServerUser(dataDir, known === null ? null : serverFolder(dataDir, known.serverDir));
  const server = { dataDir, user, durable, log, binaries: findBinaries(dataDir, user, log) };
  const state = known?.made === true ? known : await begin(server, known);
  const serverDir = serverFolder(dataDir, state.serverDir);
  if (isAbsolute(state.serverDir))
    log(`The database of ${dataDir} lies in ${serverDir}, where its server can reach it`);
  if (!hasCluster(serverDir, server.binaries)) {
    throw problem('DATA_DIR_DAMAGED', { path: dataDir, reason: `the database that was in ${serverDir} is gone` });
  }
  const before = runningPostmaster(serverDir);
  try {
    await bringUp(server, serverDir, state);
  } catch (error) {
    // What we started and cannot use must not stay behind.
    if (before === null && runningPostmaster(serverDir) !== null) await stopServer(serverDir, server.binaries, user);
    throw error;
  }
}

type Server = {
  readonly dataDir: string;
  readonly user: ServerUser | null;
  readonly durable: boolean;
  readonly binaries: Binaries;
  readonly log: (message: string) => void;
};

/** Makes the first cluster, or makes it again when an earlier start was killed before it was complete. */
async function begin(
  { dataDir, user, durable, binaries, log }: Server,
  known: ServerState | null,
): Promise<ServerState> {
  const stays = known !== null && (isAbsolute(known.serverDir) || canLieInside(dataDir, user));
  const state = stays
    ? known
    : { serverDir: chooseServerDir(dataDir, user, log), password: newPassword(), port: 0, made: false };
  // Written before the cluster is made: a cluster whose password is unknown would be lost.
  writeState(dataDir, state);
  const serverDir = serverFolder(dataDir, state.serverDir);
  if (!hasCluster(serverDir, binaries)) {
    log(`Preparing the database in ${serverDir}`);
    await makeCluster(serverDir, state.password, binaries, user, durable);
  }
  const made = { ...state, made: true };
  writeState(dataDir, made);
  return made;
}

async function bringUp({ dataDir, binaries, user, durable }: Server, serverDir: string, state: ServerState) {
  const logFile = join(serverDir, LOG_FILE);
  const until = Date.now() + READY_MAX_MS;
  let starts = 0;
  let reason = '';
  while (Date.now() < until) {
    const postmaster = runningPostmaster(serverDir);
    if (postmaster !== null) {
      const answer = postmaster.ready ? await whyNoDatabase(postmaster.port, state.password) : 'it does not get ready';
      if (answer === null) return;
      reason = answer;
      await sleep(PAUSE_MS);
      continue;
    }
    writeSettings(serverDir, user, durable);
    const port = await freePort(state.port);
    if (port !== state.port) writeState(dataDir, { ...state, port });
    const { code, output } = await startServer(serverDir, port, binaries, user);
    starts += 1;
    if (code === 0) continue;
    reason = output;
    if (!WORTH_A_RETRY.test(output) || starts >= STARTS_MAX) break;
    await sleep(PAUSE_MS * starts);
  }
  throw problem('EMBEDDED_POSTGRES_FAILED', { step: 'start', reason, logFile });
}

/** Null once our database answers, made first in a new cluster; else what the server said, which starts or stops. */
async function whyNoDatabase(port: number, password: string): Promise<string | null> {
  const answer = await attempt(port, password, ADMIN);
  if (answer === null || answer.code !== NO_SUCH_DATABASE) return answer?.message ?? null;
  // A killed starter's statement may still be making it, and then refuses ours: asked again, it is there.
  const made = await attempt(port, password, 'postgres', `create database ${ADMIN}`);
  return made?.message ?? null;
}

/** Connects and runs one statement; answers the error if there was one. Throws DATA_DIR_DAMAGED for a wrong password. */
async function attempt(port: number, password: string, database: string, sql?: string) {
  try {
    const client = await connect(port, password, 'partledger start', database);
    try {
      if (sql !== undefined) await client.query(sql);
    } finally {
      await client.end();
    }
    return null;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === WRONG_PASSWORD) {
      throw problem('DATA_DIR_DAMAGED', { path: 'server.json', reason: 'the server does not accept its password' });
    }
    return { code, message };
  }
}
