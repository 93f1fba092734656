/** What each module offers to the machinery below it, as literal lists: kinds of files, long jobs, proofs. */
import { catalogChecks, dealersImport, partsImport } from './catalog/index.ts';
import { type ImportKind, importJobs, type JobKind, type Schedule } from './exchange/index.ts';
import { runVerification, type VerifyCheck } from './firm/index.ts';
import { inventoryChecks, stockImport } from './inventory/index.ts';
import { ordersChecks } from './orders/index.ts';
import { pricesImport, pricingChecks } from './pricing/index.ts';
import { chargesImport, settlementChecks, settlementJobs } from './settlement/index.ts';

export const importKinds: readonly ImportKind[] = [
  partsImport,
  dealersImport,
  pricesImport,
  stockImport,
  chargesImport,
];

export const verifyChecks: readonly VerifyCheck[] = [
  ...catalogChecks,
  ...pricingChecks,
  ...inventoryChecks,
  ...settlementChecks,
  ...ordersChecks,
];

/** The night's proof; its outcome stands at /v1/verifications. */
const verificationJob: JobKind = {
  kind: 'verification',
  async run({ database, clock }, job) {
    const { id, ok } = await runVerification(database, verifyChecks, job.requestedBy, clock);
    return { verification: id, ok };
  },
};

export const jobKinds: readonly JobKind[] = [...importJobs(importKinds), ...settlementJobs, verificationJob];

/** Beside the maintenance of the floor; hours of the firm's day. */
export const schedules: readonly Schedule[] = [{ name: 'verification', hour: 2, jobKind: 'verification' }];
