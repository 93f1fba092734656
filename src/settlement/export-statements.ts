/** The frozen statements of a period as files in a folder, one each, a few in memory at a time (R9.5). */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem as accessProblem } from '../access/index.ts';
import type { Language } from '../core/problem.ts';
import { getPeriod } from '../firm/index.ts';
import { type Database, query, type Reader } from '../platform/database.ts';
import { problem } from './errors.ts';
import type { FrozenStatement } from './frozen-statement.ts';
import { loadStatements, requireUnaltered } from './statement.ts';
import { renderStatement, type StatementFormat, statementFileName } from './statement-document.ts';

/** Lines in memory at once, unless one statement alone has more. */
const LINES_AT_ONCE_MAX = 20_000;
const STATEMENTS_AT_ONCE_MAX = 100;

export type ExportStatements = {
  readonly database: Database;
  /** Name of the period. */
  readonly period: string;
  readonly format: StatementFormat;
  /** Chinese unless told; CSV is the same in both. */
  readonly language?: Language;
  /** One dealer's only. */
  readonly dealerCode?: string;
  readonly outDir: string;
  readonly onProgress?: (done: number, total: number) => void;
};

export type StatementExport = {
  readonly period: string;
  readonly format: StatementFormat;
  readonly files: number;
  readonly lines: number;
};

/**
 * Writes each statement under a temporary name and renames it, so that a file of the right name is whole; what stood
 * there is replaced. A CSV file hashes to the statement's content hash. Throws PERIOD_NOT_FOUND, STATEMENTS_NOT_FROZEN,
 * DEALER_NOT_FOUND, STATEMENT_ALTERED.
 */
export async function exportStatements(command: ExportStatements): Promise<StatementExport> {
  const { database, format, language = 'zh', outDir, onProgress } = command;
  const em = database.reader();
  const period = await getPeriod(em, command.period);
  if (period.state === 'open') throw problem('STATEMENTS_NOT_FROZEN', { period: period.name });
  const found = await findStatements(em, period.id, await dealerId(em, command.dealerCode));
  await mkdir(outDir, { recursive: true });
  let files = 0;
  let lines = 0;
  for (const ids of inBatches(found)) {
    for (const statement of await loadStatements(em, ids, language)) {
      await writeStatement(statement, format, language, outDir);
      files += 1;
      lines += statement.lines.length;
      onProgress?.(files, found.length);
    }
  }
  return { period: period.name, format, files, lines };
}

async function writeStatement(
  statement: FrozenStatement,
  format: StatementFormat,
  language: Language,
  outDir: string,
): Promise<void> {
  requireUnaltered(statement);
  const name = statementFileName(statement, format);
  const temporary = join(outDir, `.${name}.${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(temporary, await renderStatement(statement, format, language));
    await rename(temporary, join(outDir, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function dealerId(em: Reader, code: string | undefined): Promise<string | null> {
  if (code === undefined) return null;
  const [dealer] = await query<{ id: string }>(em, 'select id from dealer where code = $1', [code]);
  if (dealer === undefined) throw accessProblem('DEALER_NOT_FOUND', { dealerCode: code });
  return dealer.id;
}

type Found = { id: string; lines: number };

async function findStatements(em: Reader, periodId: string, dealer: string | null): Promise<Found[]> {
  return await query<Found>(
    em,
    `select s.id, s.line_count as lines from statement_of_account s join dealer d on d.id = s.dealer_id
     where s.period_id = $1 and ($2::bigint is null or s.dealer_id = $2::bigint) order by d.code collate "C"`,
    [periodId, dealer],
  );
}

function* inBatches(found: readonly Found[]): Generator<string[]> {
  let batch: string[] = [];
  let lines = 0;
  for (const statement of found) {
    const full = batch.length === STATEMENTS_AT_ONCE_MAX || lines + statement.lines > LINES_AT_ONCE_MAX;
    if (full && batch.length > 0) {
      yield batch;
      batch = [];
      lines = 0;
    }
    batch.push(statement.id);
    lines += statement.lines;
  }
  if (batch.length > 0) yield batch;
}
