/**
 * Before anything else is looked at, every route knows who asks and whether they may: 401, then 403. A route
 * without a word about its access does not start.
 */
import type { FastifyRequest } from 'fastify';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { type ApiKeys, openApiKeys } from './api-key.ts';
import { problem } from './errors.ts';
import './http.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import type { Principal } from './principal.ts';

const BEARER = /^Bearer ([A-Za-z0-9_-]{20,200})$/;

/** Adds `request.principal` and the permission check of every route registered after it. */
export function registerAuthentication(app: App, dependencies: Dependencies): void {
  const keys = openApiKeys(dependencies.database);
  app.decorateRequest('principal', null);
  app.addHook('onRoute', route => {
    const { permission } = route.config ?? {};
    const known =
      permission === 'public' || permission === 'session' || PERMISSIONS.some(known => known === permission);
    if (!known) throw new Error(`${String(route.method)} ${route.url} does not say who may call it`);
  });
  app.addHook('onRequest', async request => {
    const { permission } = request.routeOptions.config;
    if (permission === undefined || permission === 'public') return;
    request.principal = await authenticate(keys, dependencies, request);
    if (request.principal === null) throw problem('NOT_SIGNED_IN');
    if (permission !== 'session' && !request.principal.permissions.has(permission as Permission)) {
      throw problem('PERMISSION_MISSING', { permission });
    }
  });
}

async function authenticate(
  keys: ApiKeys,
  dependencies: Dependencies,
  request: FastifyRequest,
): Promise<Principal | null> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? null : await keys.authenticate(token, dependencies.clock.now());
}
