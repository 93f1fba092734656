/** The bare server every module is registered on: parsing, validation, limits, headers, request ids, problems. */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import { uuidv7 } from '../../core/uuid.ts';
import type { Dependencies } from '../dependencies.ts';
import { problem } from '../errors.ts';
import type { App } from './app-types.ts';
import { handleClientError } from './client-error.ts';
import { registerHealthRoutes } from './health.ts';
import { acceptJson } from './json-body.ts';
import { registerMetrics } from './metrics.ts';
import { registerDescription } from './openapi.ts';
import { handleError } from './problem-handler.ts';
import { registerRateLimit } from './rate-limit.ts';
import { RequestLog } from './request-log.ts';
import { collectRoutes, methodsOf } from './route-table.ts';
import { validatorCompiler } from './validation.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const PARAM_LENGTH_MAX = 200;
const REQUEST_TIMEOUT_MS = 120_000;

export async function buildServer(dependencies: Dependencies): Promise<App> {
  const app: App = Fastify({
    loggerInstance: dependencies.log as FastifyBaseLogger,
    logController: new RequestLog({ requestIdLogLabel: 'request.id' }),
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => uuidv7(dependencies.clock.now()),
    trustProxy: 'loopback',
    // requests that still come while we stop get a problem like any other refusal
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: handleError,
    clientErrorHandler: handleClientError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler(handleError);
  const table = collectRoutes(app);
  app.setNotFoundHandler((request, reply) => answerUnknown(methodsOf(table, pathOf(request)), request, reply));
  acceptJson(app);
  app.decorateRequest('callerKind', 'nobody');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('cache-control', 'no-store');
  });
  refuseWhileStopping(app);
  refuseUnknownQuery(app);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: dependencies.secureCookies,
  });
  await registerRateLimit(app, dependencies.requestsPerMinuteMax);
  await app.register(cookie);
  await registerDescription(app, table);
  registerMetrics(app, dependencies);
  registerHealthRoutes(app, dependencies);
  return app;
}

function refuseWhileStopping(app: App): void {
  let stopping = false;
  app.decorate('isStopping', () => stopping);
  app.addHook('preClose', async () => {
    stopping = true;
  });
  app.addHook('onRequest', async request => {
    if (stopping && !request.url.startsWith('/health/')) throw problem('SHUTTING_DOWN');
  });
}

/** A route that describes no query takes none: what it would silently pass over is refused like an unknown field. */
function refuseUnknownQuery(app: App): void {
  app.addHook('preValidation', async ({ routeOptions: { url, schema }, query }) => {
    if (schema === undefined || schema.querystring !== undefined || !url?.startsWith('/v1/')) return;
    const [name] = Object.keys(query as object);
    if (name !== undefined) throw problem('REQUEST_INVALID', { where: `querystring/${name}`, reason: 'is not known' });
  });
}

/** 404 for an address nobody has, 405 for a method it does not know, 204 for the question which it knows. */
function answerUnknown(methods: readonly string[], request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (methods.length === 0) return handleError(problem('ROUTE_NOT_FOUND'), request, reply);
  reply.header('allow', methods.join(', '));
  if (request.method === 'OPTIONS') return reply.code(204).send();
  return handleError(problem('METHOD_NOT_ALLOWED', { allowed: methods }), request, reply);
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
