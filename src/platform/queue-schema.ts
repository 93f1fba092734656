/** The schema `bullmq`: made and changed by BullMQ's own migrations, here and nowhere else, under the role that owns the database. */
import { createRequire } from 'node:module';
import pg from 'pg';

export const QUEUE_SCHEMA = 'bullmq';
const LOCK = 'partledger.queue';

/** Runs BullMQ's migrations once per release of it; several processes may start at once. */
export async function migrateQueueSchema(databaseUrl: string): Promise<void> {
  const wanted = `BullMQ ${bullVersion()}`;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    if ((await currentVersion(client)) === wanted) return;
    await client.query('select pg_advisory_lock(hashtext($1))', [LOCK]);
    if ((await currentVersion(client)) === wanted) return;
    const { runMigrations } = await import('bullmq');
    await runMigrations(client as unknown as Parameters<typeof runMigrations>[0], QUEUE_SCHEMA);
    // BullMQ makes a sequence per queue at its first use, so the service needs `create` in this one schema
    await client.query(`
      begin;
      grant usage, create on schema ${QUEUE_SCHEMA} to partledger_service;
      grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to partledger_service;
      grant all on all sequences in schema ${QUEUE_SCHEMA} to partledger_service;
      comment on schema ${QUEUE_SCHEMA} is '${wanted}';
      commit`);
  } finally {
    await client.end();
  }
}

async function currentVersion(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ version: string | null }>(
    `select obj_description(to_regnamespace($1)::oid, 'pg_namespace') as version`,
    [QUEUE_SCHEMA],
  );
  return rows[0]?.version ?? null;
}

function bullVersion(): string {
  const { version } = createRequire(import.meta.url)('bullmq/package.json') as { version: string };
  return version;
}
