/** The append-only record of who did what, with before and after (R12.2). Personal fields appear by name only. */
import { isoInstant, query, type Reader, type Tx } from '../platform/database.ts';
import type { Context } from './principal.ts';

export type AuditEntry = {
  readonly action: string;
  readonly outcome?: 'done' | 'refused';
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly dealerCode?: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
};

export type RecordedAuditEntry = {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome: 'done' | 'refused';
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly dealerCode: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string | null;
};

export type AuditFilter = {
  readonly actor?: string;
  readonly action?: string;
  readonly subjectKind?: string;
  readonly subjectId?: string;
  /** Instants; `from` is inclusive, `to` exclusive. */
  readonly from?: string;
  readonly to?: string;
};

/** Writes one entry in the transaction of the change it describes. */
export async function appendAudit(tx: Tx, context: Context, entry: AuditEntry): Promise<void> {
  await query(
    tx,
    `insert into audit_entry (at, actor, action, outcome, subject_kind, subject_id, dealer_code, before, after, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10)`,
    [
      context.now.toISOString(),
      context.principal.name,
      entry.action,
      entry.outcome ?? 'done',
      entry.subjectKind,
      entry.subjectId,
      entry.dealerCode ?? context.principal.dealerCode,
      asJson(entry.before),
      asJson(entry.after),
      context.requestId ?? null,
    ],
  );
}

/** Rows are handed in as they were read: their internal ids stay inside. */
function asJson(value: unknown): string | null {
  if (value === undefined) return null;
  const internal = (key: string, part: unknown) =>
    (key === 'id' || /[a-z]Id$/.test(key)) && typeof part === 'string' && /^\d+$/.test(part);
  return JSON.stringify(value, (key, part) => (internal(key, part) ? undefined : part));
}

/** Latest first, before the entry of the page before. */
export async function listAuditEntries(
  em: Reader,
  filter: AuditFilter & { before: string | null; limit: number },
): Promise<RecordedAuditEntry[]> {
  const rows = await query<RecordedAuditEntry>(
    em,
    `select id, at, actor, action, outcome, subject_kind as "subjectKind", subject_id as "subjectId",
            dealer_code as "dealerCode", before, after, request_id as "requestId"
     from audit_entry
     where ($1::bigint is null or id < $1::bigint)
       and ($2::text is null or actor = $2) and ($3::text is null or action = $3)
       and ($4::text is null or subject_kind = $4) and ($5::text is null or subject_id = $5)
       and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)
     order by id desc limit $8`,
    [
      filter.before,
      filter.actor ?? null,
      filter.action ?? null,
      filter.subjectKind ?? null,
      filter.subjectId ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.limit,
    ],
  );
  return rows.map(row => ({ ...row, at: isoInstant(row.at) }));
}
