/** Calls of every route made from the description: mostly near the truth, often just beside it, sometimes far off. */
import fc from 'fast-check';
import type { Call, CallAnswer, Caller } from './all-powerful.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON schemas and values of all kinds
type Json = any;
type Operation = { readonly method: string; readonly path: string; readonly described: Json };

/** Values seen in answers by the name they stood under: what exists is found by later calls. */
type Seen = Map<string, string[]>;

const SEEN_MAX = 20;
const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u200b',
  '𠮷野家',
  "'; drop table dealer; --",
  '../../etc/passwd',
  '%00',
  '%',
  '{{7*7}}',
  '=1+1',
  'NaN',
  'Infinity',
  '-0',
  '-0.00',
  '1e5',
  '99999999999999999.99',
  '99999999999999.999',
  '999999999999999.9999',
  '0',
  '0.00',
  '0.000',
  '-0.01',
  '0000-00-00',
  '2026-02-30',
  '9999-12-31',
  '0001-01-01',
  '9999-12',
  '0001-01',
  '9999-12-31T23:59:59Z',
  '0000-00-00T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  'x'.repeat(10_000),
  '中'.repeat(5_000),
];

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 50 }));
const hostileNumber = fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 1e21, 1e308, -1e308, 5e-324);
const hostileValue: fc.Arbitrary<Json> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom(null, true, false, [], {}, [[]], [{}]),
  fc.jsonValue({ maxDepth: 4 }),
  fc.integer({ min: 1, max: 200 }).map(depth => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
  fc.constant(Array.from({ length: 5_000 }, () => 1)),
);
const brokenBody = fc.constantFrom(
  '',
  '{',
  '{"a":1,"a":2}',
  '[1,]',
  '"text"',
  'null',
  '1e999',
  '{"__proto__":{}}',
  '\ufeff{}',
);

/** Wrong with one in `odds`. */
function sometimes<Value>(odds: number, usual: fc.Arbitrary<Value>, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ arbitrary: usual, weight: odds - 1 }, { arbitrary: other, weight: 1 });
}

/** A value the schema means, or not far from it. */
function fromSchema(schema: Json, document: Json, name = ''): fc.Arbitrary<Json> {
  return sometimes(25, meant(schema, document, name), hostileValue);
}

function meant(schema: Json, document: Json, name: string): fc.Arbitrary<Json> {
  if (schema.$ref !== undefined)
    return meant(document.components.schemas[schema.$ref.split('/').at(-1)], document, name);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return fc.oneof(...branches.map((branch: Json) => meant(branch, document, name)));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({
        min: schema.minimum ?? 0,
        max: Math.min(schema.maximum ?? 1_000, schema.minimum ?? 0 + 1_000),
      });
    case 'array':
      return fc.array(fromSchema(schema.items ?? {}, document, name), {
        minLength: Math.min(schema.minItems ?? 0, 5),
        maxLength: 3,
      });
    case 'object':
      return objectOf(schema, document);
    case 'string':
      return textOf(schema, name);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function textOf(schema: Json, name: string): fc.Arbitrary<Json> {
  const examples: string[] = schema.examples ?? [];
  // taken from what earlier answers have shown, when the call is made
  const known = fc.nat(SEEN_MAX).map(at => ({ known: name, at, or: examples[0] ?? 'D1' }));
  const pattern = schema.pattern === undefined ? null : new RegExp(schema.pattern);
  const random =
    pattern === null ? fc.string({ maxLength: schema.maxLength ?? 30 }) : fc.stringMatching(pattern, { size: 'small' });
  return fc.oneof({ arbitrary: known, weight: 5 }, { arbitrary: random, weight: 2 }, ...examples.map(fc.constant));
}

function objectOf(schema: Json, document: Json): fc.Arbitrary<Json> {
  const properties = Object.entries<Json>(schema.properties ?? {});
  const shape = Object.fromEntries(properties.map(([key, part]) => [key, fromSchema(part, document, key)]));
  const requiredKeys = schema.required ?? [];
  const whole = fc.record(shape, { requiredKeys });
  const lacking = fc.record(shape, { requiredKeys: [] });
  const excess = fc
    .tuple(whole, hostileText, hostileValue)
    .map(([object, key, value]) => ({ ...object, [key]: value }));
  return fc.oneof(
    { arbitrary: whole, weight: 10 },
    { arbitrary: lacking, weight: 1 },
    { arbitrary: excess, weight: 1 },
  );
}

/** `dealerCode` is somebody's `code`, `orderNumber` something's `number`. */
function kindOf(name: string): string {
  return /Code$|^priceList$/.test(name) ? 'code' : /Number$/.test(name) ? 'number' : name;
}

/** Puts what was seen into the places that ask for it. */
function resolve(value: Json, seen: Seen): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(part => resolve(part, seen));
  if (typeof value.known === 'string' && typeof value.at === 'number') {
    const values = seen.get(value.known) ?? seen.get(kindOf(value.known)) ?? [];
    return values[value.at % Math.max(1, values.length)] ?? value.or;
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part, seen)]));
}

