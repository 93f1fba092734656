/** What a body must be before anybody looks at what it says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../../src/platform/database.ts';
import { type Client, openTestApp, type TestApp } from '../../support/test-app.ts';

let test: TestApp;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
});
afterAll(() => test.close());

let requests = 0;
async function post(payload: string | Buffer, headers: Record<string, string> = {}) {
  requests += 1;
  const reply = await test.app.inject({
    method: 'POST',
    url: '/v1/dealers',
    headers: {
      authorization: `Bearer ${specialist.token}`,
      'idempotency-key': `body-${requests}`,
      'content-type': 'application/json',
      'accept-language': 'en',
      ...headers,
    },
    payload,
  });
  return { status: reply.statusCode, type: reply.headers['content-type'], body: reply.json() };
}

const dealer = (code: string) => `{"code":"${code}","currency":"CNY","nameZh":"甲"}`;
const bytes = (before: string, broken: number[], after: string) =>
  Buffer.concat([Buffer.from(before), Buffer.from(broken), Buffer.from(after)]);
const dealers = async () =>
  (await query<{ n: string }>(test.dependencies.database.reader(), 'select count(*) as n from dealer'))[0]?.n;

describe('a body that is not strict JSON is refused and changes nothing', () => {
  const refused: Record<string, string | Buffer> = {
    'broken UTF-8': bytes('{"code":"B1","currency":"CNY","nameZh":"', [0xc3, 0x28], '"}'),
    'an encoded surrogate': bytes('{"code":"B1","currency":"CNY","nameZh":"', [0xed, 0xa0, 0x80], '"}'),
    'overlong UTF-8': bytes('{"code":"B1","currency":"CNY","nameZh":"', [0xc0, 0xaf], '"}'),
    GB18030: bytes('{"code":"B1","currency":"CNY","nameZh":"', [0xbc, 0xd7], '"}'),
    'a NUL': String.raw`{"code":"B1","currency":"CNY","nameZh":"a\u0000b"}`,
    'a NUL in a key': String.raw`{"code":"B1","currency":"CNY","nameZh":"a","a\u0000":1}`,
    'a lone surrogate': String.raw`{"code":"B1","currency":"CNY","nameZh":"\ud800"}`,
    'a lone surrogate the other way': String.raw`{"code":"B1","currency":"CNY","nameZh":"\udc00x"}`,
    'one key twice': '{"code":"B1","code":"B2","currency":"CNY","nameZh":"甲"}',
    'one key twice, one of them escaped': String.raw`{"code":"B1","\u0063ode":"B2","currency":"CNY","nameZh":"a"}`,
    'one key twice, deep inside': '{"code":"B1","currency":"CNY","nameZh":[[{"a":[{"b":1,"c":{},"b":2}]}]]}',
    'a prototype': '{"code":"B1","currency":"CNY","nameZh":"甲","__proto__":{"active":true}}',
    'a hundred levels': `${'['.repeat(100)}${']'.repeat(100)}`,
    'a hundred thousand levels': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    nothing: '',
    'half of it': dealer('B1').slice(0, 20),
    'two of it': `${dealer('B1')}${dealer('B2')}`,
    'a comment': `/* hello */ ${dealer('B1')}`,
    NaN: '{"code":NaN}',
    'a trailing comma': '{"code":"B1",}',
    'a byte order mark': `\ufeff${dealer('B1')}\ufeff`,
  };

  it.each(Object.entries(refused))('%s', async (_name, payload) => {
    const before = await dealers();
    const answer = await post(payload);
    expect(answer).toMatchObject({
      status: 400,
      type: 'application/problem+json; charset=utf-8',
      body: { code: 'BODY_NOT_JSON' },
    });
    expect(await dealers()).toBe(before);
  });

  it('keeps a name with an astral character and an escaped pair', async () => {
    const answer = await post(String.raw`{"code":"OK1","currency":"CNY","nameZh":"𠮷\ud842\udfb7"}`);
    expect(answer).toMatchObject({ status: 201, body: { nameZh: '𠮷𠮷' } });
  });

  it('keeps a value that looks like syntax', async () => {
    const answer = await post(String.raw`{"code":"OK2","currency":"CNY","nameZh":"}\",\"code\":{[\\"}`);
    expect(answer).toMatchObject({ status: 201, body: { nameZh: '}","code":{[\\' } });
  });
});

describe('a body that is JSON and not what the route takes is refused', () => {
  it.each([
    ['a number for text', '{"code":9,"currency":"CNY"}'],
    ['text for an object', '"code"'],
    ['null', 'null'],
    ['an array', '[]'],
    ['an unknown field', '{"code":"B1","currency":"CNY","nameZh":"甲","colour":"red"}'],
    ['a field of the prototype', '{"code":"B1","currency":"CNY","nameZh":"甲","constructor":{}}'],
    ['a missing field', '{"code":"B1"}'],
    ['true for text', '{"code":true,"currency":"CNY"}'],
    ['an amount as a number', '{"code":"B1","currency":"CNY","nameZh":"甲","creditLimit":1.5}'],
    ['an amount with an exponent', '{"code":"B1","currency":"CNY","nameZh":"甲","creditLimit":"1e5"}'],
    ['an amount with three decimals', '{"code":"B1","currency":"CNY","nameZh":"甲","creditLimit":"1.005"}'],
    [
      'an amount beyond all bounds',
      `{"code":"B1","currency":"CNY","nameZh":"甲","creditLimit":"${'9'.repeat(40)}.00"}`,
    ],
  ])('%s', async (_name, payload) => {
    const before = await dealers();
    expect(await post(payload)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(await dealers()).toBe(before);
  });

  it('names the place and the reason', async () => {
    const { body } = await post('{"code":"B1","currency":"yua"}');
    expect(body).toMatchObject({ where: 'body/currency', reason: expect.stringContaining('pattern') });
  });
});

describe('a body that comes in another form', () => {
  it('is refused by its size before it is read', async () => {
    const huge = `{"code":"B1","currency":"CNY","nameZh":"${'x'.repeat(3 * 1024 * 1024)}"}`;
    expect(await post(huge)).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });

  it.each([
    ['text/plain', {}],
    ['application/xml', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/merge-patch+json', {}],
    ['application/json; charset=gbk', {}],
    ['application/json; charset="utf-16"', {}],
    ['not a type', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('%s %o is refused', async (type, headers) => {
    expect(await post(dealer('B1'), { 'content-type': type, ...headers })).toMatchObject({
      status: 415,
      body: { code: 'MEDIA_TYPE_UNSUPPORTED' },
    });
  });

  it('is taken with its charset said', async () => {
    expect((await post(dealer('OK3'), { 'content-type': 'application/json; charset=UTF-8' })).status).toBe(201);
  });
});

describe('the idempotency key', () => {
  it.each(['', 'with blank', 'ключ', 'x'.repeat(256)])('"%s" is refused', async key => {
    expect(await post(dealer('B1'), { 'idempotency-key': key })).toMatchObject({
      status: 400,
      body: { code: 'IDEMPOTENCY_KEY_MISSING' },
    });
  });
});
