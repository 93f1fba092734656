import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';

/** The account the server runs under when root starts it; null means our own. */
export type ServerUser = { readonly uid: number; readonly gid: number };

/**
 * PostgreSQL refuses to run as root. Root therefore hands the server to whoever owns the cluster already, else to the
 * owner of DATA_DIR, else to `postgres` where that account exists, else to `nobody`. Anybody else runs it as themselves.
 */
export function chooseServerUser(dataDir: string, clusterDir: string | null): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  for (const folder of [clusterDir, dataDir]) {
    const owner = folder === null ? undefined : statSync(folder, { throwIfNoEntry: false });
    if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  return accountNamed('postgres') ?? accountNamed('nobody') ?? { uid: 65_534, gid: 65_534 };
}

function accountNamed(name: string): ServerUser | null {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** Whether the account may read a file, or run one (pass through a folder); every folder above must let it through, too. */
export function may(user: ServerUser | null, what: 'read' | 'run' | 'pass', path: string): boolean {
  if (user !== null) {
    const asUser = { uid: user.uid, gid: user.gid, cwd: '/', env: { PATH: '/usr/bin:/bin' } };
    const script = what === 'read' ? 'test -r "$1"' : 'test -x "$1"';
    return spawnSync('/bin/sh', ['-c', script, 'sh', path], asUser).status === 0;
  }
  try {
    accessSync(path, what === 'read' ? constants.R_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
