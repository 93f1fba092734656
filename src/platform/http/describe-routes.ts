/** What the description says of every route beyond its own schema: name, who may call it, headers, refusals, examples. */
import { knownProblems } from '../../core/problem.ts';
import type { Route } from './app-types.ts';
import { exampleOf } from './example.ts';
import { ProblemDocument } from './schemas.ts';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document that is filled in
type Json = Record<string, any>;

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Unique for each new request; the same value when it is repeated. Kept 30 days.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: '7f9c1c4e-quote-1',
};
const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'ETag of the document the change is based on',
  schema: { type: 'string', pattern: '^(W/)?"\\d{1,9}"$' },
  example: '"1"',
};

/** Fills in what the routes' own schemas do not say. */
export function completeDescription(document: Json, table: readonly Route[]): Json {
  const known = new Map(knownProblems());
  for (const route of table) {
    const operation = document['paths']?.[toPath(route.url)]?.[route.method.toLowerCase()] as Json | undefined;
    if (operation === undefined) continue;
    operation['operationId'] ??= operationId(route);
    operation['security'] = securityOf(route);
    operation['parameters'] = [...(operation['parameters'] ?? []), ...headersOf(route)];
    if (operation['parameters'].length === 0) delete operation['parameters'];
    addExamples(operation);
    completeSuccess(operation, route);
    addProblems(operation, codesOf(route), known);
  }
  document['components'].schemas = { ...document['components'].schemas, Problem: ProblemDocument };
  hoistTitled(document);
  const tags = new Set<string>(table.flatMap(({ schema }) => schema.tags ?? []));
  document['tags'] = [...tags].sort().map(name => ({ name }));
  return document;
}

function toPath(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}');
}

/** `GET /v1/orders/:number` → getOrder, `POST /v1/orders/:number/cancellations` → createOrderCancellation. */
export function operationId({ method, url }: Pick<Route, 'method' | 'url'>): string {
  const parts = url.split('/').filter(part => part !== '' && part !== 'v1');
  const last = parts.at(-1) ?? '';
  const one = last.startsWith(':') || singular(last) === last;
  const nouns = parts.filter(part => !part.startsWith(':'));
  const name = nouns.map((noun, at) => camel(at < nouns.length - 1 || one || method !== 'GET' ? singular(noun) : noun));
  const getOrList = one || !url.startsWith('/v1/') ? 'get' : 'list';
  const verb = { GET: getOrList, POST: 'create', PATCH: 'change', PUT: 'set', DELETE: 'delete' }[method] ?? method;
  return verb + name.join('');
}

function singular(noun: string): string {
  if (noun === 'people') return 'person';
  return noun
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|ss|x)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}

function camel(noun: string): string {
  return noun
    .split(/[-.]/)
    .map(part => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function securityOf({ method, config }: Route): Json[] {
  if (config.permission === 'public') return [];
  const key: Json[] = config.permission === 'person' ? [] : [{ apiKey: [] }];
  const cookie: Json = method === 'GET' ? { sessionCookie: [] } : { sessionCookie: [], csrfToken: [] };
  return [...key, cookie];
}

function needsKey({ method, config }: Route): boolean {
  return method === 'POST' && config.keyless !== true;
}

function headersOf(route: Route): Json[] {
  const versioned = route.config.problems?.includes('VERSION_MISSING') === true;
  return [...(needsKey(route) ? [IDEMPOTENCY_KEY] : []), ...(versioned ? [IF_MATCH] : [])];
}

const SUCCESS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Taken on; Location tells how it goes',
  204: 'Done, and nothing to say',
};

/** Says in words what a status means, and which headers come with it. */
function completeSuccess(operation: Json, route: Route): void {
  for (const [status, response] of Object.entries(operation['responses'] as Record<string, Json>)) {
    if (response['description'] === 'Default Response') response['description'] = SUCCESS[status] ?? 'Done';
    const headers: Json = { ...response['headers'] };
    const text = (description: string) => ({ description, schema: { type: 'string' } });
    if (status === '201' || status === '202') headers['Location'] = text('Where it stands from now on');
    if (needsKey(route)) headers['Idempotency-Replayed'] = text('`true`: the stored answer of the first request');
    if (Object.keys(headers).length > 0) response['headers'] = headers;
  }
}

/** The route's own problems and those its shape brings along. */
export function codesOf(route: Route): string[] {
  const { method, url, schema, config } = route;
  const codes = new Set<string>(['RATE_LIMITED', 'INTERNAL', 'BUSY', 'DATABASE_UNREACHABLE', 'SHUTTING_DOWN']);
  const add = (holds: boolean, ...more: string[]) => {
    if (holds) for (const code of more) codes.add(code);
  };
  const hasBody = schema.body !== undefined || ['POST', 'PUT', 'PATCH'].includes(method);
  add(config.permission !== 'public', 'NOT_SIGNED_IN');
  add(config.permission === 'person', 'PERSON_REQUIRED');
  add(!['public', 'session', 'person'].includes(config.permission ?? ''), 'PERMISSION_MISSING');
  add(config.permission !== 'public' && method !== 'GET', 'CSRF_TOKEN_MISSING', 'ORIGIN_REFUSED');
  const hasQuery = schema.querystring !== undefined || url.startsWith('/v1/');
  add(hasBody || schema.params !== undefined || hasQuery, 'REQUEST_INVALID');
  add(hasBody, 'BODY_NOT_JSON', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED');
  add(needsKey(route), 'IDEMPOTENCY_KEY_MISSING', 'IDEMPOTENCY_KEY_IN_USE', 'IDEMPOTENCY_KEY_REUSED');
  add(true, ...(config.problems ?? []));
  return [...codes].sort();
}

function addProblems(operation: Json, codes: readonly string[], known: ReadonlyMap<string, { status: number }>): void {
  const byStatus = Map.groupBy(
    codes.filter(code => known.has(code)),
    code => String(known.get(code)?.status),
  );
  for (const [status, ofStatus] of byStatus) {
    operation['responses'][status] = {
      description: ofStatus.join(', '),
      content: {
        'application/problem+json': {
          schema: {
            allOf: [
              { $ref: '#/components/schemas/Problem' },
              { type: 'object', properties: { code: { type: 'string', enum: ofStatus } } },
            ],
          },
        },
      },
    };
  }
}

function addExamples(operation: Json): void {
  const needed = (operation['parameters'] ?? []).filter(({ required }: Json) => required === true);
  for (const parameter of needed) parameter.example ??= exampleOf(parameter.schema);
  for (const media of Object.values<Json>(operation['requestBody']?.content ?? {})) {
    if (media['example'] === undefined && media['examples'] === undefined)
      media['example'] = exampleOf(media['schema']);
  }
}

/** Schemas with a title stand once, under that title; two that differ under one title stay where they are. */
function hoistTitled(document: Json): void {
  const hoisted = new Map<string, string>();
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (node === null || typeof node !== 'object') return node;
    const copy: Json = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]));
    const { title, type } = copy;
    if (typeof title !== 'string' || type !== 'object' || !/^[A-Z]\w*$/.test(title)) return copy;
    const text = JSON.stringify(copy);
    const same = hoisted.get(title) ?? text;
    hoisted.set(title, same);
    return same === text ? { $ref: `#/components/schemas/${title}` } : copy;
  };
  document['paths'] = visit(document['paths']);
  for (const [title, text] of hoisted) document['components'].schemas[title] ??= JSON.parse(text);
}
