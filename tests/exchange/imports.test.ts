import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importJobs } from '../../src/exchange/index.ts';
import { UPLOAD_BYTES_MAX } from '../../src/exchange/upload.ts';
import { query } from '../../src/platform/database.ts';
import { startWorker, type Worker } from '../../src/worker.ts';
import { eventually } from '../support/eventually.ts';
import { type FormPart, form } from '../support/multipart.ts';
import { type Answer, type Client, openTestApp, type TestApp } from '../support/test-app.ts';
import { makeWidgetTable, widgetImport } from './widget-import.ts';

let test: TestApp;
let worker: Worker;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp({ importKinds: [widgetImport] });
  await makeWidgetTable(test.ownerUrl);
  worker = await startWorker(test.dependencies, { jobKinds: importJobs([widgetImport]), sweepEveryMs: 30 });
  specialist = await test.as('parts_specialist');
});
afterAll(async () => {
  await worker.stop();
  await test.close();
});

async function send(client: Client, parts: readonly FormPart[], headers = {}): Promise<Answer> {
  const { body, headers: own } = form(parts);
  return await client.post('/v1/imports', body, { ...own, ...headers });
}

const widgets = (content: string | Buffer, options?: object): FormPart[] => [
  { name: 'kind', value: 'widgets' },
  ...(options === undefined ? [] : [{ name: 'options', value: JSON.stringify(options) }]),
  { name: 'file', value: content, fileName: '小部件.csv' },
];

const inState = (id: string, state: string) =>
  eventually(async () => {
    const { body } = await specialist.get(`/v1/imports/${id}`);
    expect(body).toMatchObject({ id, state, job: { state: 'done' } });
    return body;
  });

const rows = async () =>
  (await query<{ code: string }>(test.dependencies.database.reader(), 'select code from widget order by code')).map(
    ({ code }) => code,
  );

