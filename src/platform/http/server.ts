/** The bare server every module is registered on: parsing, validation, limits, headers, request ids, problems. */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { uuidv7 } from '../../core/uuid.ts';
import type { Dependencies } from '../dependencies.ts';
import { problem } from '../errors.ts';
import type { App } from './app-types.ts';
import { parseJsonBody } from './json-body.ts';
import { handleError, handleNotFound } from './problem-handler.ts';
import { validatorCompiler } from './validation.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;
const REQUESTS_PER_MINUTE_MAX = 6_000;
const PARAM_LENGTH_MAX = 200;

export async function buildServer(dependencies: Dependencies): Promise<App> {
  const app: App = Fastify({
    loggerInstance: dependencies.log as FastifyBaseLogger,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    genReqId: () => uuidv7(dependencies.clock.now()),
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler(handleNotFound);
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await app.register(helmet, {
    contentSecurityPolicy: { directives: { defaultSrc: ["'self'"], frameAncestors: ["'none'"] } },
  });
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE_MAX,
    timeWindow: '1 minute',
    hook: 'onRequest',
    errorResponseBuilder: () => problem('RATE_LIMITED'),
  });
  await app.register(cookie);
  return app;
}