function remember(seen: Seen, value: Json): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part !== 'string') remember(seen, part);
    else if (part.length <= 64) {
      const values = seen.get(key) ?? [];
      if (!values.includes(part)) seen.set(key, [part, ...values].slice(0, SEEN_MAX));
    }
  }
}

function parametersIn(operation: Operation, place: string): Json[] {
  return (operation.described.parameters ?? []).filter((parameter: Json) => parameter.in === place);
}

/** A parameter is asked for by its own name or, in `/v1/orders/{number}`, by what the field is called there. */
function shapeOf(parameters: Json[], document: Json): fc.Arbitrary<Record<string, Json>> {
  return fc.record(
    Object.fromEntries(parameters.map(({ name, schema }) => [name, fromSchema(schema, document, name)])),
    {
      requiredKeys: parameters.filter(({ required }) => required === true).map(({ name }) => name),
    },
  );
}

type Draft = { path: Json; query: Json; headers: Json; body: Json };

function draftOf(operation: Operation, document: Json): fc.Arbitrary<Draft> {
  const content = operation.described.requestBody?.content ?? {};
  const media = content['application/json'] ?? content['multipart/form-data'];
  return fc.record({
    path: shapeOf(parametersIn(operation, 'path'), document),
    query: shapeOf(parametersIn(operation, 'query'), document),
    headers: sometimes(10, fc.constant({}), fc.record({ 'if-match': hostileText, 'idempotency-key': hostileText })),
    body: media === undefined ? fc.constant(undefined) : sometimes(15, fromSchema(media.schema, document), brokenBody),
  });
}

function callOf(operation: Operation, draft: Draft, seen: Seen): Call {
  const known = resolve(draft, seen) as Draft;
  const encode = (value: Json) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return encodeURIComponent(text.toWellFormed()).slice(0, 6_000);
  };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encode(known.path[name]));
  const query = Object.entries<Json>(known.query).map(([name, value]) => `${name}=${encode(value)}`);
  const isForm = operation.described.requestBody?.content?.['multipart/form-data'] !== undefined;
  return {
    method: operation.method,
    url: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: { ...versionOf(operation), ...headersOf(known.headers) },
    ...(isForm ? { form: formOf(known.body) } : { body: known.body }),
  };
}

function versionOf(operation: Operation): Record<string, string> {
  return parametersIn(operation, 'header').some(({ name }) => name === 'If-Match') ? { 'if-match': '"1"' } : {};
}

/** Node's own client lets no control character into a header; what is left is odd enough. */
function headersOf(headers: Json): Record<string, string> {
  const clean = Object.entries<string>(headers).map(([name, value]) => [
    name,
    value.replace(/[^\x20-\x7e]/g, '?').slice(0, 2_000),
  ]);
  return Object.fromEntries(clean);
}

function formOf(body: Json): Record<string, string> {
  if (body === null || typeof body !== 'object') return { kind: JSON.stringify(body) ?? '' };
  return Object.fromEntries(
    Object.entries<Json>(body).map(([key, value]) => [
      key.replace(/[^\w]/g, '_'),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** What is wrong with an answer, or null. */
export function complaintAbout(answer: CallAnswer): string | null {
  const { status, type, body } = answer;
  if (status >= 500) return `${status} ${body?.code ?? ''}`;
  if (status < 400) return null;
  if (!type.startsWith('application/problem+json')) return `${status} as ${type}`;
  const complete = typeof body.code === 'string' && body.status === status && typeof body.title === 'string';
  return complete ? null : `${status} without code, status or title`;
}

export type Fuzzed = { readonly made: number; readonly accepted: number; readonly complaints: readonly string[] };

/** Calls every route in turn, about `calls` times in all, and lists what must not be: the smallest call and the complaint. */
export async function fuzz(document: Json, callers: readonly Caller[], calls: number, seed: number): Promise<Fuzzed> {
  const operations: Operation[] = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, described]) => ({ method: method.toUpperCase(), path, described })),
  );
  const seen: Seen = new Map();
  const complaints: string[] = [];
  let made = 0;
  let accepted = 0;
  for (const { method, path } of operations) {
    if (method === 'GET' && !path.includes('{') && callers[0] !== undefined)
      remember(seen, (await callers[0]({ method, url: path })).body);
  }
  const numRuns = Math.ceil(calls / operations.length / callers.length);
  for (const caller of callers) {
    for (const operation of operations) {
      const outcome = await fc.check(
        fc.asyncProperty(draftOf(operation, document), async draft => {
          made += 1;
          const call = callOf(operation, draft, seen);
          const answer = await caller(call);
          remember(seen, answer.body);
          if (answer.status < 300) accepted += 1;
          const complaint = complaintAbout(answer);
          if (complaint !== null) throw new Error(`${complaint} ← ${JSON.stringify(call).slice(0, 600)}`);
        }),
        { numRuns, seed, endOnFailure: false },
      );
      if (outcome.failed)
        complaints.push(`${operation.method} ${operation.path}: ${(outcome.errorInstance as Error | null)?.message}`);
    }
  }
  return { made, accepted, complaints };
}
