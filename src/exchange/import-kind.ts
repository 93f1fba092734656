/**
 * What a module says of one kind of file it can load. The kinds are handed in at composition; `run` checks and
 * loads in one transaction, and a mere check is the same run rolled back, so the two can never disagree.
 */
import type { TSchema } from 'typebox';
import type { Context, Permission } from '../access/index.ts';
import type { Tx } from '../platform/database.ts';

export type ImportColumn = {
  readonly key: string;
  /** Header names in Chinese and English by which the column is recognised; compared without case, blanks and punctuation. */
  readonly headers: readonly string[];
  readonly required: boolean;
};

/**
 * One record of the file: `line` is where it begins, from 1 at the top of the file (of a workbook: the row of the
 * sheet); `cells` stand in the order of the kind's columns, as written, '' where there is none; `record` is all of it.
 */
export type SourceRow = {
  readonly line: number;
  readonly cells: readonly string[];
  readonly record: readonly string[];
};

export type ImportSource = {
  readonly fileName: string;
  /** Keys of the columns that were recognised. */
  readonly columns: ReadonlySet<string>;
  /**
   * Batches, so that a million rows cost neither a million awaits nor the memory of all. Can be read again. Empty
   * lines are left out. Throws FILE_MALFORMED where the file stops being CSV.
   */
  batches(): AsyncIterable<readonly SourceRow[]>;
  /**
   * Lines with too few or too many cells (ROW_CELLS), known once `batches` was read to its end. A kind never sees
   * them and need not mind them: `runImport` counts them as read and rejected.
   */
  readonly malformed?: readonly Finding[];
  /** COLUMNS_IGNORED, SHEETS_IGNORED: what of the file was not read; `runImport` adds them to the notices. */
  readonly notices?: readonly Finding[];
};

/** Something about one line: `code` is stable, further facts as they come. */
export type Finding = {
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly value?: string;
  readonly [fact: string]: unknown;
};

export type ImportCounts = {
  /** read = accepted + rejected, always. */
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Accepted lines with at least one warning. */
  readonly warned: number;
  /** Of the accepted: what is new, what changes, what is there already as it stands in the file. */
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
};

export type ImportFindings = {
  readonly counts: ImportCounts;
  readonly rejected: readonly Finding[];
  readonly warned: readonly Finding[];
  /** What the reader should know and nobody needs to mend. */
  readonly notices: readonly Finding[];
  /** What came of it, e.g. the number of a release that was drafted. */
  readonly result?: Readonly<Record<string, unknown>>;
};

export type ImportOptions = Readonly<Record<string, string | boolean>>;

export type ImportKind = {
  readonly kind: string;
  readonly permission: Permission;
  readonly columns: readonly ImportColumn[];
  /** TypeBox object of the options; on the command line `createMissing` is `--create-missing`. */
  readonly options: TSchema;
  run(tx: Tx, context: Context, source: ImportSource, options: ImportOptions): Promise<ImportFindings>;
};
