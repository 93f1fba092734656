/**
 * Runs what is missing of migrations/*.sql in order, each in one transaction, under an advisory lock so that
 * several processes may start at once. Hand-written SQL: constraints and triggers are the point.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Migration, Migrator } from '@mikro-orm/migrations';
import pg from 'pg';
import { type Database, openDatabase, queryOne } from './database.ts';
import { problem } from './errors.ts';

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations');
const MIGRATE_LOCK = 'partledger.migrate';
const SERVER_VERSION_MIN = 150_000;

function migrationList() {
  return readdirSync(MIGRATIONS)
    .filter(name => name.endsWith('.sql'))
    .sort()
    .map(file => ({
      name: file.replace(/\.sql$/, ''),
      class: class extends Migration {
        override up(): void {
          this.addSql(readFileSync(join(MIGRATIONS, file), 'utf8'));
        }
      },
    }));
}

function migratorOf(database: Database): Migrator {
  database.orm.config.set('migrations', {
    ...database.orm.config.get('migrations'),
    migrationsList: migrationList(),
    snapshot: false,
    tableName: 'schema_migration',
    transactional: true,
    allOrNothing: false,
  });
  return new Migrator(database.orm.em);
}

/** Brings the schema to this release; returns the names of the migrations that ran. Throws SERVER_TOO_OLD. */
export async function migrate(url: string, afterwards?: (database: Database) => Promise<void>): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await requireServerVersion(lock);
    await lock.query('select pg_advisory_lock(hashtext($1))', [MIGRATE_LOCK]);
    const database = await openDatabase({ url, role: 'owner', entities: [], poolMax: 2 });
    try {
      const done = await migratorOf(database).up();
      await afterwards?.(database);
      return done.map(({ name }) => name);
    } finally {
      await database.close();
    }
  } finally {
    await lock.end();
  }
}

async function requireServerVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ number: string; version: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
  );
  if (Number(rows[0]?.number) < SERVER_VERSION_MIN) throw problem('SERVER_TOO_OLD', { version: rows[0]?.version });
}

/** What a release needs and the database lacks; all of it where the database is empty. */
export async function pendingMigrations(database: Database): Promise<string[]> {
  const names = migrationList().map(({ name }) => name);
  const table = await queryOne<{ there: boolean }>(
    database.reader(),
    `select to_regclass('schema_migration') is not null as there`,
  );
  if (table?.there !== true) return names;
  const rows = await database.reader().execute<Array<{ name: string }>>('select name from schema_migration');
  const done = new Set(rows.map(({ name }) => name));
  return names.filter(name => !done.has(name));
}
