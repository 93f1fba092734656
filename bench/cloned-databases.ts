/** A throwaway server with one prepared database, cloned for each run: what a run writes is not there in the next. */
import pg from 'pg';
import { ensureFirm } from '../src/firm/index.ts';
import { type Database, openDatabase } from '../src/platform/database.ts';
import { migrate } from '../src/platform/migrate.ts';
import { startThrowawayServer } from '../tests/support/throwaway-server.ts';

const PREPARED = 'prepared';

export type ClonedDatabases = {
  /** Runs on a fresh clone, dropped afterwards. `database` runs as the service does; `client` is a bare connection of the same role. */
  onClone<Result>(work: (database: Database, client: pg.Client) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
};

/** Migrates the prepared database and fills it by `fill` (as its owner, triggers off). */
export async function openClonedDatabases(fill: readonly string[]): Promise<ClonedDatabases> {
  const server = await startThrowawayServer();
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  const urlOf = (name: string) => Object.assign(new URL(server.adminUrl), { pathname: `/${name}` }).href;
  await admin.query(`create database ${PREPARED}`);
  await migrate(urlOf(PREPARED), async database => {
    const firm = {
      nameZh: '测试农机',
      nameEn: null,
      timeZone: 'Asia/Shanghai',
      currency: 'CNY',
      createdAt: new Date(),
    };
    await ensureFirm(database, firm, true);
  });
  await connected(urlOf(PREPARED), async owner => {
    await owner.query('set session_replication_role = replica');
    for (const statement of fill) await owner.query(statement);
    await owner.query('vacuum analyze');
    await owner.query('checkpoint');
  });
  let clones = 0;
  return {
    async onClone(work) {
      clones += 1;
      const name = `clone_${clones}`;
      await admin.query(`create database ${name} template ${PREPARED} strategy file_copy`);
      const url = urlOf(name);
      try {
        const database = await openDatabase({ url, role: 'service', entities: [], poolMax: 4 });
        try {
          return await connected(url, async client => {
            await client.query('set role partledger_service');
            await client.query('set jit = off');
            return await work(database, client);
          });
        } finally {
          await database.close();
        }
      } finally {
        await admin.query(`drop database ${name} with (force)`);
        await admin.query('checkpoint');
      }
    },
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}

async function connected<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Seconds that the work took. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}
