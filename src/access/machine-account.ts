/** Machine accounts: other programs, each with one role and a subset of its permissions as scopes. */
import { isoInstant, query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { forgetKeys } from './api-key.ts';
import { appendAudit } from './audit.ts';
import { requireDealerOfRole } from './dealer-of-role.ts';
import { problem } from './errors.ts';
import { type Permission, ROLE_PERMISSIONS, type Role } from './permissions.ts';
import type { Context } from './principal.ts';

export type MachineAccount = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly Permission[];
  readonly dealerCode: string | null;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: string;
};

export type MachineAccountDraft = Pick<MachineAccount, 'name' | 'role' | 'dealerCode'> & {
  /** All the role has, when null. */
  readonly scopes: readonly Permission[] | null;
};

const COLUMNS = `m.id, m.name, m.role, m.scopes, d.code as "dealerCode", m.active, m.version, m.created_at as "createdAt"`;
const FROM = 'from machine_account m left join dealer d on d.id = m.dealer_id';

mapConstraints({
  machine_account_name_unique: () => problem('MACHINE_ACCOUNT_TAKEN'),
  machine_account_dealer_role: () => problem('DEALER_ROLE_MISMATCH'),
});

/** Throws MACHINE_ACCOUNT_TAKEN, SCOPE_NOT_ALLOWED, DEALER_ROLE_MISMATCH, DEALER_NOT_FOUND. */
export async function createMachineAccount(
  tx: Tx,
  context: Context,
  draft: MachineAccountDraft,
): Promise<MachineAccount> {
  const scopes = draft.scopes ?? ROLE_PERMISSIONS[draft.role];
  requireScopes(draft.role, scopes);
  const dealerId = await requireDealerOfRole(tx, [draft.role], draft.dealerCode);
  await query(
    tx,
    'insert into machine_account (name, role, scopes, dealer_id, created_at) values ($1, $2, $3, $4, $5)',
    [draft.name, draft.role, scopes, dealerId, context.now.toISOString()],
  );
  const account = await getMachineAccount(tx, draft.name);
  await appendAudit(tx, context, {
    action: 'machine-account.created',
    subjectKind: 'machine-account',
    subjectId: account.name,
    dealerCode: account.dealerCode,
    after: account,
  });
  return account;
}

/** Throws MACHINE_ACCOUNT_NOT_FOUND. */
export async function getMachineAccount(em: Reader, name: string): Promise<MachineAccount> {
  const row = await queryOne<MachineAccount>(em, `select ${COLUMNS} ${FROM} where m.name = $1`, [name]);
  if (row === null) throw problem('MACHINE_ACCOUNT_NOT_FOUND', { name });
  return { ...row, createdAt: isoInstant(row.createdAt) };
}

/** The account with its row locked: its keys and scopes change one after the other. Throws MACHINE_ACCOUNT_NOT_FOUND. */
export async function lockMachineAccount(tx: Tx, name: string): Promise<MachineAccount> {
  await query(tx, 'select 1 from machine_account where name = $1 for update', [name]);
  return await getMachineAccount(tx, name);
}

/** One page in order of name. */
export async function listMachineAccounts(
  em: Reader,
  filter: { after: string | null; limit: number },
): Promise<MachineAccount[]> {
  const rows = await query<MachineAccount>(
    em,
    `select ${COLUMNS} ${FROM} where ($1::text is null or m.name > $1) order by m.name limit $2`,
    [filter.after, filter.limit],
  );
  return rows.map(row => ({ ...row, createdAt: isoInstant(row.createdAt) }));
}

/** Changes scopes or state; holds for every key at once. Throws MACHINE_ACCOUNT_NOT_FOUND, VERSION_CONFLICT, SCOPE_NOT_ALLOWED. */
export async function changeMachineAccount(
  tx: Tx,
  context: Context,
  name: string,
  expectedVersion: number,
  change: { readonly scopes?: readonly Permission[]; readonly active?: boolean },
): Promise<MachineAccount> {
  const before = await lockMachineAccount(tx, name);
  requireVersion(before.version, expectedVersion);
  const { scopes, active } = { ...before, ...change };
  requireScopes(before.role, scopes);
  await query(tx, 'update machine_account set scopes = $2, active = $3, version = version + 1 where id = $1', [
    before.id,
    scopes,
    active,
  ]);
  const after = await getMachineAccount(tx, name);
  await appendAudit(tx, context, {
    action: 'machine-account.changed',
    subjectKind: 'machine-account',
    subjectId: name,
    dealerCode: after.dealerCode,
    before,
    after,
  });
  await forgetKeys(tx);
  return after;
}

function requireScopes(role: Role, scopes: readonly Permission[]): void {
  const allowed = new Set(ROLE_PERMISSIONS[role]);
  const excess = scopes.filter(scope => !allowed.has(scope));
  if (excess.length > 0) throw problem('SCOPE_NOT_ALLOWED', { role, scopes: excess });
}
