/** Addresses, methods and headers as they come over a real connection. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, openTestApp, type TestApp } from '../../support/test-app.ts';

let test: TestApp;
let specialist: Client;
let port = 0;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  const address = await test.app.listen({ host: '127.0.0.1', port: 0 });
  port = Number(new URL(address).port);
});
afterAll(() => test.close());

/** Bytes out, bytes in: no client library tidies the request up. */
async function raw(request: string | Buffer): Promise<{ status: number; head: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  const chunks: Buffer[] = [];
  socket.on('error', () => {});
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body };
}

const get = (path: string, more = '') =>
  raw(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${specialist.token}\r\n${more}\r\n`,
  );

describe('an address that is no text', () => {
  it.each([
    ['/v1/dealers/%00', 400],
    ['/v1/dealers/%', 400],
    ['/v1/dealers/%zz', 400],
    ['/v1/dealers/%C3%28', 400],
    ['/v1/dealers/%ED%A0%80', 400],
    ['/v1/dealers?cursor=%00', 400],
    ['/v1/dealers?cursor=a&cursor=b', 400],
    ['/v1/dealers?limit=1e400', 400],
    ['/v1/dealers?limit=0x10', 400],
    ['/v1/dealers?limit=1e1', 400],
    ['/v1/dealers?limit=+5', 400],
    ['/v1/dealers?limit=', 400],
    ['/v1/dealers?limit=2.5', 400],
    ['/v1/dealers?limit=-1', 400],
    ['/v1/dealers?limit=201', 400],
    ['/v1/dealers?unknown=1', 400],
    ['/v1/dealers?__proto__=1', 400],
    [`/v1/dealers/${'x'.repeat(300)}`, 414],
    ['/v1/dealers/..%2f..%2fetc%2fpasswd', 400],
    ['/v1/nowhere', 404],
    ['/v1/dealers/', 400],
    ['//v1/dealers', 404],
    ['/v1/../v1/dealers', 404],
    ['*', 404],
  ])('%s is answered with a problem', async (path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ status, code: expect.any(String), title: expect.any(String) });
  });

  it('tells what is wrong with it', async () => {
    const codeOf = async (path: string) => JSON.parse((await get(path)).body).code;
    expect(await codeOf('/v1/nowhere')).toBe('ROUTE_NOT_FOUND');
    expect(await codeOf(`/v1/dealers/${'x'.repeat(300)}`)).toBe('ADDRESS_TOO_LONG');
    expect(await codeOf('/v1/dealers/%C3%28')).toBe('REQUEST_INVALID');
  });

  it('ends a request line that is not HTTP with a problem', async () => {
    const answer = await raw('HELLO\r\n\r\n');
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('refuses headers of more than 16 KiB', async () => {
    const answer = await get('/v1/dealers', `X-Long: ${'x'.repeat(20_000)}\r\n`);
    expect(answer.status).toBe(431);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
  });

  it('refuses a length that lies and two lengths', async () => {
    const head = `POST /v1/dealers HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${specialist.token}\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n`;
    expect((await raw(`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`)).status).toBe(400);
    expect((await raw(`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`)).status).toBe(400);
    expect((await raw(`${head}Content-Length: nine\r\n\r\n{}`)).status).toBe(400);
  });
});

describe('methods', () => {
  const call = (method: string, path: string) =>
    raw(
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${specialist.token}\r\nContent-Length: 0\r\n\r\n`,
    );

  it('takes no query that it does not describe, and nothing comes of it', async () => {
    const draft = { code: 'QUERY', currency: 'CNY', nameZh: '问' };
    const answers = await Promise.all([
      specialist.post('/v1/dealers?x=1', draft),
      specialist.patch('/v1/dealers/QUERY?__proto__=1', { nameZh: '答' }, { 'if-match': '"1"' }),
      specialist.get('/v1/dealers/QUERY?x='),
      specialist.get('/v1/dealers?x=1'),
    ]);
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([400, 'REQUEST_INVALID']));
    expect((await specialist.get('/v1/dealers/QUERY')).status).toBe(404);
  });

  it('answers HEAD like GET without a body', async () => {
    const head = await call('HEAD', '/v1/dealers');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.head.toLowerCase()).toContain('content-type: application/json');
  });

  it('asks HEAD who it is, too', async () => {
    expect((await raw('HEAD /v1/dealers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).status).toBe(401);
  });

  it('says what an address knows', async () => {
    const options = await call('OPTIONS', '/v1/dealers/D1');
    expect(options.status).toBe(204);
    expect(options.head).toMatch(/allow: GET, HEAD, OPTIONS, PATCH/i);
    expect((await call('OPTIONS', '/v1/nowhere')).status).toBe(404);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])('refuses %s where it is not known', async method => {
    const answer = await call(method, '/v1/dealers');
    expect(answer.status).toBe(405);
    expect(answer.head).toMatch(/allow: GET, HEAD, OPTIONS, POST/i);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
      allowed: ['GET', 'HEAD', 'OPTIONS', 'POST'],
    });
  });
});

describe('every answer', () => {
  it('has a request id, is not kept, and gives a browser nothing to run', async () => {
    for (const path of ['/v1/dealers', '/v1/nowhere', '/v1/dealers/NOPE']) {
      const { head } = await get(path);
      expect(head).toMatch(/x-request-id: [0-9a-f-]{36}/i);
      expect(head).toMatch(/cache-control: no-store/i);
      expect(head).toMatch(/x-content-type-options: nosniff/i);
      expect(head).toMatch(/content-security-policy: default-src 'none';/i);
      expect(head).not.toMatch(/x-powered-by|^server:|access-control-allow-origin/im);
    }
  });

  it('speaks the language that is asked for, Chinese where none is', async () => {
    const titleFor = async (language: string) => JSON.parse((await get('/v1/nowhere', language)).body).title;
    expect(await titleFor('')).toBe('没有这个地址');
    expect(await titleFor('Accept-Language: en-GB,en;q=0.9,zh;q=0.8\r\n')).toBe('There is no such address');
    expect(await titleFor('Accept-Language: fr, zh-TW;q=0.7, en;q=0.3\r\n')).toBe('没有这个地址');
    expect(await titleFor('Accept-Language: fr\r\n')).toBe('没有这个地址');
    expect(await titleFor('Accept-Language: ;;;q=x,\r\n')).toBe('没有这个地址');
  });
});
