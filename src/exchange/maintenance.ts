/** Jobs that keep the floor clean, and the nights on which they run. */
import { sweepSessions } from '../access/index.ts';
import { sweepIdempotencyKeys } from '../platform/idempotency.ts';
import { inTransaction } from '../platform/transaction.ts';
import type { JobKind } from './job-kind.ts';
import type { Schedule } from './schedule.ts';
import { sweepFiles } from './stored-file.ts';

export const maintenanceJobs: readonly JobKind[] = [
  {
    kind: 'file-sweep',
    run: async dependencies => ({ removed: await sweepFiles(dependencies) }),
  },
  {
    kind: 'idempotency-key-sweep',
    run: async ({ database, clock }) => ({ removed: await sweepIdempotencyKeys(database, clock.now()) }),
  },
  {
    kind: 'session-sweep',
    async run({ database, clock }) {
      const now = clock.now();
      return { removed: await inTransaction(database, { now }, tx => sweepSessions(tx, now)) };
    },
  },
];

export const maintenanceSchedules: readonly Schedule[] = [
  { name: 'file-sweep', hour: 3, jobKind: 'file-sweep' },
  { name: 'idempotency-key-sweep', hour: 3, jobKind: 'idempotency-key-sweep' },
  { name: 'session-sweep', hour: 3, jobKind: 'session-sweep' },
];
