/** What whoever runs the service sees of it: health, measures, limits, logs, and how it stops. */
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../../src/app.ts';
import { openDatabase, query } from '../../../src/platform/database.ts';
import type { Dependencies } from '../../../src/platform/dependencies.ts';
import { openLog } from '../../../src/platform/log.ts';
import { addPerson, attemptSignIn, PASSWORD, signIn } from '../../access/browser.ts';
import { openTestApp, type TestApp } from '../../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

async function withApp<Result>(
  changed: Partial<Dependencies>,
  work: (app: TestApp['app']) => Promise<Result>,
): Promise<Result> {
  const app = await buildApp({ ...test.dependencies, ...changed });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

describe('health', () => {
  it('is live and ready while the database answers with our schema', async () => {
    const anybody = test.anonymous();
    expect(await anybody.get('/health/live')).toMatchObject({ status: 200, body: { status: 'live' } });
    expect(await anybody.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('is not ready on a schema of another release', async () => {
    const owner = await openDatabase({ url: test.ownerUrl, role: 'owner', entities: [], poolMax: 1 });
    try {
      await query(owner.reader(), `update schema_migration set name = 'x' || name where name like '0002%'`);
      await withApp({}, async app => {
        const reply = await app.inject('/health/ready');
        expect(reply.json()).toMatchObject({ status: 503, code: 'SCHEMA_NOT_MIGRATED' });
        expect((await app.inject('/health/live')).statusCode).toBe(200);
      });
    } finally {
      await query(owner.reader(), `update schema_migration set name = substr(name, 2) where name like 'x%'`);
      await owner.close();
    }
  });

  it('is not ready without its database, and a request is refused to be tried again', async () => {
    const gone = await openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing', role: 'service', entities: [] });
    await withApp({ database: gone }, async app => {
      expect((await app.inject('/health/live')).statusCode).toBe(200);
      const ready = await app.inject('/health/ready');
      expect(ready.json()).toMatchObject({ status: 503, code: 'DATABASE_UNREACHABLE' });
      expect(ready.headers['retry-after']).toBe('1');
      const asked = await app.inject({ url: '/v1/dealers', headers: { authorization: `Bearer ${'x'.repeat(40)}` } });
      expect(asked.json()).toMatchObject({ status: 503, code: 'DATABASE_UNREACHABLE' });
    });
    await gone.close();
  });
});

describe('stopping', () => {
  it('finishes what runs and refuses what still comes', async () => {
    const { token } = await test.as('parts_specialist');
    const app = await buildApp(test.dependencies);
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const owner = new pg.Client({ connectionString: test.ownerUrl });
    await owner.connect();
    await owner.query('begin; lock table dealer in exclusive mode');
    const socket = connect(Number(port), '127.0.0.1');
    const head = `HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nIdempotency-Key: stop\r\n`;
    const body = '{"code":"STOP","currency":"CNY","nameZh":"x"}';
    socket.write(
      `POST /v1/dealers ${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await eventually(async () => {
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await owner.query(waiting)).rowCount === 1;
    });
    const closed = app.close();
    socket.write(`GET /v1/dealers ${head}\r\nGET /health/ready ${head}\r\n`);
    await owner.query('commit');
    await owner.end();
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    await closed;
    const answer = Buffer.concat(chunks).toString();
    expect(answer.match(/HTTP\/1\.1 \d+/g)?.slice(0, 2)).toEqual(['HTTP/1.1 201', 'HTTP/1.1 503']);
    expect(answer).toContain('"code":"SHUTTING_DOWN"');
  });
});

describe('the limit of requests', () => {
  it('counts a machine by its name and everybody else by address, before asking who it is', async () => {
    const { token } = await test.as('auditor');
    await withApp({ requestsPerMinuteMax: 5 }, async app => {
      const call = (remoteAddress: string, key: string) =>
        app.inject({
          url: '/v1/dealers',
          remoteAddress,
          headers: key === '' ? {} : { authorization: `Bearer ${key}` },
        });
      const statuses = async (times: number, address: string, key: string) => {
        const seen: number[] = [];
        for (let time = 0; time < times; time += 1) seen.push((await call(address, key)).statusCode);
        return seen;
      };
      expect(await statuses(6, '192.0.2.1', '')).toEqual([401, 401, 401, 401, 401, 429]);
      expect(await statuses(1, '192.0.2.1', 'x'.repeat(40))).toEqual([429]);
      // its first request is not yet known to be the machine's
      expect(await statuses(7, '192.0.2.2', token)).toEqual([200, 200, 200, 200, 200, 200, 429]);
      expect(await statuses(1, '192.0.2.3', token)).toEqual([429]);
      const refused = await call('192.0.2.1', '');
      expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    });
  });

  it('counts what has no route, too, and an IPv6 network as one', async () => {
    await withApp({ requestsPerMinuteMax: 2 }, async app => {
      const call = async (remoteAddress: string) => (await app.inject({ url: '/nowhere', remoteAddress })).statusCode;
      expect([await call('2001:db8::1'), await call('2001:db8::2'), await call('2001:db8::3')]).toEqual([
        404, 404, 429,
      ]);
      expect(await call('2001:db8:0:1::1')).toBe(404);
    });
  });
});

describe('the measures', () => {
  it('tell durations by route, the event loop and the pool, and no data', async () => {
    await withApp({}, async app => {
      const { token } = await test.as('auditor');
      for (const url of ['/v1/dealers/SECRET-DEALER', '/v1/dealers?limit=7', '/wp-admin.php']) {
        await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
      }
      const { payload } = await app.inject('/metrics');
      expect(payload).toContain(
        'http_request_duration_seconds_count{method="GET",route="/v1/dealers/:code",status="404"} 1',
      );
      expect(payload).toContain('http_request_duration_seconds_count{method="GET",route="unknown",status="404"} 1');
      expect(payload).toMatch(/database_pool_connections\{state="idle"\} \d+/);
      expect(payload).toMatch(/nodejs_eventloop_lag_p99_seconds \d/);
      expect(payload).not.toMatch(/SECRET-DEALER|limit=7|wp-admin/);
    });
  });
});

describe('the log', () => {
  async function logged(
    work: (app: TestApp) => Promise<void>,
  ): Promise<{ lines: Array<Record<string, unknown>>; text: string }> {
    const chunks: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        chunks.push(String(chunk));
        done();
      },
    });
    await withApp({ log: openLog('debug', sink) }, async app => work({ ...test, app }));
    const text = chunks.join('');
    return {
      lines: text
        .trim()
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line)),
      text,
    };
  }

  it('has a line for each request with its route, never its address, keys, cookies, bodies or people', async () => {
    await addPerson(test, 'private.person', ['auditor']);
    const { token } = await test.as('auditor');
    const { lines, text } = await logged(async ({ app }) => {
      const own = { ...test, app };
      const browser = await signIn(own, 'private.person');
      await browser.send('GET', '/v1/dealers/PRIVATE-CODE');
      await attemptSignIn(own, 'private.person', 'private password');
      await app.inject({ url: '/v1/dealers?cursor=PRIVATE-QUERY', headers: { authorization: `Bearer ${token}` } });
    });
    expect(lines.filter(({ msg }) => msg === 'request.done')).toMatchObject([
      { 'http.method': 'POST', 'http.route': '/v1/sessions', 'http.status': 201, 'caller.kind': 'nobody' },
      { 'http.method': 'GET', 'http.route': '/v1/dealers/:code', 'http.status': 404, 'caller.kind': 'person' },
      { 'http.route': '/v1/sessions', 'http.status': 401 },
      { 'http.route': '/v1/dealers', 'http.status': 400, 'caller.kind': 'machine' },
    ]);
    expect(
      lines.every(line => typeof line['request.id'] === 'string' || !String(line['msg']).startsWith('request.')),
    ).toBe(true);
    expect(text).not.toMatch(/private/i);
    expect(text).not.toContain(token);
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('partledger_session');
  });

  it('says what failed without the values the database repeats', async () => {
    const { text, lines } = await logged(async ({ app }) => {
      app.log.error(
        {
          err: await query(test.dependencies.database.reader(), `select 'PRIVATE VALUE'::integer`).catch(
            error => error,
          ),
        },
        'x',
      );
      app.log.error(
        { err: new Error('outer', { cause: new Error('inner') }), headers: { authorization: 'Bearer PRIVATE' } },
        'y',
      );
    });
    expect(lines[0]).toMatchObject({ err: { code: '22P02' } });
    expect(lines[1]).toMatchObject({ err: { message: 'outer', cause: { message: 'inner' } } });
    expect(text).not.toContain('PRIVATE');
  });

  it('has what nobody expected once, and the answer says nothing of it', async () => {
    const { lines } = await logged(async ({ app }) => {
      let isBroken = false;
      const broken = {
        ...test.dependencies.database,
        reader() {
          if (isBroken) throw new Error('the secret inside');
          return test.dependencies.database.reader();
        },
      };
      await withApp({ database: broken as never, log: app.log as never }, async failing => {
        const { token } = await test.as('auditor');
        isBroken = true;
        const reply = await failing.inject({
          url: '/v1/dealers',
          headers: { authorization: `Bearer ${token}`, 'accept-language': 'en' },
        });
        expect(reply.json()).toMatchObject({ status: 500, code: 'INTERNAL', title: 'Internal error' });
        expect(reply.payload).not.toContain('secret');
      });
    });
    expect(lines.filter(({ msg }) => msg === 'request.failed')).toMatchObject([
      { 'problem.code': 'INTERNAL', err: { message: 'the secret inside' } },
    ]);
  });
});
