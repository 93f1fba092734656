/**
 * Before anything else is looked at, every route knows who asks and whether they may: 401, then 403. A route
 * without a word about its access does not start.
 */
import type { FastifyRequest } from 'fastify';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { type ApiKeys, KEYS_CHANNEL, openApiKeys } from './api-key.ts';
import { problem } from './errors.ts';
import './http.ts';
import { type Listener, listenTo } from '../platform/listener.ts';
import { type LastUses, openLastUses } from './last-use.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import type { Principal } from './principal.ts';
import { isUnsafe, requireSameOrigin } from './same-origin.ts';
import { csrfTokenMatches, findSignedIn } from './session.ts';

const BEARER = /^Bearer ([A-Za-z0-9_-]{20,200})$/;
const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;
export const SESSION_COOKIE = 'partledger_session';

/** Besides the permissions: anybody, whoever is signed in, and people but no machines. */
const OPEN_TO = ['public', 'session', 'person'];

type Surroundings = { readonly dependencies: Dependencies; readonly keys: ApiKeys; readonly uses: LastUses };

/** Adds `request.principal` and the permission check of every route registered after it. */
export function registerAuthentication(app: App, dependencies: Dependencies): void {
  const keys = openApiKeys(dependencies.database);
  const uses = openLastUses(dependencies.database, dependencies.log);
  let listener: Listener | null = null;
  app.decorateRequest('principal', null);
  app.decorateRequest('signedIn', null);
  app.decorate('forgetKeys', keys.forget);
  app.setCallerOf(request => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    return token === undefined ? null : (keys.remembered(token)?.name ?? null);
  });
  app.addHook('onRoute', route => {
    const { permission } = route.config ?? {};
    if (![...OPEN_TO, ...PERMISSIONS].some(known => known === permission))
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it`);
  });
  app.addHook('onRequest', async request => {
    if (request.is404) return;
    await admit({ dependencies, keys, uses }, request, request.routeOptions.config.permission);
  });
  app.addHook('onReady', async () => {
    listener = await listenTo(dependencies.database, KEYS_CHANNEL, dependencies.log, keys.forget);
  });
  app.addHook('onClose', async () => {
    await listener?.close();
    await uses.stop();
  });
}

async function admit(around: Surroundings, request: FastifyRequest, permission: string | undefined): Promise<void> {
  if (permission === 'public') return;
  request.principal = await authenticate(around, request);
  if (request.principal === null) throw problem('NOT_SIGNED_IN');
  request.callerKind = request.signedIn === null ? 'machine' : 'person';
  if (request.signedIn !== null && isUnsafe(request.method)) requireOwnPage(around.dependencies, request);
  if (permission === 'person' && request.signedIn === null) throw problem('PERSON_REQUIRED');
  if (
    permission !== 'session' &&
    permission !== 'person' &&
    !request.principal.permissions.has(permission as Permission)
  ) {
    throw problem('PERMISSION_MISSING', { permission });
  }
}

/** An Authorization header is taken at its word; the cookie counts only without one. */
async function authenticate(around: Surroundings, request: FastifyRequest): Promise<Principal | null> {
  const { dependencies, keys, uses } = around;
  const now = dependencies.clock.now();
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    const found = token === undefined ? null : await keys.authenticate(token, now);
    if (found !== null) uses.note('key', found.keyId, now);
    return found?.principal ?? null;
  }
  const token = request.cookies[SESSION_COOKIE];
  if (token === undefined || !SESSION_TOKEN.test(token)) return null;
  request.signedIn = await findSignedIn(dependencies.database.reader(), token, now);
  if (request.signedIn !== null) uses.note('session', request.signedIn.sessionId, now);
  return request.signedIn?.principal ?? null;
}

function requireOwnPage(dependencies: Dependencies, request: FastifyRequest): void {
  requireSameOrigin(request);
  const given = request.headers['x-csrf-token'];
  if (!csrfTokenMatches(dependencies.sessionSecret, request.signedIn?.sessionId ?? '', given)) {
    throw problem('CSRF_TOKEN_MISSING');
  }
}
