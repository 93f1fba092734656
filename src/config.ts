/** The only reader of the environment: every setting checked at start, with words a person can act on. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { isTimeZone } from './core/business-date.ts';

export type Config = {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly filesDir: string;
  /** An own PostgreSQL ≥ 15; null = the embedded one in dataDir. */
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly demo: boolean;
  /** Pins the day up to which the demo company has done business. */
  readonly demoToday: string | null;
  readonly admin: { readonly login: string; readonly password: string } | null;
  readonly timeZone: string;
  /** False when TZ_BUSINESS was not given: then whatever the database was made with holds. */
  readonly timeZoneIsSet: boolean;
  readonly logLevel: string;
  readonly sessionSecret: string | null;
  readonly secureCookies: boolean;
};

/** Every complaint about the environment at once, one line each. */
export class ConfigError extends Error {
  readonly complaints: readonly string[];

  constructor(complaints: readonly string[]) {
    super(complaints.join('\n'));
    this.name = 'ConfigError';
    this.complaints = complaints;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const SECRET_LENGTH_MIN = 32;
const PASSWORD_LENGTH_MIN = 12;
const PROJECT = join(import.meta.dirname, '..');

/** Loopback hosts are reached from this machine only: demo logins exist there alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Reads, checks and freezes the settings. Throws ConfigError. */
export function readConfig(environment: Environment): Config {
  const complaints: string[] = [];
  const get = (name: string) =>
    environment[name] === undefined || environment[name] === '' ? undefined : environment[name];
  const check = (holds: boolean, complaint: string) => {
    if (!holds) complaints.push(complaint);
  };

  const host = get('HOST') ?? '127.0.0.1';
  const port = get('PORT') ?? '8080';
  check(
    /^\d{1,5}$/.test(port) && Number(port) <= 65_535,
    `PORT must be a number from 0 to 65535 (0 = any free port), not "${port}"`,
  );
  const databaseUrl = get('DATABASE_URL') ?? null;
  check(
    databaseUrl === null || isUrl(databaseUrl, ['postgres:', 'postgresql:']),
    'DATABASE_URL must look like postgres://user:password@host:5432/database',
  );
  const redisUrl = get('REDIS_URL') ?? null;
  check(redisUrl === null || isUrl(redisUrl, ['redis:', 'rediss:']), 'REDIS_URL must look like redis://host:6379');
  const demo = get('DEMO') ?? (databaseUrl === null ? '1' : '0');
  check(demo === '0' || demo === '1', `DEMO must be 0 or 1, not "${demo}"`);
  const demoToday = get('DEMO_TODAY') ?? null;
  check(
    demoToday === null || /^\d{4}-\d{2}-\d{2}$/.test(demoToday),
    `DEMO_TODAY must be a date like 2026-03-31, not "${demoToday}"`,
  );
  const timeZone = get('TZ_BUSINESS') ?? 'Asia/Shanghai';
  check(isTimeZone(timeZone), `TZ_BUSINESS must be a time zone like Asia/Shanghai, not "${timeZone}"`);
  const logLevel = get('LOG_LEVEL') ?? 'info';
  check(LOG_LEVELS.includes(logLevel), `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${logLevel}"`);
  const sessionSecret = get('SESSION_SECRET') ?? null;
  check(
    sessionSecret === null || sessionSecret.length >= SECRET_LENGTH_MIN,
    `SESSION_SECRET must have at least ${SECRET_LENGTH_MIN} characters`,
  );
  const secureCookies = get('SECURE_COOKIES') ?? (isLoopback(host) ? '0' : '1');
  check(secureCookies === '0' || secureCookies === '1', `SECURE_COOKIES must be 0 or 1, not "${secureCookies}"`);
  const dataDir = absolute(get('DATA_DIR') ?? '.partledger');
  const admin = readAdmin(get('ADMIN_LOGIN'), get('ADMIN_PASSWORD'), check);

  if (complaints.length > 0) throw new ConfigError(complaints);
  return Object.freeze({
    host,
    port: Number(port),
    dataDir,
    filesDir: absolute(get('FILES_DIR') ?? join(dataDir, 'files')),
    databaseUrl,
    redisUrl,
    demo: demo === '1',
    demoToday,
    admin,
    timeZone,
    timeZoneIsSet: get('TZ_BUSINESS') !== undefined,
    logLevel,
    sessionSecret,
    secureCookies: secureCookies === '1',
  });
}

function readAdmin(
  login: string | undefined,
  password: string | undefined,
  check: (holds: boolean, complaint: string) => void,
) {
  if (login === undefined && password === undefined) return null;
  check(
    login !== undefined && password !== undefined,
    'ADMIN_LOGIN and ADMIN_PASSWORD go together: set both or neither',
  );
  check(
    login === undefined || /^[a-z0-9][a-z0-9._@+-]{1,99}$/.test(login),
    'ADMIN_LOGIN must be 2 to 100 lower-case letters, digits or . _ @ + -',
  );
  check(
    password === undefined || password.length >= PASSWORD_LENGTH_MIN,
    `ADMIN_PASSWORD must have at least ${PASSWORD_LENGTH_MIN} characters`,
  );
  return { login: login ?? '', password: password ?? '' };
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '';
}

/** Relative folders are the project's, wherever the command is called from. */
function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(PROJECT, path);
}

/** SESSION_SECRET, else one made once and kept in DATA_DIR for its owner alone. */
export function sessionSecretOf(config: Config): string {
  if (config.sessionSecret !== null) return config.sessionSecret;
  const file = join(config.dataDir, 'session-secret');
  mkdirSync(config.dataDir, { recursive: true });
  if (!existsSync(file)) {
    try {
      writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}
