import type { Client } from 'pg';
import { findBinaries } from './binaries.ts';
import { withFolderLock } from './folder-lock.ts';
import { stopServer } from './server-process.ts';
import { chooseServerUser } from './server-user.ts';
import { leaveAsLast } from './session.ts';

/** Gives up our part in the folder and stops the server when nobody else has one. */
export async function stopIfLast(
  dataDir: string,
  serverDir: string,
  client: Client | null,
  log: (message: string) => void,
): Promise<void> {
  // Without the link there is no telling who is left; an orphan is adopted by the next start.
  if (client === null) return;
  await withFolderLock(dataDir, async () => {
    if (!(await leaveAsLast(client))) return;
    const user = chooseServerUser(serverDir);
    const { code, output } = await stopServer(serverDir, findBinaries(dataDir, user, log), user);
    if (code !== 0) log(`The database server in ${serverDir} did not stop: ${output}`);
  });
}
