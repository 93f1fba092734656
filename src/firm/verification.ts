/** Proofs that figures agree, run on demand and kept (R12.3). */
import type { Clock } from '../core/clock.ts';
import { uuidv7 } from '../core/uuid.ts';
import { type Database, isoInstant, query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import { inTransaction } from '../platform/transaction.ts';
import type { Disagreement, VerifyCheck } from './verify-check.ts';

export const DISAGREEMENTS_MAX = 100;

export type CheckResult = {
  readonly name: string;
  readonly ok: boolean;
  /** At most 100: a wrong figure is a fault to be found, not a list to be worked off. */
  readonly disagreements: readonly Disagreement[];
};

export type Verification = {
  readonly id: string;
  readonly requestedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
};

type VerificationRow = {
  id: string;
  requested_by: string;
  started_at: string;
  finished_at: string;
  ok: boolean;
  checks: CheckResult[];
};
const COLUMNS = 'id, requested_by, started_at, finished_at, ok, checks';

/**
 * Runs every check and keeps the outcome. Work goes on meanwhile: each check looks at one moment, being one statement.
 * `requestedBy` is the principal's name.
 */
export async function runVerification(
  database: Database,
  checks: readonly VerifyCheck[],
  requestedBy: string,
  clock: Clock,
): Promise<Verification> {
  return await inTransaction(database, { now: clock.now(), statementTimeoutMs: 0 }, tx =>
    verify(tx, checks, requestedBy, clock),
  );
}

/** Like `runVerification`, in the transaction of the caller. */
export async function verify(
  tx: Tx,
  checks: readonly VerifyCheck[],
  requestedBy: string,
  clock: Clock,
): Promise<Verification> {
  const startedAt = clock.now();
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    const disagreements = await run(tx, DISAGREEMENTS_MAX);
    results.push({ name, ok: disagreements.length === 0, disagreements });
  }
  const row = await queryOne<VerificationRow>(
    tx,
    `insert into verification (id, requested_by, started_at, finished_at, ok, checks)
     values ($1, $2, $3, $4, $5, $6::jsonb) returning ${COLUMNS}`,
    [
      uuidv7(startedAt),
      requestedBy,
      startedAt.toISOString(),
      clock.now().toISOString(),
      results.every(({ ok }) => ok),
      JSON.stringify(results),
    ],
  );
  return toVerification(row as VerificationRow);
}

/** One page, the latest first. */
export async function listVerifications(
  em: Reader,
  page: { before: string | null; limit: number },
): Promise<Verification[]> {
  const rows = await query<VerificationRow>(
    em,
    `select ${COLUMNS} from verification where ($1::uuid is null or id < $1::uuid) order by id desc limit $2`,
    [page.before, page.limit],
  );
  return rows.map(toVerification);
}

/** One outcome. Throws NOT_FOUND. */
export async function getVerification(em: Reader, id: string): Promise<Verification> {
  const row = await queryOne<VerificationRow>(em, `select ${COLUMNS} from verification where id = $1`, [id]);
  if (row === null) throw platformProblem('NOT_FOUND', { kind: 'verification', id });
  return toVerification(row);
}

function toVerification(row: VerificationRow): Verification {
  return {
    id: row.id,
    requestedBy: row.requested_by,
    startedAt: isoInstant(row.started_at),
    finishedAt: isoInstant(row.finished_at),
    ok: row.ok,
    checks: row.checks,
  };
}
