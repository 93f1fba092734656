/** Keys of machine accounts: shown once, two alive at a time so that they can be rotated without a gap. */
import { randomBytes } from 'node:crypto';
import { uuidv7 } from '../core/uuid.ts';
import { isoInstant, query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { forgetKeys, hashKey } from './api-key.ts';
import { appendAudit } from './audit.ts';
import { problem } from './errors.ts';
import { lockMachineAccount, type MachineAccount } from './machine-account.ts';
import type { Context } from './principal.ts';

const KEYS_LIVE_MAX = 2;
const KEY_DAYS_DEFAULT = 365;
const KEY_DAYS_MAX = 730;
const KEYS_SHOWN_MAX = 100;
const DAY_MS = 86_400_000;

export type MachineKey = {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
};

const COLUMNS = `id, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt", last_used_at as "lastUsedAt"`;

/** Issues a key; an expired one frees its place. Throws MACHINE_ACCOUNT_NOT_FOUND, KEYS_LIVE_MAX, KEY_EXPIRY_INVALID. */
export async function issueKey(
  tx: Tx,
  context: Context,
  name: string,
  expiresAt: string | undefined,
): Promise<{ key: MachineKey; token: string }> {
  const account = await lockMachineAccount(tx, name);
  const expiry = requireExpiry(expiresAt, context.now);
  const slot = await freeSlot(tx, account, context.now);
  if (slot === null) throw problem('KEYS_LIVE_MAX', { max: KEYS_LIVE_MAX });
  const token = `pl_${randomBytes(32).toString('base64url')}`;
  const row = await queryOne<MachineKey>(
    tx,
    `insert into api_key (id, machine_account_id, slot, secret_hash, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
    [uuidv7(context.now), account.id, slot, hashKey(token), context.now.toISOString(), expiry.toISOString()],
  );
  const key = toKey(row as MachineKey);
  await appendKeyAudit(tx, context, account, 'machine-key.issued', { keyId: key.id, expiresAt: key.expiresAt });
  return { key, token };
}

/** Revokes a key everywhere at once. Throws MACHINE_ACCOUNT_NOT_FOUND, KEY_NOT_FOUND (revoked ones too). */
export async function revokeKey(tx: Tx, context: Context, name: string, id: string): Promise<void> {
  const account = await lockMachineAccount(tx, name);
  const row = await queryOne(
    tx,
    `update api_key set revoked_at = $3 where id = $1 and machine_account_id = $2 and revoked_at is null returning 1`,
    [id, account.id, context.now.toISOString()],
  );
  if (row === null) throw problem('KEY_NOT_FOUND');
  await appendKeyAudit(tx, context, account, 'machine-key.revoked', { keyId: id });
  await forgetKeys(tx);
}

/** The latest keys of an account, dead ones too; never their tokens. */
export async function listKeys(em: Reader, account: MachineAccount): Promise<MachineKey[]> {
  const rows = await query<MachineKey>(
    em,
    `select ${COLUMNS} from api_key where machine_account_id = $1 order by created_at desc, id desc limit ${KEYS_SHOWN_MAX}`,
    [account.id],
  );
  return rows.map(toKey);
}

/** Closes what has expired and returns a place that no live key holds. The account's row is locked. */
async function freeSlot(tx: Tx, account: MachineAccount, now: Date): Promise<number | null> {
  await query(
    tx,
    `update api_key set revoked_at = expires_at where machine_account_id = $1 and revoked_at is null and expires_at <= $2`,
    [account.id, now.toISOString()],
  );
  const row = await queryOne<{ slot: number | null }>(
    tx,
    `select min(slot) as slot from generate_series(1, ${KEYS_LIVE_MAX}) as slot
     where not exists (select from api_key k where k.machine_account_id = $1 and k.slot = slot.slot and k.revoked_at is null)`,
    [account.id],
  );
  return row?.slot ?? null;
}

function requireExpiry(expiresAt: string | undefined, now: Date): Date {
  if (expiresAt === undefined) return new Date(now.getTime() + KEY_DAYS_DEFAULT * DAY_MS);
  const at = new Date(expiresAt);
  const days = (at.getTime() - now.getTime()) / DAY_MS;
  // NaN fails both comparisons
  if (!(days > 0 && days <= KEY_DAYS_MAX)) throw problem('KEY_EXPIRY_INVALID', { daysMax: KEY_DAYS_MAX });
  return at;
}

async function appendKeyAudit(tx: Tx, context: Context, account: MachineAccount, action: string, after: object) {
  const { name, dealerCode } = account;
  await appendAudit(tx, context, { action, subjectKind: 'machine-account', subjectId: name, dealerCode, after });
}

function toKey(row: MachineKey): MachineKey {
  const instant = (text: string | null) => (text === null ? null : isoInstant(text));
  return {
    id: row.id,
    createdAt: isoInstant(row.createdAt),
    expiresAt: isoInstant(row.expiresAt),
    revokedAt: instant(row.revokedAt),
    lastUsedAt: instant(row.lastUsedAt),
  };
}
