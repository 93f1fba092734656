/**
 * A creating request has an effect once, however often it is sent: key, body fingerprint and reply are stored
 * in the transaction of the effect. A refusal is stored too, with the traces it leaves; its effect is undone.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import { Problem } from '../core/problem.ts';
import { type Database, query, queryOne, type Tx } from './database.ts';
import { problem } from './errors.ts';
import { inSavepoint, inTransaction } from './transaction.ts';

export const IDEMPOTENCY_KEYS_KEPT_DAYS = 30;

export type Reply = { readonly status: number; readonly body: unknown; readonly location?: string };

export type IdempotentRequest = {
  readonly principal: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly fingerprint: string;
};

type StoredReply = { fingerprint: string; status: number; reply: string; location: string | null };

/** The same value for the same body, whatever the order of its keys. */
export function fingerprintOf(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}

/**
 * Runs `work` once per key. `refused` writes the traces of a coded refusal and returns the reply to store.
 * Throws IDEMPOTENCY_KEY_REUSED (same key, other body) and IDEMPOTENCY_KEY_IN_USE (still running).
 */
export async function idempotently(
  database: Database,
  now: Date,
  request: IdempotentRequest,
  work: (tx: Tx) => Promise<Reply>,
  refused: (tx: Tx, refusal: Problem) => Promise<Reply>,
): Promise<{ reply: Reply; replayed: boolean }> {
  return await inTransaction(database, { now, retryOn: ['idempotency_key_pkey'] }, async tx => {
    const stored = await claim(tx, request);
    if (stored !== null) {
      if (stored.fingerprint !== request.fingerprint) throw problem('IDEMPOTENCY_KEY_REUSED');
      const location = stored.location === null ? {} : { location: stored.location };
      return { reply: { status: stored.status, body: JSON.parse(stored.reply), ...location }, replayed: true };
    }
    const reply = await settle(tx, work, refused);
    await store(tx, request, reply, now);
    return { reply, replayed: false };
  });
}

/** Runs `work` in a savepoint; a business refusal undoes it and leaves what `refused` writes. */
export async function settle(
  tx: Tx,
  work: (tx: Tx) => Promise<Reply>,
  refused: (tx: Tx, refusal: Problem) => Promise<Reply>,
): Promise<Reply> {
  try {
    return await inSavepoint(tx, work);
  } catch (error) {
    if (error instanceof Problem && isBusinessRefusal(error)) return await refused(tx, error);
    throw error;
  }
}

/** 404, 409, 412, 422: refusals that a repetition of the request would meet again. */
function isBusinessRefusal(refusal: Problem): boolean {
  return refusal.status >= 404 && refusal.status < 428;
}

/** The stored reply, or null with the key taken for this transaction. A lost race ends on the primary key and is retried. */
async function claim(tx: Tx, request: IdempotentRequest): Promise<StoredReply | null> {
  const { principal, method, path, key } = request;
  const taken = await queryOne<{ free: boolean }>(
    tx,
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as free',
    [[principal, method, path, key].join('\n')],
  );
  if (taken?.free !== true) throw problem('IDEMPOTENCY_KEY_IN_USE');
  return await queryOne<StoredReply>(
    tx,
    `select fingerprint, status, reply, location from idempotency_key
     where principal = $1 and method = $2 and path = $3 and key = $4`,
    [principal, method, path, key],
  );
}

async function store(tx: Tx, request: IdempotentRequest, reply: Reply, now: Date): Promise<void> {
  await query(
    tx,
    `insert into idempotency_key (principal, method, path, key, fingerprint, status, reply, location, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      request.principal,
      request.method,
      request.path,
      request.key,
      request.fingerprint,
      reply.status,
      JSON.stringify(reply.body ?? null),
      reply.location ?? null,
      now.toISOString(),
    ],
  );
}

/** Forgets keys older than 30 days; returns how many. Safe to run twice. */
export async function sweepIdempotencyKeys(database: Database, now: Date): Promise<number> {
  return await inTransaction(database, { now }, async tx => {
    const rows = await query(
      tx,
      `delete from idempotency_key where created_at < $1::timestamptz - make_interval(days => ${IDEMPOTENCY_KEYS_KEPT_DAYS}) returning 1`,
      [now.toISOString()],
    );
    return rows.length;
  });
}
