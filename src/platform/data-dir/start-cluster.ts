import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, findBinaries } from './binaries.ts';
import { ADMIN, hasCluster, makeCluster, writeSettings } from './cluster.ts';
import { problem } from './errors.ts';
import { chooseServerDir, serverFolder } from './place.ts';
import { freePort, LOG_FILE, runningPostmaster, startServer } from './server-process.ts';
import { chooseServerUser, type ServerUser } from './server-user.ts';
import { connect } from './session.ts';
import { newPassword, readState, type ServerState, writeState } from './state-file.ts';

/** Recovery after a kill can take its time; a server that answers nothing this long is broken. */
const READY_MAX_MS = 120_000;
const PAUSE_MS = 30;
/** Children of a killed server can hold its memory for a moment, and a port can be taken between choice and start. */
const WORTH_A_RETRY = /pre-existing shared memory|lock file ".*" already exists|Address already in use|could not bind/;
const STARTS_MAX = 20;

/**
 * Sees to it that the folder's server runs and has our database. The caller holds the folder's lock.
 * Throws DATA_DIR_OTHER_MAJOR, DATA_DIR_DAMAGED, EMBEDDED_POSTGRES_MISSING, EMBEDDED_POSTGRES_FAILED.
 */
export async function ensureServer(dataDir: string, durable: boolean, log: (message: string) => void): Promise<void> {
  const known = readState(dataDir);
  const user = chooseServerUser(known === null ? null : serverFolder(dataDir, known.serverDir));
  const binaries = findBinaries(dataDir, user, log);
  const state = known ?? newState(dataDir, user);
  const serverDir = serverFolder(dataDir, state.serverDir);
  if (isAbsolute(state.serverDir)) {
    log(`${dataDir} is closed to the account the server runs under; its database lies in ${serverDir}`);
  }
  if (!hasCluster(serverDir, binaries)) {
    log(`Preparing the database in ${serverDir}`);
    await makeCluster(serverDir, state.password, binaries, user, durable);
  }
  await bringUp(dataDir, serverDir, state, binaries, user, durable);
}

/** Written before the cluster is made: a cluster whose password is unknown would be lost. */
function newState(dataDir: string, user: ServerUser | null): ServerState {
  const state = { serverDir: chooseServerDir(dataDir, user), password: newPassword(), port: 0 };
  writeState(dataDir, state);
  return state;
}

async function bringUp(
  dataDir: string,
  serverDir: string,
  state: ServerState,
  binaries: Binaries,
  user: ServerUser | null,
  durable: boolean,
): Promise<void> {
  const logFile = join(serverDir, LOG_FILE);
  const until = Date.now() + READY_MAX_MS;
  let starts = 0;
  let reason = 'it does not answer';
  while (Date.now() < until) {
    const postmaster = runningPostmaster(serverDir);
    if (postmaster?.ready && (await hasDatabase(postmaster.port, state.password))) return;
    if (postmaster !== null) {
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

/** Whether our database answers; makes it in a new cluster. False while the server starts or stops. */
async function hasDatabase(port: number, password: string): Promise<boolean> {
  try {
    const client = await connect(port, password, 'partledger start');
    await client.end();
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '28P01') {
      throw problem('DATA_DIR_DAMAGED', { path: 'server.json', reason: 'the server does not accept its password' });
    }
    if (code !== '3D000') return false;
  }
  const client = await connect(port, password, 'partledger start', 'postgres');
  await client.query(`create database ${ADMIN}`);
  await client.end();
  return true;
}
