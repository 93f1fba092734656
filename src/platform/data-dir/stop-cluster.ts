import { existsSync } from 'node:fs';
import type { Client } from 'pg';
import { findBinaries } from './binaries.ts';
import { withFolderLock } from './folder-lock.ts';
import { stopServer } from './server-process.ts';
import { chooseServerUser } from './server-user.ts';
import { leaveAsLast } from './session.ts';

/** Which server it is that we let go. */
export type Held = { readonly dataDir: string; readonly serverDir: string; readonly postmasterPid: number };

/** Gives up our part in the folder and stops the server when nobody else has one. */
export async function stopIfLast(
  { dataDir, serverDir, postmasterPid }: Held,
  client: Client,
  log: (message: string) => void,
): Promise<void> {
  if (!existsSync(serverDir)) {
    // Somebody removed the folder under the running server: there is nothing left to write out, or to lock.
    process.kill(postmasterPid, 'SIGQUIT');
    return;
  }
  await withFolderLock(dataDir, log, async () => {
    if (!(await leaveAsLast(client))) return;
    const user = chooseServerUser(dataDir, serverDir);
    const { code, output } = await stopServer(serverDir, findBinaries(dataDir, user, log), user);
    if (code !== 0) log(`The database server in ${serverDir} did not stop: ${output}`);
  });
}
