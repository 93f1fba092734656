export { nextDocumentNumber } from './document-number.ts';
export { ensureFirm, type Firm, getFirm } from './firm.ts';
export {
  ensurePeriods,
  type FiscalPeriod,
  getPeriod,
  listPeriods,
  lockPeriod,
  periodForPosting,
  toPeriod,
} from './fiscal-period.ts';
export { taxRatesOn } from './tax-rate.ts';
export type { Disagreement, VerifyCheck } from './verify-check.ts';
