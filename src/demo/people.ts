/** One login per role, with a password everybody knows: active only while the service listens on loopback. */
import { createPerson, hashPassword } from '../access/index.ts';
import { type Database, query, type Tx } from '../platform/database.ts';
import { inTransaction } from '../platform/transaction.ts';
import { DEALERS, PEOPLE } from './company.ts';
import type { Cast } from './step.ts';

const PASSWORD = 'partledger-demo';

export async function makePeople(tx: Tx, cast: Cast): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  for (const { login, role, nameZh, nameEn } of PEOPLE) {
    const dealerCode = role === 'dealer' ? (DEALERS[0]?.code ?? null) : null;
    await createPerson(tx, cast.specialist, {
      login,
      nameZh,
      nameEn,
      roles: [role],
      dealerCode,
      language: 'zh',
      passwordHash,
    });
  }
  await query(tx, 'update person set demo = true where login = any($1::text[])', [PEOPLE.map(({ login }) => login)]);
}

/** Opens or shuts the demo logins; returns what to print: login, password, role. */
export async function openDemoLogins(database: Database, open: boolean, now: Date): Promise<string[]> {
  const logins = await inTransaction(database, { now }, async tx => {
    if (!open)
      await query(
        tx,
        'update session set revoked_at = $1 where revoked_at is null and person_id in (select id from person where demo)',
        [now.toISOString()],
      );
    return await query<{ login: string; roles: string[] }>(
      tx,
      'update person set active = $1 where demo returning login, roles',
      [open],
    );
  });
  if (!open) return [];
  const order = new Map<string, number>(PEOPLE.map(({ login }, index) => [login, index]));
  return logins
    .sort((a, b) => (order.get(a.login) ?? 0) - (order.get(b.login) ?? 0))
    .map(({ login, roles }) => `${login.padEnd(15)} ${PASSWORD}   ${roles.join(', ')}`);
}
