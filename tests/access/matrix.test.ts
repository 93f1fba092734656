/** Every route of the service × every role × own and other dealer, against the written matrix. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLE_PERMISSIONS, type Role } from '../../src/access/index.ts';
import type { Route } from '../../src/platform/http/app-types.ts';
import { bearing, type CallAnswer, type Caller, personAs } from '../support/all-powerful.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { type Cell, MATRIX, type MatrixRow } from './matrix.ts';
import { OTHER, OWN, openTrade, type Trade } from './trade.ts';

let test: TestApp;
let trade: Trade;
let machines: Record<Exclude<Role, 'dealer'> | 'own' | 'other', Caller>;
const STAFF = Object.keys(MATRIX[0]?.roles ?? {}).filter((role): role is Exclude<Role, 'dealer'> => role !== 'dealer');

beforeAll(async () => {
  test = await openTestApp();
  trade = await openTrade(test);
  const machine = async (role: Role, dealer?: string) => bearing(test, (await test.as(role, dealer)).token);
  const staff = await Promise.all(STAFF.map(async role => [role, await machine(role)] as const));
  machines = {
    ...(Object.fromEntries(staff) as Record<Exclude<Role, 'dealer'>, Caller>),
    own: await machine('dealer', OWN),
    other: await machine('dealer', OTHER),
  };
});
afterAll(() => test.close());

const name = ({ method, url }: { method: string; url: string }) => `${method} ${url}`;
const documented = () => test.app.routeTable.filter(({ url }) => !/^\/docs(\/|$)/.test(url));

/** What is missing on either side. */
function differences(routes: readonly Route[], rows: readonly MatrixRow[]) {
  const [registered, written] = [routes.map(name), rows.map(name)];
  return {
    withoutRow: registered.filter(route => !written.includes(route)),
    withoutRoute: written.filter(row => !registered.includes(row)),
    twice: written.filter((row, at) => written.indexOf(row) !== at),
  };
}

describe('the matrix', () => {
  it('has a row for each route and a route for each row', () => {
    expect(differences(documented(), MATRIX)).toEqual({ withoutRow: [], withoutRoute: [], twice: [] });
    const [first] = MATRIX;
    const unknown = { method: 'GET', url: '/v1/secrets', config: {}, schema: {} };
    expect(differences([unknown], first === undefined ? [] : [first, first])).toMatchObject({
      withoutRow: ['GET /v1/secrets'],
      withoutRoute: ['GET /openapi.json', 'GET /openapi.json'],
      twice: ['GET /openapi.json'],
    });
  });

  it('is not what the code computes: a permission too many in a role shows', () => {
    const computed = (role: Role, { config }: Route) =>
      (ROLE_PERMISSIONS[role] as readonly string[]).includes(config.permission ?? '');
    const dealerMay = documented()
      .filter(route => computed('dealer', route))
      .map(name);
    const dealerWritten = MATRIX.filter(({ roles }) => ['allow', 'own'].includes(roles.dealer)).map(name);
    expect(dealerMay.every(route => dealerWritten.includes(route))).toBe(true);
    const opened = new Set(documented().map(({ config }) => config.permission));
    const fieldsOnly = ['costs.read'];
    expect(PERMISSIONS.filter(permission => !opened.has(permission) && !fieldsOnly.includes(permission))).toEqual([]);
  });
});

const refusedFor = ({ status, body }: CallAnswer) =>
  status === 401 ||
  (status === 403 && ['PERMISSION_MISSING', 'CSRF_TOKEN_MISSING', 'PERSON_REQUIRED'].includes(body?.code));

/** A call that a caller who is let in survives: reads of what is there, writes of what is nowhere and says nothing. */
function harmless({ method, url }: MatrixRow) {
  return method === 'GET' ? { method, url: trade.address(url) } : { method, url: trade.nowhere(url), body: {} };
}

async function expectCell(row: MatrixRow, role: Role, cell: Cell, call: Caller): Promise<void> {
  const answer = await call(harmless(row));
  const said = `${role} ${name(row)}: ${answer.status} ${answer.body?.code ?? ''}`;
  if (cell === 'deny') {
    expect(answer, said).toMatchObject({ status: 403, body: { code: 'PERMISSION_MISSING' } });
  } else if (cell === 'self') {
    expect(answer, said).toMatchObject({ status: 403, body: { code: 'PERSON_REQUIRED' } });
  } else {
    expect(refusedFor(answer), said).toBe(false);
    const file = row.url === '/v1/jobs/:id/file';
    if (row.method === 'GET' && !row.url.startsWith('/v1/parts/:partNumber/supersession') && !file)
      expect(answer.status, said).toBe(200);
  }
}