describe('an import over HTTP', () => {
  it('is uploaded, checked without effect, applied once, and tells what it found', async () => {
    const file = gzipSync('编号,名称,数量,颜色\nA,一,1,red\nB,二,x,red\nC,三,0,red\n');
    const made = await send(specialist, widgets(file, { currency: 'GBP' }));
    expect(made).toMatchObject({
      status: 202,
      body: { kind: 'widgets', state: 'uploaded', fileName: '小部件.csv', counts: null, options: { currency: 'GBP' } },
      headers: { location: `/v1/imports/${made.body.id}` },
    });
    const { id } = made.body;
    expect(await inState(id, 'checked')).toMatchObject({
      counts: { read: 3, accepted: 2, rejected: 1, warned: 1, created: 2, changed: 0, unchanged: 0 },
      result: { widgets: 2 },
      problem: null,
      appliedAt: null,
      findings: [
        { severity: 'rejected', line: 3, code: 'QUANTITY_INVALID', column: 'quantity', value: 'x' },
        { severity: 'warned', line: 4, code: 'QUANTITY_ZERO' },
        { severity: 'notice', line: 1, code: 'COLUMNS_IGNORED', columns: ['颜色'] },
      ],
    });
    expect(await rows()).toEqual([]);

    expect(await specialist.post(`/v1/imports/${id}/application`)).toMatchObject({
      status: 202,
      body: { state: 'applying' },
    });
    expect(await inState(id, 'applied')).toMatchObject({
      counts: { created: 2 },
      appliedAt: '2026-03-10T02:00:00.000Z',
      job: { state: 'done' },
    });
    expect(await rows()).toEqual(['A', 'C']);
    expect(await specialist.post(`/v1/imports/${id}/application`)).toMatchObject({
      status: 409,
      body: { code: 'IMPORT_NOT_APPLICABLE' },
    });

    const again = await send(specialist, widgets(file));
    expect(await inState(again.body.id, 'checked')).toMatchObject({ counts: { created: 0, unchanged: 2 } });
  });

  it('shows its findings page by page, of one severity where asked', async () => {
    const lines = Array.from({ length: 25 }, (_, at) => `L${at},x,${at % 5 === 0 ? '0' : 'bad'}`);
    const { body } = await send(specialist, widgets(`code,name,quantity\n${lines.join('\n')}\n`));
    await inState(body.id, 'checked');
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const url = `/v1/imports/${body.id}/findings?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const answer: Answer = await specialist.get(url);
      expect(answer.status).toBe(200);
      seen.push(
        ...answer.body.items.map((item: { severity: string; line: number }) => `${item.severity} ${item.line}`),
      );
      cursor = answer.body.nextCursor;
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    const warned = await specialist.get(`/v1/imports/${body.id}/findings?severity=warned`);
    expect(warned.body.items.map((item: { line: number }) => item.line)).toEqual([2, 7, 12, 17, 22]);
  });

  it('is refused as a whole when the file cannot be read, in the language of the reader', async () => {
    const { body } = await send(specialist, widgets('code,quantity\nA,1\n'));
    expect(await inState(body.id, 'refused')).toMatchObject({
      problem: { code: 'COLUMNS_MISSING', title: 'Required columns are missing', missing: ['name'] },
      counts: null,
      job: { state: 'done' },
    });
    const chinese = await specialist.get(`/v1/imports/${body.id}`, { 'accept-language': 'zh' });
    expect(chinese.body.problem.title).toBe('缺少必需的列');
    expect(await specialist.post(`/v1/imports/${body.id}/application`)).toMatchObject({
      status: 409,
      body: { code: 'IMPORT_NOT_APPLICABLE', state: 'refused' },
    });
  });

  it('is applied once however many ask at once', async () => {
    const { body } = await send(specialist, widgets('code,name,quantity\nonce,x,1\n'));
    await inState(body.id, 'checked');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => specialist.post(`/v1/imports/${body.id}/application`)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, ...Array(7).fill(409)]);
    expect(await inState(body.id, 'applied')).toMatchObject({ counts: { created: 1 } });
  });

  it('can be asked for again when its application was cancelled', async () => {
    await worker.stop();
    const { body } = await send(specialist, widgets('code,name,quantity\nlater,x,1\n'));
    worker = await startWorker(test.dependencies, { jobKinds: importJobs([widgetImport]), sweepEveryMs: 30 });
    await inState(body.id, 'checked');
    await worker.stop();
    const asked = await specialist.post(`/v1/imports/${body.id}/application`);
    expect(await specialist.delete(`/v1/jobs/${asked.body.job.id}`)).toMatchObject({ body: { state: 'cancelled' } });
    worker = await startWorker(test.dependencies, { jobKinds: importJobs([widgetImport]), sweepEveryMs: 30 });
    await sleep(100);
    expect(await rows()).not.toContain('later');
    expect((await specialist.post(`/v1/imports/${body.id}/application`)).status).toBe(202);
    await inState(body.id, 'applied');
    expect(await rows()).toContain('later');
  });
});

describe('an upload', () => {
  const file = 'code,name,quantity\nkey,x,1\n';

  it('has an effect once per key, and another file, kind or option is another body', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await send(specialist, widgets(file), key);
    const second = await send(specialist, widgets(file), key);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    for (const other of [widgets(`${file}more,x,1\n`), widgets(file, { currency: 'EUR' })])
      expect(await send(specialist, other, key)).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
    expect(await send(specialist, widgets(file), { 'idempotency-key': '' })).toMatchObject({
      status: 400,
      body: { code: 'IDEMPOTENCY_KEY_MISSING' },
    });
  });

  it('needs the permission of the kind beside its own', async () => {
    expect(await send(await test.as('finance'), widgets(file))).toMatchObject({
      status: 403,
      body: { code: 'PERMISSION_MISSING', permission: 'parts.write' },
    });
    expect(await send(await test.as('auditor'), widgets(file))).toMatchObject({
      status: 403,
      body: { permission: 'imports.create' },
    });
    expect((await send(test.anonymous(), widgets(file))).status).toBe(401);
    const { body } = await send(specialist, widgets(file));
    await inState(body.id, 'checked');
    expect(await (await test.as('finance')).post(`/v1/imports/${body.id}/application`)).toMatchObject({
      status: 403,
      body: { permission: 'parts.write' },
    });
  });

  it.each([
    [
      'an unknown kind',
      [
        { name: 'kind', value: 'gadgets' },
        { name: 'file', value: file, fileName: 'a' },
      ],
      'IMPORT_KIND_UNKNOWN',
    ],
    ['options of another kind', widgets(file, { colour: 'red' }), 'IMPORT_OPTIONS_INVALID'],
    ['options of the wrong type', widgets(file, { currency: 7 }), 'REQUEST_INVALID'],
    ['options that are no JSON', [...widgets(file), { name: 'options', value: '{' }], 'BODY_NOT_JSON'],
    ['an unknown field', [...widgets(file), { name: 'colour', value: 'red' }], 'REQUEST_INVALID'],
    ['a field twice', [...widgets(file), { name: 'kind', value: 'widgets' }], 'REQUEST_INVALID'],
    ['no file', [{ name: 'kind', value: 'widgets' }], 'REQUEST_INVALID'],
    [
      'a text in place of the file',
      [
        { name: 'kind', value: 'widgets' },
        { name: 'file', value: 'x' },
      ],
      'REQUEST_INVALID',
    ],
    [
      'a file in place of the kind',
      [
        { name: 'kind', value: 'x', fileName: 'k' },
        { name: 'file', value: 'x' },
      ],
      'REQUEST_INVALID',
    ],
    ['two files', [...widgets(file), { name: 'other', value: file, fileName: 'b' }], 'BODY_TOO_LARGE'],
    [
      'a field of megabytes',
      [{ name: 'kind', value: 'x'.repeat(3_000_000) }, ...widgets(file).slice(1)],
      'BODY_TOO_LARGE',
    ],
    ['nothing', [], 'REQUEST_INVALID'],
  ])('refuses %s', async (_, parts, code) => {
    expect((await send(specialist, parts)).body).toMatchObject({ code });
  });

  it('refuses a body that breaks off, and one that is no upload', async () => {
    const { body, headers } = form(widgets(file));
    for (const length of [0, 1, 60, body.length - 30, body.length - 5]) {
      const answer = await specialist.post('/v1/imports', body.subarray(0, length), headers);
      expect([answer.status, answer.body.code]).toEqual([400, 'REQUEST_INVALID']);
    }
    expect(await specialist.post('/v1/imports', { kind: 'widgets' })).toMatchObject({
      status: 415,
      body: { code: 'MEDIA_TYPE_UNSUPPORTED' },
    });
    expect(await specialist.post('/v1/imports', body, { 'content-type': 'multipart/form-data' })).toMatchObject({
      body: { code: expect.stringMatching(/REQUEST_INVALID|MEDIA_TYPE_UNSUPPORTED/) },
    });
  });

  it('refuses a file that is larger than an upload may be', async () => {
    const { body, headers } = form(widgets(''));
    const end = body.indexOf('\r\n--', body.indexOf('filename='));
    const filler = Buffer.alloc(1024 * 1024, 'x,y,1\n');
    const stream = Readable.from(
      (function* () {
        yield body.subarray(0, end);
        for (let bytes = 0; bytes <= UPLOAD_BYTES_MAX; bytes += filler.length) yield filler;
        yield body.subarray(end);
      })(),
      { objectMode: false },
    );
    expect(await specialist.post('/v1/imports', stream, headers)).toMatchObject({
      status: 413,
      body: { code: 'FILE_TOO_LARGE' },
    });
  });

  it('keeps a hostile file name to a name', async () => {
    const made = await send(specialist, [
      { name: 'kind', value: 'widgets' },
      { name: 'file', value: file, fileName: '../../etc/pass\u0000wd<x>.csv' },
    ]);
    expect(made.body.fileName).toMatch(/^pass_?wd_x_\.csv$/);
  });
});

describe('imports', () => {
  it('are listed newest first, page by page, by kind and state', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer: Answer = await specialist.get(`/v1/imports?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      ids.push(...answer.body.items.map((item: { id: string }) => item.id));
      cursor = answer.body.nextCursor;
    }
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(ids.length).toBeGreaterThan(4);
    const refused = await specialist.get('/v1/imports?state=refused&kind=widgets');
    expect(refused.body.items.map((item: { state: string }) => item.state)).toEqual(['refused']);
    expect((await specialist.get(`/v1/imports/${randomUUID()}`)).body.code).toBe('NOT_FOUND');
    const foreign = Buffer.from(JSON.stringify(['imports', 'x'])).toString('base64url');
    expect((await specialist.get(`/v1/imports?cursor=${foreign}`)).body.code).toBe('CURSOR_INVALID');
    expect((await (await test.as('service_staff')).get('/v1/imports')).status).toBe(403);
  });
});
