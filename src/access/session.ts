/**
 * Sessions of people: 256 random bits in a cookie, stored as SHA-256, ended by idleness, by age, by sign-out and
 * by any change of what the person may do. Looked up at every request, so an end holds at once and everywhere.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { uuidv7 } from '../core/uuid.ts';
import { isoInstant, query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { hashKey } from './api-key.ts';
import { problem } from './errors.ts';
import { type Permission, ROLE_PERMISSIONS, type Role } from './permissions.ts';
import type { Principal } from './principal.ts';

export const SESSION_IDLE_MINUTES_MAX = 60;
export const SESSION_HOURS_MAX = 12;
const SESSIONS_SHOWN_MAX = 100;
const ENDED_SESSIONS_KEPT_DAYS = 30;

export type Session = {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
};
export type SignedIn = {
  readonly sessionId: string;
  readonly personId: string;
  readonly login: string;
  readonly principal: Principal;
};

const LIVE = `s.revoked_at is null and s.expires_at > $2 and s.last_seen_at > $2::timestamptz - make_interval(mins => ${SESSION_IDLE_MINUTES_MAX})`;

/** Opens a session; the token goes into the cookie and nowhere else. */
export async function openSession(tx: Tx, personId: string, now: Date): Promise<{ id: string; token: string }> {
  const id = uuidv7(now);
  const token = randomBytes(32).toString('base64url');
  await query(
    tx,
    `insert into session (id, token_hash, person_id, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, $4, $4, $4::timestamptz + make_interval(hours => ${SESSION_HOURS_MAX}))`,
    [id, hashKey(token), personId, now.toISOString()],
  );
  return { id, token };
}

type SignedInRow = {
  sessionId: string;
  personId: string;
  login: string;
  roles: Role[];
  dealerId: string | null;
  dealerCode: string | null;
  language: 'zh' | 'en';
};

/** Who a cookie stands for, or null when the session has ended or the person or dealer is inactive. */
export async function findSignedIn(em: Reader, token: string, now: Date): Promise<SignedIn | null> {
  const row = await queryOne<SignedInRow>(
    em,
    `select s.id as "sessionId", p.id as "personId", p.login, p.roles, p.dealer_id as "dealerId", d.code as "dealerCode", p.language
     from session s join person p on p.id = s.person_id left join dealer d on d.id = p.dealer_id
     where s.token_hash = $1 and ${LIVE} and p.active and (d.id is null or d.active)`,
    [hashKey(token), now.toISOString()],
  );
  if (row === null) return null;
  const { sessionId, personId, login, roles, dealerId, dealerCode, language } = row;
  const permissions = new Set<Permission>(roles.flatMap(role => ROLE_PERMISSIONS[role]));
  return {
    sessionId,
    personId,
    login,
    principal: { name: `person:${login}`, roles, permissions, dealerId, dealerCode, language },
  };
}

/** The live sessions of a person, latest first. */
export async function listSessions(em: Reader, personId: string, now: Date): Promise<Session[]> {
  const rows = await query<Session>(
    em,
    `select s.id, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt"
     from session s where s.person_id = $1 and ${LIVE} order by s.created_at desc, s.id desc limit ${SESSIONS_SHOWN_MAX}`,
    [personId, now.toISOString()],
  );
  return rows.map(({ id, createdAt, lastSeenAt, expiresAt }) => ({
    id,
    createdAt: isoInstant(createdAt),
    lastSeenAt: isoInstant(lastSeenAt),
    expiresAt: isoInstant(expiresAt),
  }));
}

/** Ends one session of a person. Throws SESSION_NOT_FOUND. */
export async function revokeSession(tx: Tx, personId: string, id: string, now: Date): Promise<void> {
  const row = await queryOne(
    tx,
    'update session set revoked_at = $3 where id = $1 and person_id = $2 and revoked_at is null returning 1',
    [id, personId, now.toISOString()],
  );
  if (row === null) throw problem('SESSION_NOT_FOUND');
}

/** Ends all sessions of a person, but for one that may stay. */
export async function revokeSessionsOf(tx: Tx, personId: string, now: Date, but: string | null = null): Promise<void> {
  await query(
    tx,
    `update session set revoked_at = $2
     where person_id = $1 and revoked_at is null and ($3::uuid is null or id <> $3::uuid)`,
    [personId, now.toISOString(), but],
  );
}

/** Forgets sessions that ended more than 30 days ago; returns how many. Safe to run twice. */
export async function sweepSessions(tx: Tx, now: Date): Promise<number> {
  const rows = await query(
    tx,
    `delete from session where expires_at < $1::timestamptz - make_interval(days => ${ENDED_SESSIONS_KEPT_DAYS}) returning 1`,
    [now.toISOString()],
  );
  return rows.length;
}

/** Proof that a page of ours makes the request: only who signed in has read it. */
export function csrfTokenOf(sessionSecret: string, sessionId: string): string {
  return createHmac('sha256', sessionSecret).update(`csrf:${sessionId}`).digest('base64url');
}

/** Compared in constant time. */
export function csrfTokenMatches(sessionSecret: string, sessionId: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const expected = Buffer.from(csrfTokenOf(sessionSecret, sessionId));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
