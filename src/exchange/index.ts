export {
  describeImport,
  getImportKind,
  importFile,
  importFlags,
  importHelp,
  importOptions,
} from './import-command.ts';
export { importJobs } from './import-job.ts';
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
export { createJob, type NewJob } from './job.ts';
export type { Job, JobKind, JobProgress } from './job-kind.ts';
export { type JobRunnerOptions, startJobRunner, sweepJobs } from './job-runner.ts';
export { maintenanceJobs, maintenanceSchedules } from './maintenance.ts';
export { openImportSource } from './read-table.ts';
export { registerExchangeRoutes } from './routes.ts';
export { type ImportOutcome, runImport } from './run-import.ts';
export { runSchedules, type Schedule } from './schedule.ts';
export { storeFile } from './stored-file.ts';
export { wakeFor } from './wake.ts';
