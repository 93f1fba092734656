/** What every role stands on: the database (own or embedded), brought to this release, and the firm in it. */
import pino, { type Logger } from 'pino';
import { type Config, sessionSecretOf } from '../config.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { ensureFirm, getFirm } from '../firm/index.ts';
import { type DataDir, openDataDir } from '../platform/data-dir/index.ts';
import { type Database, openDatabase } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem } from '../platform/errors.ts';
import { openFileStore } from '../platform/file-store.ts';
import { openLog } from '../platform/log.ts';
import { migrate, pendingMigrations } from '../platform/migrate.ts';
import { migrateQueue, type Queue, silentQueue } from '../platform/queue.ts';

export type System = {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  /** URL of the login role that owns the database. */
  readonly databaseUrl: string;
  readonly timeZone: string;
  /** Names of the migrations this start ran. */
  readonly migrated: readonly string[];
  close(): Promise<void>;
};

export type OpenOptions = {
  /** `service` owns DATA_DIR alone; a `tool` shares it with a running service. */
  readonly as: 'service' | 'tool';
  /** Brings the schema to this release; a role that does not refuses another one. */
  readonly migrate: boolean;
  /** Progress for the person at the terminal; goes to stderr. */
  readonly say: (message: string) => void;
  readonly onLost?: (error: Error) => void;
};

const FIRM_NAMES = { nameZh: '本公司', nameEn: 'Our firm' };
const DEMO_FIRM_NAMES = { nameZh: '丰禾农业机械有限公司', nameEn: 'Fenghe Farm Machinery Co., Ltd.' };

/** Opens the database of the configuration. Throws DATA_DIR_IN_USE, SCHEMA_NOT_MIGRATED, SERVER_TOO_OLD, TIME_ZONE_MISMATCH. */
export async function openSystem(config: Config, options: OpenOptions): Promise<System> {
  const log = openLog(config.logLevel, pino.destination({ dest: 2, sync: true }));
  const dataDir = config.databaseUrl === null ? await embedded(config, options) : null;
  const databaseUrl = config.databaseUrl ?? (dataDir as DataDir).adminUrl;
  try {
    const migrated = options.migrate ? await bringUpToDate(config, databaseUrl) : [];
    const database = await openDatabase({ url: databaseUrl, role: 'service', entities: [] });
    const pending = options.migrate ? [] : await pendingMigrations(database);
    if (pending.length > 0) {
      await database.close();
      throw problem('SCHEMA_NOT_MIGRATED', { pending: pending.join(', ') });
    }
    const { timeZone } = await getFirm(database.reader());
    const close = async () => {
      await database.close();
      await dataDir?.release();
    };
    return { config, clock: systemClock, log, database, databaseUrl, timeZone, migrated, close };
  } catch (error) {
    await dataDir?.release();
    throw error;
  }
}

function embedded(config: Config, options: OpenOptions): Promise<DataDir> {
  return openDataDir({
    dataDir: config.dataDir,
    as: options.as,
    log: options.say,
    ...(options.onLost === undefined ? {} : { onLost: options.onLost }),
  });
}

async function bringUpToDate(config: Config, databaseUrl: string): Promise<string[]> {
  const names = config.demo ? DEMO_FIRM_NAMES : FIRM_NAMES;
  const migrated = await migrate(databaseUrl, async owner => {
    await ensureFirm(
      owner,
      { ...names, timeZone: config.timeZone, currency: 'CNY', createdAt: systemClock.now() },
      config.timeZoneIsSet,
    );
  });
  if (config.redisUrl === null) await migrateQueue(databaseUrl);
  return migrated;
}

/** The typed object handed to routes and jobs. */
export function dependenciesOf(system: System, queue: Queue = silentQueue): Dependencies {
  const { clock, timeZone, database, log, config } = system;
  return {
    clock,
    timeZone,
    database,
    queue,
    log,
    files: openFileStore(config.filesDir),
    sessionSecret: sessionSecretOf(config),
    secureCookies: config.secureCookies,
  };
}
