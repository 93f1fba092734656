/** OpenAPI 3.1 at /openapi.json, made from the routes themselves; readable at /docs without anything from outside. */
import { hash } from 'node:crypto';
import swagger from '@fastify/swagger';
import apiReference from '@scalar/fastify-api-reference';
import type { FastifyReply, RouteOptions } from 'fastify';
import { Type } from 'typebox';
import type { App, Route } from './app-types.ts';
import { completeDescription } from './describe-routes.ts';

const DOCS = '/docs';

/** Comes before the routes it describes. */
export async function registerDescription(app: App, table: readonly Route[]): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Partledger 配件账',
        version: '0.1.0',
        description:
          'Spare parts of a manufacturer and its dealers: prices, quotes, orders, stock, charges and statements. ' +
          'Refusals are RFC 9457 problems with a stable `code`; amounts and quantities are decimal text; lists are paged by cursor.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'Key of a machine account' },
          sessionCookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'partledger_session',
            description: 'Set by POST /v1/sessions',
          },
          csrfToken: {
            type: 'apiKey',
            in: 'header',
            name: 'X-CSRF-Token',
            description: '`csrfToken` of the session; for changes made with the cookie',
          },
        },
      },
    },
    transformObject: document => completeDescription('openapiObject' in document ? document.openapiObject : {}, table),
  });
  let text: string | null = null;
  app.get(
    '/openapi.json',
    {
      config: { permission: 'public' },
      schema: {
        tags: ['operations'],
        summary: 'This description',
        response: { 200: Type.Unknown({ description: 'OpenAPI 3.1' }) },
      },
    },
    async (_request, reply) => {
      text ??= JSON.stringify(app.swagger());
      return await reply.type('application/json; charset=utf-8').send(text);
    },
  );
  await registerDocs(app);
}

/** The reader is served by us and told to fetch nothing else; its one inline script is allowed by its hash. */
async function registerDocs(app: App): Promise<void> {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.url === DOCS || route.url.startsWith(`${DOCS}/`)) {
      Object.assign(route.config ?? {}, { permission: 'public' });
      route.onSend = async (_request: unknown, reply: FastifyReply, payload: unknown) => allowReader(reply, payload);
    }
  });
  await app.register(apiReference, {
    routePrefix: DOCS,
    configuration: {
      url: '/openapi.json',
      pageTitle: 'Partledger API',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
}

function allowReader(reply: FastifyReply, payload: unknown): unknown {
  if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html')) return payload;
  const inline = [...payload.matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(([, script = '']) => `'sha256-${hash('sha256', script, 'base64')}'`);
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  reply.header('content-security-policy', policy.join('; '));
  return payload;
}
