/** The description at /openapi.json is complete and true: it is compared with the routes themselves and with their answers. */
import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knownProblems } from '../src/core/problem.ts';
import type { Route } from '../src/platform/http/app-types.ts';
import { operationId } from '../src/platform/http/describe-routes.ts';
import { allPowerful } from './support/all-powerful.ts';
import { openTestApp, type TestApp } from './support/test-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document that is looked into
type Json = any;
type Operation = { readonly name: string; readonly route: Route; readonly path: string; readonly described: Json };

let test: TestApp;
let document: Json;
let operations: Operation[] = [];
beforeAll(async () => {
  test = await openTestApp();
  document = (await test.anonymous().get('/openapi.json')).body;
  operations = test.app.routeTable
    .filter(({ schema }) => schema.hide !== true)
    .map(route => {
      const path = route.url.replace(/:(\w+)/g, '{$1}');
      return {
        name: `${route.method} ${path}`,
        route,
        path,
        described: document.paths[path]?.[route.method.toLowerCase()],
      };
    });
});
afterAll(() => test.close());

/** Names of the operations that break a rule. */
const breaking = (rule: (operation: Operation) => boolean) =>
  operations.filter(operation => !rule(operation)).map(({ name }) => name);
const parameters = ({ described }: Operation, place: string): Json[] =>
  (described.parameters ?? []).filter((parameter: Json) => parameter.in === place);
const OPERATIONS_ONLY = ['/openapi.json', '/metrics', '/health/live', '/health/ready'];

