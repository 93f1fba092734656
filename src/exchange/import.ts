/** An import as a resource: a file uploaded, checked by a job, applied by another. */
import { appendAudit, type Context } from '../access/index.ts';
import type { Problem } from '../core/problem.ts';
import { uuidv7 } from '../core/uuid.ts';
import { type CopyRow, copyRows } from '../platform/copy-rows.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { problem } from './errors.ts';
import type { Finding, ImportCounts, ImportOptions } from './import-kind.ts';
import { createJob, type JobState, type StoredProblem } from './job.ts';
import type { ImportOutcome } from './run-import.ts';

export const IMPORT_STATES = ['uploaded', 'checked', 'refused', 'applying', 'applied'] as const;
type ImportState = (typeof IMPORT_STATES)[number];
export const SEVERITIES = ['rejected', 'warned', 'notice'] as const;
type Severity = (typeof SEVERITIES)[number];

export type Import = {
  readonly id: string;
  readonly kind: string;
  readonly state: ImportState;
  readonly fileName: string;
  readonly sha256: string;
  readonly options: ImportOptions;
  readonly counts: ImportCounts | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly problem: StoredProblem | null;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly appliedAt: string | null;
  readonly jobId: string;
  readonly jobState: JobState;
};

type StoredFinding = Finding & { readonly severity: Severity };

const CHECK_JOB = 'import-check';
const APPLY_JOB = 'import-application';
const FINDINGS_BATCH = 2_000;

const SELECT = `select i.id, i.kind, i.state, f.name as "fileName", f.sha256, i.options, i.counts, i.result, i.problem,
    i.requested_by as "requestedBy", i.created_at as "createdAt", i.applied_at as "appliedAt", i.job_id as "jobId",
    j.state as "jobState"
  from import i join stored_file f on f.id = i.file_id join job j on j.id = i.job_id`;

/** Keeps an uploaded file as an import and queues its check. */
export async function createImport(
  tx: Tx,
  context: Context,
  draft: { readonly kind: string; readonly fileId: string; readonly options: ImportOptions },
): Promise<Import> {
  const { now, principal } = context;
  const id = uuidv7(now);
  const jobId = await createJob(tx, jobOf(CHECK_JOB, id, context));
  await query(
    tx,
    `insert into import (id, kind, file_id, options, state, requested_by, created_at, job_id)
     values ($1, $2, $3, $4::jsonb, 'uploaded', $5, $6, $7)`,
    [id, draft.kind, draft.fileId, JSON.stringify(draft.options), principal.name, now.toISOString(), jobId],
  );
  await appendAudit(tx, context, {
    action: 'import.uploaded',
    subjectKind: 'import',
    subjectId: id,
    after: { kind: draft.kind, options: draft.options, fileId: draft.fileId },
  });
  return await getImport(tx, id);
}

/** Queues the application of a checked import. Throws NOT_FOUND, IMPORT_NOT_APPLICABLE. */
export async function requestApplication(tx: Tx, context: Context, id: string): Promise<Import> {
  await queryOne(tx, 'select 1 from import where id = $1 for update', [id]);
  const found = await getImport(tx, id);
  // an application whose job ended without it may be asked for again
  const brokenOff = found.state === 'applying' && (found.jobState === 'failed' || found.jobState === 'cancelled');
  if (found.state !== 'checked' && !brokenOff) throw problem('IMPORT_NOT_APPLICABLE', { id, state: found.state });
  const jobId = await createJob(tx, jobOf(APPLY_JOB, id, context));
  await query(tx, `update import set state = 'applying', job_id = $2 where id = $1`, [id, jobId]);
  await appendAudit(tx, context, { action: 'import.application-asked', subjectKind: 'import', subjectId: id });
  return await getImport(tx, id);
}

function jobOf(kind: string, importId: string, context: Context) {
  return { kind, payload: { importId }, dealerId: null, requestedBy: context.principal.name, now: context.now };
}

/** Throws NOT_FOUND. */
export async function getImport(em: Reader, id: string): Promise<Import> {
  const found = await queryOne<Import>(em, `${SELECT} where i.id = $1`, [id]);
  if (found === null) throw platformProblem('NOT_FOUND', { kind: 'import', id });
  return found;
}