async function expectOwn(row: MatrixRow): Promise<void> {
  const { method, url } = row;
  const body = trade.bodies[url] ?? (method === 'GET' ? undefined : {});
  const call = { method, url: trade.address(url), ...(method === 'POST' && body !== undefined ? { body } : {}) };
  const mark = url.includes(':') || method !== 'GET' ? undefined : trade.marks[url];
  // the other one first: what it would do if it could would be seen by the owner
  const other = await machines.other(call);
  const own = await machines.own(call);
  const said = `${name(row)}: own ${own.status} ${own.body?.code ?? ''}, other ${other.status} ${other.body?.code ?? ''}`;
  if (method === 'GET' && !url.includes(':')) {
    expect([own.status, other.status], said).toEqual([200, 200]);
    expect(mark, `${url} has no mark`).toBeDefined();
    expect(JSON.stringify(own.body), said).toContain(mark);
    expect(JSON.stringify(other.body), said).not.toContain(mark);
  } else {
    expect(other.status, said).toBe(404);
    expect(own.status, said).not.toBe(404);
    expect(refusedFor(own), said).toBe(false);
    if (method === 'GET') expect(own.status, said).toBe(200);
  }
}

describe('access', () => {
  it.each(MATRIX.map(row => [name(row), row] as const))('%s', async (_name, row) => {
    const nobody = await bearing(test, '')(harmless(row));
    if (row.nobody === 'allow') expect(nobody.status).not.toBe(401);
    else expect(nobody).toMatchObject({ status: 401, body: { code: 'NOT_SIGNED_IN' } });
    for (const role of STAFF) await expectCell(row, role, row.roles[role], machines[role]);
    if (row.roles.dealer === 'own') return await expectOwn(row);
    for (const side of ['own', 'other'] as const) await expectCell(row, 'dealer', row.roles.dealer, machines[side]);
  });

  it.each(MATRIX.filter(({ roles }) => Object.values(roles).includes('self')).map(row => [name(row), row] as const))(
    'a person may for itself: %s',
    async (_name, row) => {
      for (const role of STAFF) {
        const answer = await (await personAs(test, [role]))(harmless(row));
        expect(refusedFor(answer), `${role}: ${answer.status} ${answer.body?.code ?? ''}`).toBe(false);
      }
    },
  );
});

describe('a dealer', () => {
  it('meets neither cost nor class nor margin, whatever it reads', async () => {
    const secret = /^(cost|costs|unitCost|standardCost|margin|partClass|shadowValue|levelFactor)$/;
    const keysOf = (value: unknown): string[] =>
      value === null || typeof value !== 'object'
        ? []
        : Object.entries(value).flatMap(([key, part]) => [key, ...keysOf(part)]);
    const reads = MATRIX.filter(
      ({ method, url, roles }) => method === 'GET' && url.startsWith('/v1/') && ['allow', 'own'].includes(roles.dealer),
    );
    const seen: string[] = [];
    for (const { url } of reads) {
      const { body } = await machines.own({ method: 'GET', url: trade.address(url) });
      seen.push(
        ...keysOf(body)
          .filter(key => secret.test(key))
          .map(key => `${url} ${key}`),
      );
    }
    expect(seen).toEqual([]);
    const staff = await machines.finance({ method: 'GET', url: '/v1/parts' });
    expect(keysOf(staff.body)).toContain('partClass');
  });

  it('is told the same of a core, an unlisted and an unknown part', async () => {
    const ask = async (partNumber: string) => {
      const { body } = await machines.own({
        method: 'POST',
        url: '/v1/price-queries',
        body: { lines: [{ partNumber, quantity: '1' }] },
      });
      return JSON.stringify(body).replaceAll(partNumber, 'X');
    };
    const answers = [await ask('ECU'), await ask('UNPRICED'), await ask('NEVER-MADE')];
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('PART_NOT_PRICED');
    const read = async (partNumber: string) => {
      const { status, body } = await machines.own({ method: 'GET', url: `/v1/parts/${partNumber}` });
      return JSON.stringify({ status, ...body, requestId: '' }).replaceAll(partNumber, 'X');
    };
    expect(await read('ECU')).toBe(await read('NEVER-MADE'));
  });
});