describe('the description', () => {
  it('is OpenAPI 3.1 and has every route, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.length).toBeGreaterThan(20);
    expect(breaking(({ described }) => described !== undefined)).toEqual([]);
    const described = Object.values<Json>(document.paths).flatMap(methods => Object.keys(methods));
    expect(described).toHaveLength(operations.length);
    expect(
      test.app.routeTable.filter(({ schema }) => schema.hide === true).every(({ url }) => url.startsWith('/docs')),
    ).toBe(true);
  });

  it('gives each operation a summary, a tag and a name of its own', () => {
    expect(breaking(({ described }) => described.summary?.length > 4 && described.tags?.length === 1)).toEqual([]);
    const names = operations.map(({ described }) => described.operationId);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(names.every(name => /^[a-z][A-Za-z]+$/.test(name))).toBe(true);
    expect(operationId({ method: 'GET', url: '/v1/people/:login' })).toBe('getPerson');
    expect(operationId({ method: 'GET', url: '/v1/stock-entries' })).toBe('listStockEntries');
    expect(operationId({ method: 'POST', url: '/v1/orders/:number/cancellations' })).toBe('createOrderCancellation');
  });

  it('puts every address under /v1 as plural kebab-case nouns', () => {
    const singletons = [
      'current',
      'file',
      'submission',
      'approval',
      'publication',
      'withdrawal',
      'application',
      'supersession',
      'account',
      'closing',
      'reservation',
      'cancellation',
    ];
    const fits = (path: string) => {
      const [root, version, collection, ...rest] = path.split('/');
      const nouns = rest.filter(part => !part.startsWith('{'));
      const kebab = [collection ?? '', ...nouns].every(part => /^[a-z]+(-[a-z]+)*$/.test(part));
      const plural = (noun: string) => noun.endsWith('s') || noun === 'people';
      return (
        root === '' &&
        version === 'v1' &&
        kebab &&
        plural(collection ?? '') &&
        nouns.every(noun => plural(noun) || singletons.includes(noun))
      );
    };
    expect(breaking(({ path }) => OPERATIONS_ONLY.includes(path) || fits(path))).toEqual([]);
    expect(['/v1/stockLevels', '/v1/order', '/dealers', '/v1/orders/{n}/cancel'].some(fits)).toBe(false);
  });

  it('says who may call, and what they must send along', () => {
    expect(
      breaking(({ route, described }) => {
        const open = route.config.permission === 'public';
        return open ? described.security.length === 0 : described.security.some((way: Json) => 'sessionCookie' in way);
      }),
    ).toEqual([]);
    const unsafe = operations.filter(({ route }) => route.method !== 'GET' && route.config.permission !== 'public');
    expect(unsafe.every(({ described }) => described.security.some((way: Json) => 'csrfToken' in way))).toBe(true);
    const header = (operation: Operation, name: string) =>
      parameters(operation, 'header').some(parameter => parameter.name === name);
    expect(
      breaking(
        one => header(one, 'Idempotency-Key') === (one.route.method === 'POST' && one.route.config.keyless !== true),
      ),
    ).toEqual([]);
    expect(breaking(one => one.route.method !== 'PATCH' || header(one, 'If-Match'))).toEqual([]);
  });

  it('describes every success, every body and every parameter', () => {
    const hasSchema = (response: Json) =>
      Object.values<Json>(response.content ?? {}).some(({ schema }) => schema !== undefined);
    expect(
      breaking(({ described }) => {
        const successes = Object.entries<Json>(described.responses).filter(([status]) => status.startsWith('2'));
        return successes.length > 0 && successes.every(([status, response]) => status === '204' || hasSchema(response));
      }),
    ).toEqual([]);
    expect(breaking(one => parameters(one, 'path').length === (one.path.match(/\{/g) ?? []).length)).toEqual([]);
    const optional = (one: Operation) =>
      parameters(one, 'query').every(parameter => parameter.required !== true || isRequired(one, parameter.name));
    expect(breaking(optional)).toEqual([]);
  });

  it('lists the refusals by status with codes that exist', () => {
    const known = new Map(knownProblems());
    const codes = operations.flatMap(({ name, route }) => (route.config.problems ?? []).map(code => `${name} ${code}`));
    expect(codes.filter(line => !known.has(line.split(' ').at(-1) ?? ''))).toEqual([]);
    expect(
      breaking(({ route, described }) =>
        (route.config.problems ?? []).every(code => {
          const response = described.responses[String(known.get(code)?.status)];
          return JSON.stringify(response?.content?.['application/problem+json'])?.includes(`"${code}"`);
        }),
      ),
    ).toEqual([]);
    expect(
      breaking(
        ({ route, described }) => route.config.permission === 'public' || described.responses['401'] !== undefined,
      ),
    ).toEqual([]);
    expect(
      breaking(({ described }) => described.responses['429'] !== undefined && described.responses['500'] !== undefined),
    ).toEqual([]);
  });
});

function isRequired({ route }: Operation, name: string): boolean {
  const { required = [] } = route.schema.querystring as { required?: string[] };
  return required.includes(name);
}

