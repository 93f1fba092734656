/** Passwords of people: argon2id by OWASP's parameters, and a few rules that keep out what is tried first. */
import { hash, verify } from '@node-rs/argon2';
import { problem } from './errors.ts';

const ARGON2ID = 2;
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 128;
const DISTINCT_CHARACTERS_MIN = 5;
/** Runs along a keyboard or an alphabet; a password that is nothing but one of them, or a repetition, is guessed first. */
const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
];
const WORDS = ['password', 'passw0rd', 'administrator', 'letmein', 'welcome', 'changeme', 'iloveyou'];

/** Of a password nobody has: an unknown login costs the time of a known one. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$rdPXnWM80Ky+6n2GE//SlQ$g1H85669Y3b8/ezgFdsl/1Nj5qognzx++FNa2h2tT6M';

/** The stored form of a password. Takes some 40 ms of one core: never inside a transaction. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password.normalize('NFKC'), PARAMETERS);
}

/** Compares in the same time whether there is a hash or not. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  const matches = await verify(stored ?? NOBODYS_HASH, password.normalize('NFKC'));
  return stored !== null && matches;
}

/** Throws PASSWORD_WEAK with the rule that is broken: length, login, variety or common. */
export function requireStrongPassword(login: string, password: string): void {
  const text = password.normalize('NFKC');
  const rule = brokenRule(login.toLowerCase(), text);
  if (rule !== null) throw problem('PASSWORD_WEAK', { rule, lengthMin: PASSWORD_LENGTH_MIN });
}

function brokenRule(login: string, text: string): 'length' | 'login' | 'variety' | 'common' | null {
  const { length } = [...text];
  if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX) return 'length';
  const lower = text.toLowerCase();
  if (lower.includes(login)) return 'login';
  if (new Set(lower).size < DISTINCT_CHARACTERS_MIN) return 'variety';
  const bare = lower.replace(/[^\p{L}\p{N}]/gu, '').replace(/\d+$/, '');
  if (RUNS.some(run => run.includes(lower)) || WORDS.includes(bare)) return 'common';
  return null;
}
