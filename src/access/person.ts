/** People and what they may do. Master data: made inactive, never deleted. Names are personal: the audit says only that they changed. */
import { isoInstant, query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { appendAudit } from './audit.ts';
import { requireDealerOfRole } from './dealer-of-role.ts';
import { problem } from './errors.ts';
import type { Role } from './permissions.ts';
import type { Context } from './principal.ts';
import { revokeSessionsOf } from './session.ts';

export type Person = {
  readonly id: string;
  readonly login: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly roles: readonly Role[];
  readonly dealerCode: string | null;
  readonly language: 'zh' | 'en';
  readonly active: boolean;
  /** While it lies ahead nobody signs in. */
  readonly lockedUntil: string | null;
  readonly version: number;
  readonly createdAt: string;
};

export type PersonDraft = Pick<Person, 'login' | 'nameZh' | 'nameEn' | 'roles' | 'dealerCode' | 'language'> & {
  readonly passwordHash: string;
};
export type PersonChange = Partial<
  Pick<Person, 'nameZh' | 'nameEn' | 'roles' | 'dealerCode' | 'language' | 'active'> & { readonly passwordHash: string }
>;

const COLUMNS = `p.id, p.login, p.name_zh as "nameZh", p.name_en as "nameEn", p.roles, d.code as "dealerCode", p.language,
  p.active, p.locked_until as "lockedUntil", p.version, p.created_at as "createdAt"`;
const FROM = 'from person p left join dealer d on d.id = p.dealer_id';
/** Taken before the last administrator could be taken away by two at once. */
export const ADMINISTRATOR_LOCK = `select pg_advisory_xact_lock(hashtextextended('partledger.administrator', 0))`;

mapConstraints({
  person_login_unique: () => problem('LOGIN_TAKEN'),
  person_named: () => problem('PERSON_UNNAMED'),
  person_dealer_role: () => problem('DEALER_ROLE_MISMATCH'),
});

/** Creates a person with a hashed password (`hashPassword`). Throws LOGIN_TAKEN, DEALER_ROLE_MISMATCH, DEALER_NOT_FOUND, PERSON_UNNAMED. */
export async function createPerson(tx: Tx, context: Context, draft: PersonDraft): Promise<Person> {
  const dealerId = await requireDealerOfRole(tx, draft.roles, draft.dealerCode);
  await query(
    tx,
    `insert into person (login, name_zh, name_en, password_hash, roles, dealer_id, language, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      draft.login,
      draft.nameZh,
      draft.nameEn,
      draft.passwordHash,
      draft.roles,
      dealerId,
      draft.language,
      context.now.toISOString(),
    ],
  );
  const person = await getPerson(tx, draft.login);
  await appendAudit(tx, context, {
    action: 'person.created',
    subjectKind: 'person',
    subjectId: person.login,
    dealerCode: person.dealerCode,
    after: traceOf(person),
  });
  return person;
}

/** Throws PERSON_NOT_FOUND. */
export async function getPerson(em: Reader, login: string): Promise<Person> {
  const row = await queryOne<Person>(em, `select ${COLUMNS} ${FROM} where p.login = $1`, [login]);
  if (row === null) throw problem('PERSON_NOT_FOUND', { login });
  return toPerson(row);
}

/** One page in order of login. */
export async function listPeople(em: Reader, filter: { after: string | null; limit: number }): Promise<Person[]> {
  const rows = await query<Person>(
    em,
    `select ${COLUMNS} ${FROM} where ($1::text is null or p.login > $1) order by p.login limit $2`,
    [filter.after, filter.limit],
  );
  return rows.map(toPerson);
}

/**
 * Changes a person; a change of roles, dealer, password or state ends all sessions. `passwordHash` also unlocks.
 * Throws PERSON_NOT_FOUND, VERSION_CONFLICT, LAST_ADMINISTRATOR, DEALER_ROLE_MISMATCH, DEALER_NOT_FOUND, PERSON_UNNAMED.
 */
export async function changePerson(
  tx: Tx,
  context: Context,
  login: string,
  expectedVersion: number,
  change: PersonChange,
): Promise<Person> {
  await query(tx, ADMINISTRATOR_LOCK);
  await query(tx, 'select 1 from person where login = $1 for update', [login]);
  const before = await getPerson(tx, login);
  requireVersion(before.version, expectedVersion);
  const next = { ...before, ...change };
  if (isAdministrator(before) && !isAdministrator(next)) await requireAnotherAdministrator(tx, before.id);
  const dealerId = await requireDealerOfRole(tx, next.roles, next.dealerCode);
  await query(
    tx,
    `update person set name_zh = $2, name_en = $3, roles = $4, dealer_id = $5, language = $6, active = $7,
       password_hash = coalesce($8, password_hash), version = version + 1,
       failed_attempts = case when $8::text is null then failed_attempts else 0 end,
       locked_until = case when $8::text is null then locked_until end
     where id = $1`,
    [
      before.id,
      next.nameZh,
      next.nameEn,
      next.roles,
      dealerId,
      next.language,
      next.active,
      change.passwordHash ?? null,
    ],
  );
  if (endsSessions(change)) await revokeSessionsOf(tx, before.id, context.now);
  const after = await getPerson(tx, login);
  await appendAudit(tx, context, {
    action: 'person.changed',
    subjectKind: 'person',
    subjectId: login,
    dealerCode: after.dealerCode,
    before: traceOf(before),
    after: { ...traceOf(after), changed: Object.keys(change).map(field => field.replace('passwordHash', 'password')) },
  });
  return after;
}

/** Stores the hash of a password its owner chose. */
export async function setOwnPassword(tx: Tx, id: string, login: string, passwordHash: string): Promise<Person> {
  await query(tx, 'update person set password_hash = $2, version = version + 1 where id = $1', [id, passwordHash]);
  return await getPerson(tx, login);
}

function endsSessions(change: PersonChange): boolean {
  return ['roles', 'dealerCode', 'active', 'passwordHash'].some(field => Object.hasOwn(change, field));
}

function isAdministrator(person: Pick<Person, 'roles' | 'active'>): boolean {
  return person.active && person.roles.includes('administrator');
}

async function requireAnotherAdministrator(tx: Tx, id: string): Promise<void> {
  const other = await queryOne(
    tx,
    `select 1 from person where active and 'administrator' = any (roles) and id <> $1 limit 1`,
    [id],
  );
  if (other === null) throw problem('LAST_ADMINISTRATOR');
}

function toPerson(row: Person): Person {
  const lockedUntil = row.lockedUntil === null ? null : isoInstant(row.lockedUntil);
  return { ...row, lockedUntil, createdAt: isoInstant(row.createdAt) };
}

function traceOf({ roles, dealerCode, language, active, version }: Person) {
  return { roles, dealerCode, language, active, version };
}
