/**
 * Signing in with login and password. An attempt is counted and committed before the password is looked at, so
 * that parallel guesses count too; every refusal is answered alike and at the same time after the question.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, query, queryOne, type Tx } from '../platform/database.ts';
import { inTransaction } from '../platform/transaction.ts';
import { appendAudit } from './audit.ts';
import { problem } from './errors.ts';
import { passwordMatches } from './password.ts';
import type { Context } from './principal.ts';
import { openSession } from './session.ts';

export const SIGN_IN_FAILURES_MAX = 5;
export const LOCKED_MINUTES = 15;
/** Above what hashing and storing take, so that the time of the answer tells nothing. */
const REFUSED_AFTER_MS = 250;

type Attempt = { id: string; hash: string; failures: number };

/** Opens a session. Throws SIGN_IN_FAILED for an unknown login, a wrong password, an inactive or locked account alike. */
export async function signIn(
  database: Database,
  context: Context,
  { login, password }: { readonly login: string; readonly password: string },
): Promise<{ id: string; token: string }> {
  const startedAt = performance.now();
  const attempt = await tryPassword(database, context, login, password);
  if (attempt === null) {
    await sleep(Math.max(0, REFUSED_AFTER_MS - (performance.now() - startedAt)));
    throw problem('SIGN_IN_FAILED');
  }
  return await inTransaction(database, { now: context.now }, async tx => {
    const session = await openSession(tx, attempt.id, context.now);
    await appendAudit(tx, context, { action: 'session.opened', subjectKind: 'person', subjectId: login });
    return session;
  });
}

/** The person whose password it is, or null. Counts the attempt, locks after five failures, and starts anew after a success. */
export async function tryPassword(
  database: Database,
  context: Context,
  login: string,
  password: string,
): Promise<{ id: string } | null> {
  const { now } = context;
  const attempt = await inTransaction(database, { now }, tx => countAttempt(tx, login, now));
  const matches = await passwordMatches(attempt?.hash ?? null, password);
  return await inTransaction(database, { now }, async tx => {
    if (attempt !== null && matches) {
      await query(tx, 'update person set failed_attempts = 0, locked_until = null where id = $1', [attempt.id]);
      return { id: attempt.id };
    }
    await appendAudit(tx, context, {
      action: attempt?.failures === SIGN_IN_FAILURES_MAX ? 'person.locked' : 'sign-in.refused',
      outcome: 'refused',
      subjectKind: 'person',
      // what was typed for an unknown login may be a password
      subjectId: attempt === null ? 'unknown-or-locked' : login,
    });
    return null;
  });
}

async function countAttempt(tx: Tx, login: string, now: Date): Promise<Attempt | null> {
  return await queryOne<Attempt>(
    tx,
    `with counted as (
       select id, case when locked_until is null then failed_attempts + 1 else 1 end as failures
       from person p
       where login = $1 and active and (locked_until is null or locked_until <= $2)
         and not exists (select from dealer d where d.id = p.dealer_id and not d.active)
       for update
     )
     update person p
     set failed_attempts = c.failures,
         locked_until = case when c.failures >= ${SIGN_IN_FAILURES_MAX}
                             then $2::timestamptz + make_interval(mins => ${LOCKED_MINUTES}) end
     from counted c where p.id = c.id
     returning p.id, p.password_hash as hash, c.failures`,
    [login, now.toISOString()],
  );
}
