/** When a key or session was last used: noted in memory, written once a minute in one statement, outside every request. */
import type { Logger } from 'pino';
import { type Database, query } from '../platform/database.ts';
import { inTransaction } from '../platform/transaction.ts';

const WRITE_EVERY_MS = 60_000;

export type LastUses = {
  note(kind: 'key' | 'session', id: string, at: Date): void;
  /** Writes what was noted; called by the timer and when the service stops. */
  write(): Promise<void>;
  stop(): Promise<void>;
};

const STATEMENTS = {
  key: `update api_key k set last_used_at = u.at from unnest($1::uuid[], $2::timestamptz[]) as u(id, at)
        where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`,
  session: `update session s set last_seen_at = u.at from unnest($1::uuid[], $2::timestamptz[]) as u(id, at)
        where s.id = u.id and s.last_seen_at < u.at`,
} as const;

export function openLastUses(database: Database, log: Logger): LastUses {
  const noted = { key: new Map<string, Date>(), session: new Map<string, Date>() };
  const write = async () => {
    for (const kind of ['key', 'session'] as const) {
      // sorted, so that two processes take the row locks in one order
      const uses = [...noted[kind]].sort(([a], [b]) => (a < b ? -1 : 1));
      noted[kind].clear();
      if (uses.length === 0) continue;
      const params = [uses.map(([id]) => id), uses.map(([, at]) => at.toISOString())];
      await inTransaction(database, { now: uses[0]?.[1] ?? new Date(0) }, tx => query(tx, STATEMENTS[kind], params));
    }
  };
  const timer = setInterval(() => {
    write().catch(error => log.warn({ err: error }, 'last-use.not-written'));
  }, WRITE_EVERY_MS);
  timer.unref();
  return {
    note: (kind, id, at) => noted[kind].set(id, at),
    write,
    async stop() {
      clearInterval(timer);
      await write().catch(error => log.warn({ err: error }, 'last-use.not-written'));
    },
  };
}