/** Newest first, older than the id of the page before. */
export async function listImports(
  em: Reader,
  filter: { kind: string | null; state: ImportState | null; before: string | null; limit: number },
): Promise<Import[]> {
  return await query<Import>(
    em,
    `${SELECT}
     where ($1::text is null or i.kind = $1) and ($2::text is null or i.state = $2) and ($3::uuid is null or i.id < $3::uuid)
     order by i.id desc limit $4`,
    [filter.kind, filter.state, filter.before, filter.limit],
  );
}

export type FindingRow = StoredFinding & { readonly ordinal: string };

/** Findings in the order rejected, warned, notices, each by line; after an ordinal. */
export async function listFindings(
  em: Reader,
  filter: { importId: string; severity: Severity | null; after: string | null; limit: number },
): Promise<FindingRow[]> {
  const rows = await query<{
    ordinal: string;
    severity: Severity;
    line: string;
    code: string;
    facts: Record<string, unknown>;
  }>(
    em,
    `select ordinal, severity, line, code, facts from import_finding
     where import_id = $1 and ($2::text is null or severity = $2) and ($3::bigint is null or ordinal > $3::bigint)
     order by ordinal limit $4`,
    [filter.importId, filter.severity, filter.after, filter.limit],
  );
  return rows.map(({ facts, line, ...row }) => ({ ...facts, ...row, line: Number(line) }));
}

/** Writes what a check found. Only the check of an import that waits for it counts. */
export async function recordCheck(tx: Tx, id: string, outcome: ImportOutcome): Promise<void> {
  const row = await queryOne(
    tx,
    `update import set state = 'checked', counts = $2::jsonb, result = $3::jsonb
     where id = $1 and state = 'uploaded' returning 1`,
    [id, JSON.stringify(outcome.counts), JSON.stringify(outcome.result)],
  );
  if (row !== null) await writeFindings(tx, id, outcome);
}

/** Writes, in the transaction that loaded the file, that it is loaded. Throws IMPORT_NOT_APPLICABLE when another run was first. */
export async function recordApplication(
  tx: Tx,
  context: Context,
  found: Import,
  outcome: ImportOutcome,
): Promise<void> {
  const row = await queryOne(
    tx,
    `update import set state = 'applied', applied_at = $2, counts = $3::jsonb, result = $4::jsonb
     where id = $1 and state = 'applying' returning 1`,
    [found.id, context.now.toISOString(), JSON.stringify(outcome.counts), JSON.stringify(outcome.result)],
  );
  if (row === null) throw problem('IMPORT_NOT_APPLICABLE', { id: found.id, state: 'applied' });
  await writeFindings(tx, found.id, outcome);
  const { kind, id } = found;
  await appendAudit(tx, context, {
    action: 'import.applied',
    subjectKind: 'import',
    subjectId: id,
    after: { kind, counts: outcome.counts, result: outcome.result },
  });
  publish(tx, { stream: FIRM_STREAM, type: 'import.applied', subject: { id, kind } });
}

/** The whole file cannot stand. */
export async function recordRefusal(tx: Tx, id: string, refusal: Problem): Promise<void> {
  await query(
    tx,
    `update import set state = 'refused', problem = $2::jsonb where id = $1 and state in ('uploaded', 'applying')`,
    [id, JSON.stringify({ code: refusal.code, facts: refusal.facts })],
  );
}

async function writeFindings(tx: Tx, id: string, outcome: ImportOutcome): Promise<void> {
  await query(tx, 'delete from import_finding where import_id = $1', [id]);
  const findings = [
    ...outcome.rejected.map(finding => ({ severity: 'rejected', finding })),
    ...outcome.warned.map(finding => ({ severity: 'warned', finding })),
    ...outcome.notices.map(finding => ({ severity: 'notice', finding })),
  ];
  const batches = function* (): Generator<CopyRow[]> {
    for (let at = 0; at < findings.length; at += FINDINGS_BATCH)
      yield findings
        .slice(at, at + FINDINGS_BATCH)
        .map(({ severity, finding: { line, code, ...facts } }, offset) => [
          id,
          String(at + offset + 1),
          severity,
          String(line),
          code,
          JSON.stringify(facts),
        ]);
  };
  await copyRows(tx, 'import_finding (import_id, ordinal, severity, line, code, facts)', batches());
}
