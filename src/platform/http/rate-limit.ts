/**
 * Limits per minute, kept in each process: all requests of one caller, and stricter ones where a route asks for it.
 * They come before the question who it is (429 before 401), so an unknown caller counts by its address.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../errors.ts';
import type { App } from './app-types.ts';

const REQUESTS_PER_MINUTE_MAX = 6_000;
const MINUTE_MS = 60_000;
const CALLERS_MAX = 20_000;

export async function registerRateLimit(app: App, requestsPerMinuteMax = REQUESTS_PER_MINUTE_MAX): Promise<void> {
  await app.register(rateLimit, { global: false, cache: CALLERS_MAX });
  let callerOf: (request: FastifyRequest) => string | null = () => null;
  app.decorate('setCallerOf', (of: typeof callerOf) => {
    callerOf = of;
  });
  const limiter = (max: number, options: { keyGenerator?: (request: FastifyRequest) => string } = {}) => {
    const check = app.createRateLimit({ max, timeWindow: MINUTE_MS, ...options });
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const outcome = await check(request);
      if (outcome.isAllowed || !outcome.isExceeded) return;
      reply.header('retry-after', outcome.ttlInSeconds);
      throw problem('RATE_LIMITED');
    };
  };
  // without a key of its own a limit counts by address, an IPv6 one by its /64
  const byAddress = limiter(requestsPerMinuteMax);
  const byCaller = limiter(requestsPerMinuteMax, { keyGenerator: request => callerOf(request) ?? '' });
  app.decorate('limitOf', limiter);
  app.addHook('onRequest', async (request, reply) => {
    await (callerOf(request) === null ? byAddress : byCaller)(request, reply);
  });
}
