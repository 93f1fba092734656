export {
  describeImport,
  getImportKind,
  importFile,
  importFlags,
  importHelp,
  importOptions,
} from './import-command.ts';
export type {
  Finding,
  ImportColumn,
  ImportCounts,
  ImportFindings,
  ImportKind,
  ImportOptions,
  ImportSource,
  SourceRow,
} from './import-kind.ts';
export type { Job, JobKind, JobProgress } from './job-kind.ts';
export { openImportSource } from './read-table.ts';
export { type ImportOutcome, runImport } from './run-import.ts';
