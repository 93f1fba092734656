/**
 * The only place that opens a transaction. A serialization failure or deadlock is tried again, at most three
 * times; everything else ends the transaction. Constraint violations become the problem their name stands for.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Facts, Problem } from '../core/problem.ts';
import type { Database, Tx } from './database.ts';
import { problem } from './errors.ts';
import { adoptEvents, writeEvents } from './outbox.ts';

const ATTEMPTS_MAX = 3;
const RETRYABLE = new Set(['40001', '40P01']);

type ConstraintProblem = (facts: Facts) => Problem;
const constraintProblems = new Map<string, ConstraintProblem>();

/** One line per constraint a user can run into: its name → the problem it stands for. */
export function mapConstraints(table: Readonly<Record<string, ConstraintProblem>>): void {
  for (const [name, make] of Object.entries(table)) constraintProblems.set(name, make);
}

export type TransactionOptions = {
  readonly now: Date;
  /** Bulk work may take longer than a request: milliseconds, 0 = without end. */
  readonly statementTimeoutMs?: number;
  /** Names of constraints whose violation is worth another try (a lost race on a unique key). */
  readonly retryOn?: readonly string[];
};

/** Runs `work` in one transaction and writes its events last. Throws BUSY when locks or retries run out. */
export async function inTransaction<Result>(
  database: Database,
  options: TransactionOptions,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.orm.em.fork().transactional(async em => {
        const tx = em as Tx;
        if (options.statementTimeoutMs !== undefined) {
          await tx.execute(`set local statement_timeout = ${Math.trunc(options.statementTimeoutMs)}`);
          await tx.execute('set local idle_in_transaction_session_timeout = 0');
        }
        const result = await work(tx);
        await tx.flush();
        await writeEvents(tx, options.now);
        return result;
      });
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !worthAnotherTry(error, options.retryOn)) throw asProblem(error);
      await sleep(5 + Math.random() * 20 * attempt);
    }
  }
}

/** A savepoint inside a transaction: rolled back alone when `work` throws. */
export async function inSavepoint<Result>(tx: Tx, work: (inner: Tx) => Promise<Result>): Promise<Result> {
  try {
    return await tx.transactional(async em => {
      const result = await work(em as Tx);
      await em.flush();
      adoptEvents(tx, em as Tx);
      return result;
    });
  } catch (error) {
    if (worthAnotherTry(error)) throw error;
    throw asProblem(error);
  }
}

function worthAnotherTry(error: unknown, constraints: readonly string[] = []): boolean {
  const { code, constraint } = databaseError(error);
  return (code !== undefined && RETRYABLE.has(code)) || (constraint !== undefined && constraints.includes(constraint));
}

/** What the database refused, as the problem its constraint stands for; anything unknown stays what it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof Problem) return error;
  const { code, constraint } = databaseError(error);
  if (constraint !== undefined) {
    const make = constraintProblems.get(constraint);
    if (make !== undefined) return make({ constraint });
  }
  // lock_timeout, statement_timeout, deadlock and serialization failures after the last try
  if (code === '55P03' || code === '57014' || (code !== undefined && RETRYABLE.has(code))) return problem('BUSY');
  return error;
}

function databaseError(error: unknown): { code?: string; constraint?: string } {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, constraint } = at as { code?: unknown; constraint?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
      return typeof constraint === 'string' ? { code, constraint } : { code };
    }
  }
  return {};
}
