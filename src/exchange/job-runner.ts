/** The jobs of one process: a few at once, taken from the table as long as there are any. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../platform/dependencies.ts';
import { inTransaction } from '../platform/transaction.ts';
import type { JobKind } from './job-kind.ts';
import { handBackJobs, type LeasedJob, leaseJob, retireJobs } from './job-lease.ts';
import { runJob } from './run-job.ts';

export type JobRunnerOptions = {
  readonly kinds: readonly JobKind[];
  /** Jobs at once; each holds a database connection or two. */
  readonly slots?: number;
  /** A worker that says nothing for so long is taken for dead. */
  readonly leaseMs?: number;
  /** At a stop: how long jobs may finish, and then how long they may take to notice that they shall not. */
  readonly finishMs?: number;
  readonly noticeMs?: number;
};

type JobRunner = {
  /** Takes what is due, as far as there is room. Resolves when nothing more could be taken. */
  poke(): Promise<void>;
  /** Lets running jobs finish for a while, then hands them back. */
  stop(): Promise<void>;
};

const SLOTS = 2;
const LEASE_MS = 30_000;
const FINISH_MS = 8_000;
const NOTICE_MS = 3_000;

export function startJobRunner(dependencies: Dependencies, options: JobRunnerOptions): JobRunner {
  const { slots = SLOTS, leaseMs = LEASE_MS, finishMs = FINISH_MS, noticeMs = NOTICE_MS } = options;
  const kinds = new Map(options.kinds.map(kind => [kind.kind, kind]));
  const running = new Map<string, Promise<void>>();
  let accepting = true;
  let finishing = true;
  let taking: Promise<void> | null = null;

  const start = (holder: string, job: LeasedJob): void => {
    const run = runJob(dependencies, kinds.get(job.kind) as JobKind, job, {
      holder,
      leaseMs,
      stopping: () => !finishing,
    })
      .then(outcome => logEnd(dependencies, job, outcome))
      .catch(error => dependencies.log.error({ err: error, 'job.id': job.id }, 'job.lease-lost'))
      .then(async () => {
        running.delete(holder);
        await poke();
      });
    running.set(holder, run);
  };
  const take = async (): Promise<void> => {
    while (accepting && running.size < slots) {
      const holder = randomUUID();
      const job = await inTransaction(dependencies.database, { now: dependencies.clock.now() }, tx =>
        leaseJob(tx, holder, [...kinds.keys()], leaseMs),
      );
      if (job === null) return;
      start(holder, job);
    }
  };
  const poke = async (): Promise<void> => {
    // whoever comes while others are looking has another look made, so that no wake-up falls between
    const before = taking;
    const mine = (async () => {
      await before;
      await take();
    })().catch(error => dependencies.log.warn({ err: error }, 'job.take-failed'));
    taking = mine;
    await mine;
    if (taking === mine) taking = null;
  };
  return {
    poke,
    async stop() {
      accepting = false;
      await taking;
      const all = () => Promise.all(running.values());
      await Promise.race([all(), sleep(finishMs, null, { ref: false })]);
      finishing = false;
      await Promise.race([all(), sleep(noticeMs, null, { ref: false })]);
      for (const holder of running.keys())
        await inTransaction(dependencies.database, { now: dependencies.clock.now() }, tx => handBackJobs(tx, holder));
    },
  };
}

function logEnd(dependencies: Dependencies, job: LeasedJob, outcome: string): void {
  dependencies.log.info(
    { 'job.id': job.id, 'job.kind': job.kind, 'job.outcome': outcome, 'job.attempt': job.attempts },
    'job.ended',
  );
}

/** Ends what nobody may take over any more; returns how many. Safe to run twice. */
export async function sweepJobs(dependencies: Dependencies): Promise<number> {
  const now = dependencies.clock.now();
  return await inTransaction(dependencies.database, { now }, tx => retireJobs(tx, now));
}
