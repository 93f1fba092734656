/** Machines sign in with a bearer key: 256 random bits, stored as SHA-256, remembered for at most 30 seconds. */
import { createHash } from 'node:crypto';
import { type Database, queryOne } from '../platform/database.ts';
import { type Permission, ROLE_PERMISSIONS, type Role } from './permissions.ts';
import type { Principal } from './principal.ts';

const CACHE_SECONDS_MAX = 30;
const CACHE_KEYS_MAX = 10_000;

type MachineRow = {
  name: string;
  role: Role;
  scopes: Permission[];
  dealer_id: string | null;
  dealer_code: string | null;
  expires_at: string;
};
type Cached = { principal: Principal | null; until: number };

export type ApiKeys = {
  /** The principal of a key, or null when it is unknown, expired or revoked. */
  authenticate(token: string, now: Date): Promise<Principal | null>;
  /** Forgets what is remembered, at once: a key was revoked or an account changed. */
  forget(): void;
};

export function hashKey(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function openApiKeys(database: Database): ApiKeys {
  const cache = new Map<string, Cached>();
  return {
    forget: () => cache.clear(),
    async authenticate(token, now) {
      const hash = hashKey(token);
      const id = hash.toString('base64');
      const cached = cache.get(id);
      if (cached !== undefined && cached.until > now.getTime()) return cached.principal;
      const row = await findMachine(database, hash, now);
      const principal = row === null ? null : principalOf(row);
      if (cache.size >= CACHE_KEYS_MAX) cache.clear();
      const until = Math.min(
        now.getTime() + CACHE_SECONDS_MAX * 1_000,
        row === null ? Number.POSITIVE_INFINITY : Number(row.expires_at),
      );
      cache.set(id, { principal, until });
      return principal;
    },
  };
}

async function findMachine(database: Database, hash: Buffer, now: Date): Promise<MachineRow | null> {
  return await queryOne<MachineRow>(
    database.reader(),
    `select m.name, m.role, m.scopes, m.dealer_id, d.code as dealer_code,
            (extract(epoch from k.expires_at) * 1000)::bigint as expires_at
     from api_key k join machine_account m on m.id = k.machine_account_id left join dealer d on d.id = m.dealer_id
     where k.secret_hash = $1 and k.revoked_at is null and k.expires_at > $2 and m.active and (d.id is null or d.active)`,
    [hash, now.toISOString()],
  );
}

function principalOf(row: MachineRow): Principal {
  const allowed = new Set<Permission>(ROLE_PERMISSIONS[row.role]);
  return {
    name: `machine:${row.name}`,
    roles: [row.role],
    permissions: new Set(row.scopes.filter(scope => allowed.has(scope))),
    dealerId: row.dealer_id,
    dealerCode: row.dealer_code,
    language: 'zh',
  };
}
