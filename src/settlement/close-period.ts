/** The month's end: lock, check, freeze, close (R9.2, R9.3). */
import { appendAudit, type Context } from '../access/index.ts';
import { earlierOpenPeriod, type FiscalPeriod, getPeriod, lockPeriod } from '../firm/index.ts';
import { type Database, query, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { inTransaction } from '../platform/transaction.ts';
import { CLOSING_CHECKS, type ClosingCheck } from './closing-check.ts';
import { problem } from './errors.ts';
import { type FrozenHeader, freezeStatements } from './freeze-statements.ts';

/** A close waits for postings under way, a history import among them. */
const CLOSE_LOCK_TIMEOUT_MS = 120_000;

export type PeriodClosing = {
  readonly period: string;
  /** How many statements were frozen, with how many lines. */
  readonly statements: number;
  readonly lines: number;
};

/**
 * Closes a period: one transaction that locks it, runs the checks of this and (handed in) of higher modules, freezes a
 * statement for every dealer with movements or a balance, and tells everybody. Throws PERIOD_NOT_FOUND, PERIOD_NOT_OPEN,
 * PERIOD_NOT_OVER, PERIOD_EARLIER_OPEN, PERIOD_FIGURES_DISAGREE, BUSY.
 */
export async function closePeriod(
  database: Database,
  context: Context,
  name: string,
  checks: readonly ClosingCheck[] = [],
): Promise<PeriodClosing> {
  return await inTransaction(database, { now: context.now, statementTimeoutMs: 0 }, async tx => {
    await tx.execute(`set local lock_timeout = ${CLOSE_LOCK_TIMEOUT_MS}`);
    const period = await lockPeriod(tx, name);
    await requireClosable(tx, period, context.today);
    await requireAgreement(tx, period, [...CLOSING_CHECKS, ...checks]);
    const frozen = await freezeStatements(tx, period, context.now);
    await markClosed(tx, context, period);
    return await announce(tx, context, period, frozen);
  });
}

/** Refuses what can be refused before anything long begins. Same problems as `closePeriod` but the figures. */
export async function refuseUnclosable(em: Reader, name: string, today: string): Promise<void> {
  await requireClosable(em, await getPeriod(em, name), today);
}

/** What a period's close left, for a run that finds it done; null while the period is open. */
export async function findClosing(em: Reader, name: string): Promise<PeriodClosing | null> {
  const period = await getPeriod(em, name);
  if (period.state === 'open') return null;
  const [row] = await query<{ statements: number; lines: number }>(
    em,
    `select count(*)::int as statements, coalesce(sum(line_count), 0)::int as lines from statement_of_account where period_id = $1`,
    [period.id],
  );
  return { period: name, statements: row?.statements ?? 0, lines: row?.lines ?? 0 };
}

async function requireClosable(em: Reader, period: FiscalPeriod, today: string): Promise<void> {
  const facts = { period: period.name };
  if (period.state !== 'open') throw problem('PERIOD_NOT_OPEN', { ...facts, state: period.state });
  if (period.lastOn >= today) throw problem('PERIOD_NOT_OVER', { ...facts, lastOn: period.lastOn });
  const earlier = await earlierOpenPeriod(em, period);
  if (earlier !== null) throw problem('PERIOD_EARLIER_OPEN', { ...facts, earlier: earlier.name });
}

async function requireAgreement(tx: Tx, period: FiscalPeriod, checks: readonly ClosingCheck[]): Promise<void> {
  for (const { name, run } of checks) {
    const [first] = await run(tx, period, 1);
    if (first !== undefined) throw problem('PERIOD_FIGURES_DISAGREE', { period: period.name, check: name, ...first });
  }
}

async function markClosed(tx: Tx, context: Context, period: FiscalPeriod): Promise<void> {
  await query(
    tx,
    `update fiscal_period set state = 'closed', closed_at = $2, closed_by = $3, version = version + 1 where id = $1`,
    [period.id, context.now.toISOString(), context.principal.name],
  );
}

async function announce(
  tx: Tx,
  context: Context,
  period: FiscalPeriod,
  frozen: readonly FrozenHeader[],
): Promise<PeriodClosing> {
  const lines = frozen.reduce((total, { lineCount }) => total + lineCount, 0);
  const closing = { period: period.name, statements: frozen.length, lines };
  for (const { dealerCode, number, currency, closing: balance, contentHash } of frozen) {
    const subject = { number, period: period.name, currency, closing: balance, contentHash };
    publish(tx, { stream: dealerCode, type: 'statement.frozen', subject });
  }
  publish(tx, { stream: FIRM_STREAM, type: 'period.closed', subject: closing });
  await appendAudit(tx, context, {
    action: 'period.closed',
    subjectKind: 'period',
    subjectId: period.name,
    before: { state: period.state },
    after: { state: 'closed', ...closing },
  });
  return closing;
}
