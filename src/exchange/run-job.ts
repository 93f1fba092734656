/** One run of one leased job, from its first report to the state it ends in. */
import { Problem } from '../core/problem.ts';
import type { Tx } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { asProblem, inTransaction } from '../platform/transaction.ts';
import type { StoredProblem } from './job.ts';
import type { JobKind, JobProgress } from './job-kind.ts';
import {
  ATTEMPTS_MAX,
  endJob,
  handBackJobs,
  type LeasedJob,
  type Progress,
  renewLease,
  retryJob,
} from './job-lease.ts';

type JobOutcome = 'done' | 'failed' | 'cancelled' | 'retried' | 'handed-back' | 'lost';
type Interruption = 'cancelled' | 'lost' | 'stopping';

type JobRun = {
  /** Names the lease; a new one for every run. */
  readonly holder: string;
  readonly leaseMs: number;
  /** True once the process no longer waits for jobs to finish. */
  stopping(): boolean;
};

const REPORT_EVERY_MS = 1_000;

class JobInterrupted extends Error {}

/** Runs it and writes down how it ended. Never throws for what the job did; throws when the database is out of reach. */
export async function runJob(
  dependencies: Dependencies,
  kind: JobKind,
  job: LeasedJob,
  run: JobRun,
): Promise<JobOutcome> {
  const transaction = <Result>(work: (tx: Tx) => Promise<Result>) =>
    inTransaction(dependencies.database, { now: dependencies.clock.now() }, work);
  const watch = watchJob(job, run, transaction);
  const heartbeat = setInterval(() => void watch.renew().catch(() => {}), run.leaseMs / 3);
  try {
    const { fileId = null, ...result } = await kind.run(dependencies, job, watch.progress);
    const end = { state: 'done', result, fileId: fileId as string | null, progress: watch.latest } as const;
    return (await transaction(tx => endJob(tx, run.holder, job.id, dependencies.clock.now(), end))) ? 'done' : 'lost';
  } catch (error) {
    return await settleFailure(dependencies, job, run, transaction, watch.interruption() ?? error);
  } finally {
    clearInterval(heartbeat);
  }
}

type InTransaction = <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>;

/** Keeps the lease alive and learns from it whether the work is still wanted. */
function watchJob(job: LeasedJob, run: JobRun, transaction: InTransaction) {
  let interruption: Interruption | null = null;
  let reportedAt = 0;
  const latest: { -readonly [Key in keyof Progress]: Progress[Key] } = { done: 0, total: null };
  const renew = async () => {
    reportedAt = Date.now();
    const held = await transaction(tx => renewLease(tx, run.holder, job.id, run.leaseMs, latest));
    if (held !== 'held') interruption = held;
  };
  const progress: JobProgress = {
    async report(done, total) {
      latest.done = done;
      latest.total = total ?? null;
      if (Date.now() - reportedAt >= REPORT_EVERY_MS) await renew();
      if (run.stopping()) interruption ??= 'stopping';
      if (interruption !== null) throw new JobInterrupted(`the job is ${interruption}`);
    },
  };
  return { progress, latest, renew, interruption: () => interruption };
}

async function settleFailure(
  dependencies: Dependencies,
  job: LeasedJob,
  run: JobRun,
  transaction: InTransaction,
  cause: unknown,
): Promise<JobOutcome> {
  const { holder } = run;
  const now = dependencies.clock.now();
  if (cause === 'lost') return 'lost';
  if (cause === 'stopping') {
    await transaction(tx => handBackJobs(tx, holder));
    return 'handed-back';
  }
  if (cause === 'cancelled') {
    await transaction(tx => endJob(tx, holder, job.id, now, { state: 'cancelled' }));
    return 'cancelled';
  }
  const refusal = asProblem(cause);
  const refused = refusal instanceof Problem && refusal.status < 500;
  if (!refused) dependencies.log.error({ err: cause, 'job.id': job.id, 'job.kind': job.kind }, 'job.error');
  if (!refused && job.attempts < ATTEMPTS_MAX) {
    await transaction(tx => retryJob(tx, holder, job.id));
    return 'retried';
  }
  const problem = refusal instanceof Problem ? storedProblem(refusal) : { code: 'INTERNAL', facts: {} };
  await transaction(tx => endJob(tx, holder, job.id, now, { state: 'failed', problem }));
  return 'failed';
}

function storedProblem(refusal: Problem): StoredProblem {
  return { code: refusal.code, facts: refusal.facts };
}
