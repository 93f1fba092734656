/**
 * Machines sign in with a bearer key: 256 random bits, stored as SHA-256, remembered for at most 30 seconds. A
 * change is told to every process by NOTIFY, so that a revoked key is forgotten at once.
 */
import { hash } from 'node:crypto';
import { type Database, query, queryOne, type Tx } from '../platform/database.ts';
import { type Permission, ROLE_PERMISSIONS, type Role } from './permissions.ts';
import type { Principal } from './principal.ts';

const CACHE_SECONDS_MAX = 30;
const CACHE_KEYS_MAX = 10_000;
export const KEYS_CHANNEL = 'partledger_keys';

type MachineRow = {
  key_id: string;
  name: string;
  role: Role;
  scopes: Permission[];
  dealer_id: string | null;
  dealer_code: string | null;
  expires_at: string;
};
type Cached = { readonly found: Found | null; readonly until: number };
type Found = { readonly keyId: string; readonly principal: Principal };

export type ApiKeys = {
  /** The principal of a key, or null when it is unknown, expired or revoked. */
  authenticate(token: string, now: Date): Promise<Found | null>;
  /** Who this key is known to be without asking the database; null when it is not remembered. */
  remembered(token: string): Principal | null;
  /** Forgets what is remembered, at once: a key was revoked or an account changed. */
  forget(): void;
};

export function hashKey(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Tells every process, at commit, to forget the keys it remembers: an account, a key or a dealer changed. */
export async function forgetKeys(tx: Tx): Promise<void> {
  await query(tx, 'select pg_notify($1, $2)', [KEYS_CHANNEL, '']);
}

export function openApiKeys(database: Database): ApiKeys {
  const cache = new Map<string, Cached>();
  let generation = 0;
  return {
    forget() {
      generation += 1;
      cache.clear();
    },
    remembered: token => cache.get(cacheId(token))?.found?.principal ?? null,
    async authenticate(token, now) {
      const id = cacheId(token);
      const cached = cache.get(id);
      if (cached !== undefined && cached.until > now.getTime()) return cached.found;
      const asked = generation;
      const row = await findMachine(database, hashKey(token), now);
      const found = row === null ? null : { keyId: row.key_id, principal: principalOf(row) };
      // what was read before a key was revoked must not be remembered after it
      if (asked === generation) remember(cache, id, { found, until: knownUntil(row, now) });
      return found;
    },
  };
}

function cacheId(token: string): string {
  return hash('sha256', token, 'base64');
}

function remember(cache: Map<string, Cached>, id: string, cached: Cached): void {
  if (cache.size >= CACHE_KEYS_MAX) cache.clear();
  cache.set(id, cached);
}

function knownUntil(row: MachineRow | null, now: Date): number {
  const expiry = row === null ? Number.POSITIVE_INFINITY : Number(row.expires_at);
  return Math.min(now.getTime() + CACHE_SECONDS_MAX * 1_000, expiry);
}

async function findMachine(database: Database, secretHash: Buffer, now: Date): Promise<MachineRow | null> {
  return await queryOne<MachineRow>(
    database.reader(),
    `select k.id as key_id, m.name, m.role, m.scopes, m.dealer_id, d.code as dealer_code,
            (extract(epoch from k.expires_at) * 1000)::bigint as expires_at
     from api_key k join machine_account m on m.id = k.machine_account_id left join dealer d on d.id = m.dealer_id
     where k.secret_hash = $1 and k.revoked_at is null and k.expires_at > $2 and m.active and (d.id is null or d.active)`,
    [secretHash, now.toISOString()],
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