describe('its schemas', () => {
  const everySchema = (): Array<readonly [string, Json]> => [
    ...Object.entries<Json>(document.components.schemas),
    ...operations.flatMap(({ name, described }) => [
      ...(described.parameters ?? []).map(
        (parameter: Json) => [`${name} ${parameter.name}`, parameter.schema] as const,
      ),
      ...Object.values<Json>(described.requestBody?.content ?? {}).map(
        ({ schema }) => [`${name} body`, schema] as const,
      ),
      ...Object.entries<Json>(described.responses).flatMap(([status, { content = {} }]) =>
        Object.values<Json>(content).map(({ schema }) => [`${name} ${status}`, schema] as const),
      ),
    ]),
  ];
  const compiler = () => {
    const ajv = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      allowUnionTypes: true,
      validateFormats: false,
    });
    ajv.addVocabulary(['example', 'components']);
    ajv.addSchema({ $id: 'document', components: document.components });
    return ajv;
  };
  const local = (schema: Json): Json =>
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));

  it('are JSON Schema 2020-12', () => {
    const ajv = compiler();
    const broken: string[] = [];
    for (const [name, schema] of everySchema()) {
      try {
        ajv.compile(local(schema));
      } catch (error) {
        broken.push(`${name}: ${(error as Error).message}`);
      }
    }
    expect(broken).toEqual([]);
    expect(everySchema().length).toBeGreaterThan(100);
  });

  it('are closed wherever a body is taken', () => {
    const isOpen = (schema: Json): boolean => {
      if (schema === null || typeof schema !== 'object') return false;
      const here =
        schema.type === 'object' && schema.additionalProperties === undefined && schema.patternProperties === undefined;
      return here || Object.values(schema).some(isOpen);
    };
    const bodies = operations.map(
      one => [one.name, one.described.requestBody?.content?.['application/json']?.schema] as const,
    );
    expect(bodies.filter(([, schema]) => schema !== undefined && isOpen(schema)).map(([name]) => name)).toEqual([]);
    expect(isOpen({ type: 'object', properties: {} })).toBe(true);
  });

  it('take their own examples', () => {
    const ajv = compiler();
    const broken: string[] = [];
    const check = (name: string, schema: Json, example: Json) => {
      if (!ajv.validate(local(schema), example)) broken.push(`${name}: ${ajv.errorsText()}`);
    };
    for (const { name, described } of operations) {
      for (const { name: parameter, schema, example } of described.parameters ?? []) {
        if (example !== undefined) check(`${name} ${parameter}`, schema, example);
      }
      const media = described.requestBody?.content?.['application/json'];
      if (media !== undefined) check(`${name} body`, media.schema, media.example);
    }
    const visit = (name: string, schema: Json): void => {
      if (schema === null || typeof schema !== 'object') return;
      if (Array.isArray(schema.examples))
        for (const example of schema.examples) check(`${name} example`, schema, example);
      for (const part of Object.values(schema)) visit(name, part);
    };
    for (const [name, schema] of everySchema()) visit(name, schema);
    expect(broken).toEqual([]);
  });
});

describe('its examples run', () => {
  it('none of them is refused as malformed', async () => {
    const call = await allPowerful(test);
    const refused: string[] = [];
    for (const operation of operations.filter(({ path }) => path.startsWith('/v1/'))) {
      const answer = await call(exampleCall(operation));
      const malformed = answer.status === 400 || answer.status >= 500 || answer.body?.code === 'ROUTE_NOT_FOUND';
      if (malformed) refused.push(`${operation.name} → ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    expect(refused).toEqual([]);
  });

  function exampleCall(operation: Operation) {
    const { described, path, route } = operation;
    const address = parameters(operation, 'path').reduce(
      (filled, { name, example }) => filled.replace(`{${name}}`, encodeURIComponent(String(example))),
      path,
    );
    const query = parameters(operation, 'query').filter(({ required }) => required === true);
    const search = new URLSearchParams(
      Object.fromEntries(query.map(({ name, example }) => [name, String(example)])),
    ).toString();
    const headers = Object.fromEntries(
      parameters(operation, 'header')
        .filter(({ name }) => name !== 'Idempotency-Key')
        .map(({ name, example }) => [name.toLowerCase(), example]),
    );
    const url = search === '' ? address : `${address}?${search}`;
    const content = described.requestBody?.content ?? {};
    if (content['multipart/form-data'] !== undefined) {
      return { method: route.method, url, headers, form: content['multipart/form-data'].example };
    }
    return { method: route.method, url, headers, body: content['application/json']?.example };
  }
});

describe('/docs', () => {
  it('is served whole by us, and may fetch nothing from elsewhere', async () => {
    const redirect = await test.anonymous().get('/docs');
    expect(redirect).toMatchObject({ status: 301, headers: { location: '/docs/' } });
    const page = await test.anonymous().get('/docs/');
    expect(page.status).toBe(200);
    const html = String(page.body);
    expect(html.match(/(src|href)="[^"]*"/g)).toEqual(['src="js/scalar.js"']);
    expect((await test.anonymous().get('/docs/js/scalar.js')).status).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    const [, inline = ''] = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html) ?? [];
    expect(policy).toContain(`'sha256-${createHash('sha256').update(inline).digest('base64')}'`);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
  });
});
