/**
 * `/metrics` for Prometheus: how long requests take by route, the event loop, the pool. Counts and times of the
 * process, no data of the firm, so it is public; whoever does not want it seen blocks it at the proxy.
 */

import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { Type } from 'typebox';
import type { Dependencies } from '../dependencies.ts';
import type { App } from './app-types.ts';

const DURATION_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function registerMetrics(app: App, dependencies: Dependencies): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the first byte of the request to the last of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_SECONDS,
    registers: [registry],
  });
  new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of the pool by state; `waiting` counts requests for one',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(dependencies.database.pool())) this.set({ state }, count);
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    // one label for all that is unknown: the number of series stays bounded
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
  app.get(
    '/metrics',
    {
      config: { permission: 'public' },
      schema: {
        tags: ['operations'],
        summary: 'Measures of this process for Prometheus',
        response: {
          200: { description: 'Text exposition format', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) => {
      reply.type(registry.contentType);
      return await registry.metrics();
    },
  );
}
