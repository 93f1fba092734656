/**
 * The one way to PostgreSQL: MikroORM over a pg pool whose statements are named, so that the server prepares
 * them once per connection. Documents go through entities; postings and reads go through `query`.
 */
import { createHash } from 'node:crypto';
import type { EntitySchema } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { MikroORM } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import pg from 'pg';

declare const txBrand: unique symbol;

/** Reads outside a transaction. */
export type Reader = EntityManager;
/** An open transaction; only `inTransaction` and `idempotently` make one. */
export type Tx = EntityManager & { readonly [txBrand]: true };

export type Database = {
  readonly orm: MikroORM;
  /** A fresh entity manager for reads outside a transaction. */
  reader(): Reader;
  /** Connections of the pool right now, and how many requests wait for one. */
  pool(): { readonly busy: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly url: string;
  /** `owner` migrates; everything else runs as the role that cannot change a ledger. */
  readonly role: 'owner' | 'service';
  readonly entities: readonly EntitySchema[];
  readonly poolMax?: number;
};

const SERVICE_ROLE = 'partledger_service';
const NAMED_STATEMENTS_MAX = 1_000;
const LOCK_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 120_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

const statementNames = new Map<string, string>();
const clients = new Map<number, WeakRef<pg.Client>>();

/** The name under which a statement is prepared; none once the table is full, so that it stays bounded. */
function statementName(text: string): string | undefined {
  const known = statementNames.get(text);
  if (known !== undefined || statementNames.size >= NAMED_STATEMENTS_MAX) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 32);
  statementNames.set(text, name);
  return name;
}

class NamingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's overloads are passed through untouched
  override query(...args: any[]): any {
    const [text, values] = args;
    if (typeof text === 'string' && Array.isArray(values) && values.length > 0) {
      const name = statementName(text);
      if (name !== undefined)
        return (super.query as (...a: unknown[]) => unknown)({ text, values, name }, ...args.slice(2));
    }
    return (super.query as (...a: unknown[]) => unknown)(...args);
  }
}

/** Connects, checks that the server answers, and returns the pool with its entities. Bulk work gets its own timeouts with `set local`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const url = new URL(options.url);
  let pool: pg.Pool | null = null;
  const orm = await MikroORM.init({
    clientUrl: options.url,
    dbName: decodeURIComponent(url.pathname.slice(1)),
    entities: [...options.entities],
    discovery: { warnWhenNoEntities: false },
    // decimals and bigints stay text: JS numbers never carry money, quantity or ids
    pool: { min: 0, max: options.poolMax ?? 20, idleTimeoutMillis: 30_000 },
    driverOptions: {
      Client: NamingClient,
      application_name: `partledger-${options.role}`,
      keepAlive: true,
      connectionTimeoutMillis: 15_000,
      options: connectionOptions(options.role),
      onPoolCreated: (made: pg.Pool) => {
        pool = made;
        made.on('connect', client => {
          const { processID } = client as unknown as { processID: number };
          clients.set(processID, new WeakRef(client as unknown as pg.Client));
          client.once('end', () => clients.delete(processID));
        });
      },
    },
    debug: false,
    logger: () => {},
    allowGlobalContext: false,
    ensureDatabase: false,
  });
  return { orm, reader: () => orm.em.fork(), pool: () => poolFigures(pool), close: () => orm.close(true) };
}

function poolFigures(pool: pg.Pool | null) {
  const { totalCount, idleCount, waitingCount } = pool ?? { totalCount: 0, idleCount: 0, waitingCount: 0 };
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

function connectionOptions(role: DatabaseOptions['role']): string {
  const settings = [
    `lock_timeout=${LOCK_TIMEOUT_MS}`,
    `statement_timeout=${role === 'owner' ? 0 : STATEMENT_TIMEOUT_MS}`,
    `idle_in_transaction_session_timeout=${role === 'owner' ? 0 : IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
    'timezone=UTC',
    'jit=off',
    ...(role === 'service' ? [`role=${SERVICE_ROLE}`] : []),
  ];
  return settings.map(setting => `-c ${setting}`).join(' ');
}

/** Runs one statement with `$1` parameters, inside the transaction where there is one. numeric, bigint, date and timestamptz come as text. */
export async function query<Row = Record<string, unknown>>(
  em: Reader,
  text: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  const kysely = (em.getTransactionContext() ?? em.getConnection().getClient()) as Kysely<unknown>;
  const result = await kysely.executeQuery(CompiledQuery.raw(text, [...params]));
  return result.rows as Row[];
}

/** Like `query`, for statements that return at most one row. */
export async function queryOne<Row = Record<string, unknown>>(
  em: Reader,
  text: string,
  params: readonly unknown[] = [],
): Promise<Row | null> {
  const [row] = await query<Row>(em, text, params);
  return row ?? null;
}

/** The pg client on which a transaction runs, for COPY; nothing else may use it. */
export async function clientOf(tx: Tx): Promise<pg.Client> {
  const row = await queryOne<{ pid: number }>(tx, 'select pg_backend_pid() as pid');
  const client = clients.get(row?.pid ?? 0)?.deref();
  if (client === undefined) throw new Error('the connection of the transaction is gone');
  return client;
}

/** A timestamptz as PostgreSQL prints it (UTC session) as the ISO instant of the API. */
export function isoInstant(text: string): string {
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();
}
