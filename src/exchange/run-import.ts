/**
 * One file into the system, all or nothing at the level of the file: lines that cannot stand are listed, the rest
 * is loaded in one transaction. A check is the very same run, rolled back.
 */
import { Value } from 'typebox/value';
import type { Context } from '../access/index.ts';
import { assert } from '../core/assert.ts';
import { type Database, query, type Tx } from '../platform/database.ts';
import { inTransaction } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import type { Finding, ImportCounts, ImportFindings, ImportKind, ImportOptions, ImportSource } from './import-kind.ts';

/** What came of a run; the same on the command line (`--json`), over HTTP and in tests. */
export type ImportOutcome = {
  readonly ok: true;
  /** False for a check: nothing was kept. */
  readonly applied: boolean;
  readonly counts: ImportCounts;
  readonly rejected: readonly Finding[];
  readonly warned: readonly Finding[];
  readonly notices: readonly Finding[];
  readonly result: Readonly<Record<string, unknown>>;
};

type ImportMode = {
  readonly apply: boolean;
  /** Written in the transaction of an import that is applied. */
  readonly record?: (tx: Tx, outcome: ImportOutcome) => Promise<void>;
  /** Rows read so far. */
  readonly onProgress?: (done: number) => void;
};

/** A million rows may take a while; a request may not. */
const IMPORT_TIMEOUT_MS = 60 * 60 * 1000;

/** Throws IMPORT_OPTIONS_INVALID, and what the kind refuses the whole file for. */
export async function runImport(
  dependencies: { readonly database: Database },
  kind: ImportKind,
  source: ImportSource,
  options: ImportOptions,
  context: Context,
  mode: ImportMode,
): Promise<ImportOutcome> {
  requireOptions(kind, options);
  try {
    return await inTransaction(
      dependencies.database,
      { now: context.now, statementTimeoutMs: IMPORT_TIMEOUT_MS },
      async tx => {
        const counted = countRows(source, mode.onProgress);
        const findings = await kind.run(tx, context, counted.source, options);
        const outcome = withMalformed(findings, source, counted.rows(), mode.apply);
        if (!mode.apply) {
          // what a commit would refuse, a check refuses too
          await query(tx, 'set constraints all immediate');
          throw new CheckDone(outcome);
        }
        await mode.record?.(tx, outcome);
        return outcome;
      },
    );
  } catch (error) {
    if (error instanceof CheckDone) return error.outcome;
    throw error;
  }
}

/** Throws IMPORT_OPTIONS_INVALID with the first thing that is wrong. */
export function requireOptions(kind: ImportKind, options: ImportOptions): void {
  const [error] = Value.Errors(kind.options, options);
  if (error === undefined) return;
  throw problem('IMPORT_OPTIONS_INVALID', {
    kind: kind.kind,
    reason: `${error.instancePath.slice(1) || 'options'} ${error.message}`,
  });
}

class CheckDone extends Error {
  readonly outcome: ImportOutcome;

  constructor(outcome: ImportOutcome) {
    super('the check is done');
    this.outcome = outcome;
  }
}

/** Counts what a kind is given, so that no row can get lost between the file and its counts. */
function countRows(source: ImportSource, onProgress: ImportMode['onProgress']) {
  let most = 0;
  return {
    rows: () => most,
    source: {
      fileName: source.fileName,
      columns: source.columns,
      async *batches() {
        let rows = 0;
        for await (const batch of source.batches()) {
          rows += batch.length;
          most = Math.max(most, rows);
          onProgress?.(most);
          yield batch;
        }
      },
    },
  };
}

function withMalformed(
  findings: ImportFindings,
  source: ImportSource,
  rowsGiven: number,
  applied: boolean,
): ImportOutcome {
  const { counts } = findings;
  assert(counts.read === rowsGiven, `every row is counted: ${counts.read} of ${rowsGiven}`);
  assert(counts.read === counts.accepted + counts.rejected, 'read = accepted + rejected');
  assert(new Set(findings.rejected.map(({ line }) => line)).size === counts.rejected, 'each rejected line is listed');
  const malformed = source.malformed ?? [];
  return {
    ok: true,
    applied,
    counts: { ...counts, read: counts.read + malformed.length, rejected: counts.rejected + malformed.length },
    rejected: [...findings.rejected, ...malformed].sort((a, b) => a.line - b.line),
    warned: findings.warned,
    notices: [...(source.notices ?? []), ...findings.notices],
    result: findings.result ?? {},
  };
}
