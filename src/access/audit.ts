/** The append-only record of who did what, with before and after. Personal fields appear by name only. */
import { query, type Tx } from '../platform/database.ts';
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
      entry.before === undefined ? null : JSON.stringify(entry.before),
      entry.after === undefined ? null : JSON.stringify(entry.after),
      context.requestId ?? null,
    ],
  );
}
