import { Client } from 'pg';
import { ADMIN } from './cluster.ts';
import { isSameFolder } from './same-folder.ts';

/*
 * Who uses a DATA_DIR is known by session advisory locks in its database, held on one connection per process: they end
 * with the process, however it ends. Every process shares USERS; the service alone holds SERVICE; who can take USERS
 * exclusively is the last one, and while it is taken so the server is about to stop.
 */
const LOCK_CLASS = 20_556;
const USERS = 1;
const SERVICE = 2;
const CONNECT_MAX_MS = 5_000;

/** Connects as the owner. `name` shows in pg_stat_activity and in the refusal of a second service. */
export async function connect(port: number, password: string, name: string, database = ADMIN): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: ADMIN,
    password,
    database,
    application_name: name,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    ssl: false,
    // The claim rests on this connection: no setting of the server may end it.
    options: '-c idle_session_timeout=0 -c statement_timeout=0',
  });
  // Without a listener an 'error' of a lost link would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Whether the server at the other end really serves this folder, and not a copy of it. */
export async function servesFolder(client: Client, serverDir: string): Promise<boolean> {
  const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
  return rows[0] !== undefined && isSameFolder(rows[0].folder, serverDir) === true;
}

/** Joins the users of the folder; false when its server is being stopped. */
export function joinUsers(client: Client): Promise<boolean> {
  return yes(client, 'select pg_try_advisory_lock_shared($1, $2) as yes', USERS);
}

/** Becomes the one service of the folder; false while another is. */
export function becomeService(client: Client): Promise<boolean> {
  return yes(client, 'select pg_try_advisory_lock($1, $2) as yes', SERVICE);
}

/** Lets everything go, then takes the folder alone: true for the last user, who has to stop the server. */
export async function leaveAsLast(client: Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_all()');
  return yes(client, 'select pg_try_advisory_lock($1, $2) as yes', USERS);
}

/** The name under which the present service connected. */
export async function serviceHolder(client: Client): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2`,
    [LOCK_CLASS, SERVICE],
  );
  return rows[0]?.name ?? null;
}

async function yes(client: Client, sql: string, key: number): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(sql, [LOCK_CLASS, key]);
  return rows[0]?.yes === true;
}
