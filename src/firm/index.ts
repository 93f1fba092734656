export { nextDocumentNumber } from './document-number.ts';
export { ensureFirm, type Firm, getFirm } from './firm.ts';
export {
  earlierOpenPeriod,
  ensurePeriods,
  type FiscalPeriod,
  getPeriod,
  listPeriods,
  lockPeriod,
  periodForPosting,
  toPeriod,
} from './fiscal-period.ts';
export { registerFirmRoutes } from './routes.ts';
export { taxRatesOn } from './tax-rate.ts';
export { type CheckResult, runVerification, type Verification } from './verification.ts';
export type { Disagreement, VerifyCheck } from './verify-check.ts';
