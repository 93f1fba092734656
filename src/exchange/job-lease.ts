/**
 * Who runs which job: a lease in the row, renewed while the work goes on and taken over when it runs out. Each
 * change of a running job names the lease holder, so that a worker that lost its lease can no longer speak for it.
 */
import { query, queryOne, type Tx } from '../platform/database.ts';
import type { StoredProblem } from './job.ts';
import type { Job } from './job-kind.ts';

export const ATTEMPTS_MAX = 3;
const RETRY_SECONDS = 5;

export type LeasedJob = Job & { readonly attempts: number };
export type Progress = { readonly done: number; readonly total: number | null };

/** Takes the longest-waiting due job of these kinds: a queued one, or a running one whose lease has run out. */
export async function leaseJob(
  tx: Tx,
  holder: string,
  kinds: readonly string[],
  leaseMs: number,
): Promise<LeasedJob | null> {
  return await queryOne<LeasedJob>(
    tx,
    `update job set state = 'running', leased_by = $1, lease_until = now() + make_interval(secs => $3::float8 / 1000),
       attempts = attempts + 1
     where id = (
       select id from job
       where state in ('queued', 'running') and run_after <= now() and kind = any ($2)
         and (state = 'queued' or lease_until < now()) and attempts < ${ATTEMPTS_MAX} and cancel_asked_at is null
       order by run_after, id limit 1
       for update skip locked
     )
     returning id, kind, payload, dealer_id as "dealerId", requested_by as "requestedBy", attempts`,
    [holder, kinds, leaseMs],
  );
}

/** `lost`: another worker has it, or it was given up. */
export async function renewLease(
  tx: Tx,
  holder: string,
  id: string,
  leaseMs: number,
  progress: Progress,
): Promise<'held' | 'cancelled' | 'lost'> {
  const row = await queryOne<{ cancelled: boolean }>(
    tx,
    `update job set lease_until = now() + make_interval(secs => $3::float8 / 1000), progress_done = $4, progress_total = $5
     where id = $2 and leased_by = $1 and state = 'running'
     returning cancel_asked_at is not null as cancelled`,
    [holder, id, leaseMs, progress.done, progress.total],
  );
  if (row === null) return 'lost';
  return row.cancelled ? 'cancelled' : 'held';
}

type JobEnd =
  | {
      readonly state: 'done';
      readonly result: Readonly<Record<string, unknown>>;
      readonly fileId: string | null;
      readonly progress: Progress;
    }
  | { readonly state: 'failed'; readonly problem: StoredProblem }
  | { readonly state: 'cancelled' };

/** Ends a job that is still held; false when the lease was lost. */
export async function endJob(tx: Tx, holder: string, id: string, now: Date, end: JobEnd): Promise<boolean> {
  const row = await queryOne(
    tx,
    `update job set state = $3, result = $4::jsonb, problem = $5::jsonb, file_id = $6, finished_at = $7,
       progress_done = coalesce($8, progress_done), progress_total = coalesce($9, progress_total),
       lease_until = null, leased_by = null
     where id = $2 and leased_by = $1 and state = 'running' returning 1`,
    [
      holder,
      id,
      end.state,
      end.state === 'done' ? JSON.stringify(end.result) : null,
      end.state === 'failed' ? JSON.stringify(end.problem) : null,
      end.state === 'done' ? end.fileId : null,
      now.toISOString(),
      end.state === 'done' ? end.progress.done : null,
      end.state === 'done' ? end.progress.total : null,
    ],
  );
  return row !== null;
}

/** Puts a job back for another try, later each time. */
export async function retryJob(tx: Tx, holder: string, id: string): Promise<void> {
  await query(
    tx,
    `update job set state = 'queued', lease_until = null, leased_by = null,
       run_after = now() + make_interval(secs => ${RETRY_SECONDS} * attempts * attempts)
     where id = $2 and leased_by = $1 and state = 'running'`,
    [holder, id],
  );
}

/** Gives back what this holder still runs, as if it had never been taken. Returns how many. */
export async function handBackJobs(tx: Tx, holder: string): Promise<number> {
  const rows = await query(
    tx,
    `update job set state = 'queued', lease_until = null, leased_by = null, attempts = attempts - 1
     where leased_by = $1 and state = 'running' returning 1`,
    [holder],
  );
  return rows.length;
}

/** Ends what nobody may take over: cancelled while its worker died, or tried too often. Returns how many. */
export async function retireJobs(tx: Tx, now: Date): Promise<number> {
  const rows = await query(
    tx,
    `update job set state = case when cancel_asked_at is null then 'failed' else 'cancelled' end,
       problem = case when cancel_asked_at is null then jsonb_build_object('code', 'JOB_ABANDONED', 'facts', jsonb_build_object('attempts', attempts)) end,
       finished_at = $1, lease_until = null, leased_by = null
     where state = 'running' and lease_until < now() and (cancel_asked_at is not null or attempts >= ${ATTEMPTS_MAX})
     returning 1`,
    [now.toISOString()],
  );
  return rows.length;
}
