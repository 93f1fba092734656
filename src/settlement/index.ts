export { type DealerAccount, type Exposure, getAccount, holdExposure, releaseExposure } from './account.ts';
export { chargesImport } from './charges-import.ts';
export { settlementChecks } from './checks.ts';
export { closePeriod, type PeriodClosing } from './close-period.ts';
export type { ClosingCheck } from './closing-check.ts';
export { type ExportStatements, exportStatements, type StatementExport } from './export-statements.ts';
export { closingJobs, settlementJobs } from './period-closing.ts';
export { type NewCharge, type PostCharges, postCharges } from './post-charges.ts';
export { registerSettlementRoutes } from './routes.ts';
