import { businessDateAt } from '../core/business-date.ts';
import { type Database, query, queryOne } from '../platform/database.ts';
import { inTransaction } from '../platform/transaction.ts';
import { hashPassword, requireStrongPassword } from './password.ts';
import { ADMINISTRATOR_LOCK, createPerson } from './person.ts';
import { systemContext } from './system.ts';

/**
 * Makes the first administrator (ADMIN_LOGIN, ADMIN_PASSWORD) and tells whether it did: nothing happens once there is
 * an active one. Throws PASSWORD_WEAK, LOGIN_TAKEN (the login belongs to somebody else).
 */
export async function ensureAdministrator(
  database: Database,
  { login, password }: { readonly login: string; readonly password: string },
  now: Date,
): Promise<boolean> {
  if (await hasAdministrator(database.reader())) return false;
  requireStrongPassword(login, password);
  const passwordHash = await hashPassword(password);
  const context = systemContext('serve', now, businessDateAt(now, 'UTC'));
  return await inTransaction(database, { now }, async tx => {
    await query(tx, ADMINISTRATOR_LOCK);
    if (await hasAdministrator(tx)) return false;
    const names = { nameZh: '系统管理员', nameEn: 'Administrator' };
    const roles = ['administrator'] as const;
    await createPerson(tx, context, { login, ...names, roles, dealerCode: null, language: 'zh', passwordHash });
    return true;
  });
}

/** Whether anybody can sign in at all: a new installation without demo has nobody yet. */
export async function anybodyCanSignIn(database: Database): Promise<boolean> {
  return (await queryOne(database.reader(), 'select 1 from person where active limit 1')) !== null;
}

async function hasAdministrator(em: Parameters<typeof queryOne>[0]): Promise<boolean> {
  return (await queryOne(em, `select 1 from person where active and 'administrator' = any (roles) limit 1`)) !== null;
}
