/** Jobs: long work as rows, made in the transaction that wants it and seen by whoever asked. */
import type { Context } from '../access/index.ts';
import type { Facts } from '../core/problem.ts';
import { uuidv7 } from '../core/uuid.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import { problem } from './errors.ts';

export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A refusal as it is stored; its words are made when it is read, in the reader's language. */
export type StoredProblem = { readonly code: string; readonly facts: Facts };

export type JobRow = {
  readonly id: string;
  readonly kind: string;
  readonly state: JobState;
  readonly requestedBy: string;
  readonly attempts: number;
  readonly progressDone: string;
  readonly progressTotal: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly problem: StoredProblem | null;
  readonly cancelAskedAt: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly file: JobFile | null;
};

export type JobFile = {
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
};

const COLUMNS = `j.id, j.kind, j.state, j.requested_by as "requestedBy", j.attempts, j.progress_done as "progressDone",
  j.progress_total as "progressTotal", j.result, j.problem, j.cancel_asked_at as "cancelAskedAt",
  j.created_at as "createdAt", j.finished_at as "finishedAt",
  case when f.id is not null then jsonb_build_object('name', f.name, 'mediaType', f.media_type,
    'sizeBytes', f.size_bytes, 'sha256', f.sha256) end as file`;
const JOBS = 'job j left join stored_file f on f.id = j.file_id';

export type NewJob = {
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The dealer whose job it is; null for the firm's own. */
  readonly dealerId: string | null;
  readonly requestedBy: string;
  readonly now: Date;
};

/** Queues a job; wake the workers after the commit (`commandWithJob` does). Returns its id. */
export async function createJob(tx: Tx, job: NewJob): Promise<string> {
  const id = uuidv7(job.now);
  await query(
    tx,
    `insert into job (id, kind, payload, dealer_id, requested_by, created_at) values ($1, $2, $3::jsonb, $4, $5, $6)`,
    [id, job.kind, JSON.stringify(job.payload), job.dealerId, job.requestedBy, job.now.toISOString()],
  );
  return id;
}

/** A job that the caller may see. Throws NOT_FOUND. */
export async function getJob(em: Reader, id: string, visible: string | null): Promise<JobRow> {
  const job = await queryOne<JobRow>(
    em,
    `select ${COLUMNS} from ${JOBS} where j.id = $1 and ($2::bigint is null or j.dealer_id = $2::bigint)`,
    [id, visible],
  );
  if (job === null) throw platformProblem('NOT_FOUND', { kind: 'job', id });
  return job;
}

type JobFilter = {
  readonly visible: string | null;
  readonly state: JobState | null;
  readonly kind: string | null;
  readonly before: string | null;
  readonly limit: number;
};

/** Newest first, older than the id of the page before. */
export async function listJobs(em: Reader, filter: JobFilter): Promise<JobRow[]> {
  return await query<JobRow>(
    em,
    `select ${COLUMNS} from ${JOBS}
     where ($1::bigint is null or j.dealer_id = $1::bigint) and ($2::text is null or j.state = $2)
       and ($3::text is null or j.kind = $3) and ($4::uuid is null or j.id < $4::uuid)
     order by j.id desc limit $5`,
    [filter.visible, filter.state, filter.kind, filter.before, filter.limit],
  );
}

/**
 * Cancels a job: at once while it is queued; one that runs ends as cancelled at its next report, unless it is done
 * before. Whoever asked for it may, and administrators. Throws NOT_FOUND, JOB_NOT_YOURS, JOB_FINISHED.
 */
export async function cancelJob(tx: Tx, context: Context, id: string): Promise<JobRow> {
  const { principal, now } = context;
  await queryOne(tx, 'select 1 from job where id = $1 for update', [id]);
  const job = await getJob(tx, id, principal.dealerId);
  if (job.requestedBy !== principal.name && !principal.roles.includes('administrator'))
    throw problem('JOB_NOT_YOURS', { id });
  if (job.finishedAt !== null) throw problem('JOB_FINISHED', { id, state: job.state });
  await query(
    tx,
    `update job set cancel_asked_at = coalesce(cancel_asked_at, $2),
       state = case state when 'queued' then 'cancelled' else state end,
       finished_at = case state when 'queued' then $2::timestamptz end
     where id = $1`,
    [id, now.toISOString()],
  );
  return await getJob(tx, id, principal.dealerId);
}
