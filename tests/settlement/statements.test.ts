import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { charge, close, makeDealer, makePart, post, select } from './ledger.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  const part = await makePart(test, 'P1');
  const [a, b] = [await makeDealer(test, 'A'), await makeDealer(test, 'B')];
  for (const month of ['2026-01', '2026-02']) {
    await post(
      test,
      a,
      `DA-${month}`,
      `${month}-10`,
      [1, 2, 3].map(line => charge(part, { line })),
    );
    await post(test, b, `DB-${month}`, `${month}-11`, [charge(part)]);
    await close(test, month);
  }
});
afterAll(() => test.close());

describe('statements', () => {
  it('are listed page by page in order of period and dealer, and narrowed to either', async () => {
    const finance = await test.as('finance');
    const numbers: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await finance.get(`/v1/statements?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      numbers.push(...body.items.map((item: { number: string }) => item.number));
      cursor = body.nextCursor;
    }
    expect(numbers).toEqual(['S2026-01-A', 'S2026-01-B', 'S2026-02-A', 'S2026-02-B']);
    const narrowed = await finance.get('/v1/statements?period=2026-02&dealerCode=A');
    expect(narrowed.body.items).toMatchObject([
      {
        number: 'S2026-02-A',
        opening: '339.00',
        movements: '339.00',
        closing: '678.00',
        lineCount: 3,
        hashVersion: 'partledger-statement-1',
      },
    ]);
    expect((await finance.get('/v1/statements?cursor=bm9wZQ')).body.code).toBe('CURSOR_INVALID');
    const forged = Buffer.from(JSON.stringify(['statements', 'no date', 'A'])).toString('base64url');
    expect((await finance.get(`/v1/statements?cursor=${forged}`)).body.code).toBe('CURSOR_INVALID');
  });

  it('show a dealer its own and know nothing of another one’s', async () => {
    const dealer = await test.as('dealer', 'A');
    const { body } = await dealer.get('/v1/statements');
    expect(body.items.map((item: { dealerCode: string }) => item.dealerCode)).toEqual(['A', 'A']);
    expect((await dealer.get('/v1/statements?dealerCode=B')).body.items).toEqual([]);
    for (const path of ['', '/lines', '/file?format=csv']) {
      const foreign = await dealer.get(`/v1/statements/S2026-01-B${path}`);
      const nobody = await dealer.get(`/v1/statements/S2026-01-X${path}`);
      expect(foreign).toMatchObject({ status: 404, body: { code: 'STATEMENT_NOT_FOUND' } });
      expect(nobody).toMatchObject({ status: 404, body: { code: 'STATEMENT_NOT_FOUND' } });
      expect((await dealer.get(`/v1/statements/S2026-01-A${path}`)).status).toBe(200);
    }
  });

  it('list their lines page by page', async () => {
    const finance = await test.as('finance');
    const first = await finance.get('/v1/statements/S2026-01-A/lines?limit=2');
    expect(first.body.items).toMatchObject([
      {
        position: 1,
        document: 'DA-2026-01',
        line: 1,
        partNumber: 'P1',
        quantity: '2.000',
        unit: 'piece',
        net: '100.00',
        tax: '13.00',
        gross: '113.00',
      },
      { position: 2, line: 2 },
    ]);
    const second = await finance.get(`/v1/statements/S2026-01-A/lines?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ position: 3, line: 3 }], nextCursor: null });
    // a cursor belongs to its statement
    expect((await finance.get(`/v1/statements/S2026-01-B/lines?cursor=${first.body.nextCursor}`)).body.code).toBe(
      'CURSOR_INVALID',
    );
  });

  it('come as files whose CSV proves the hash, under a name of their own', async () => {
    const dealer = await test.as('dealer', 'A');
    const { body: statement } = await dealer.get('/v1/statements/S2026-01-A');
    const csv = await dealer.get('/v1/statements/S2026-01-A/file?format=csv');
    expect(createHash('sha256').update(csv.raw).digest('hex')).toBe(statement.contentHash);
    expect(csv.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': "attachment; filename*=UTF-8''2026-01_A_S2026-01-A.csv",
      etag: `"${statement.contentHash}"`,
    });
    const unchanged = await dealer.get('/v1/statements/S2026-01-A/file?format=csv', {
      'if-none-match': `"${statement.contentHash}"`,
    });
    expect(unchanged).toMatchObject({ status: 304, body: '' });
    const pdf = await dealer.get('/v1/statements/S2026-01-A/file?format=pdf&language=en');
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.raw.subarray(0, 5).toString()).toBe('%PDF-');
    const xlsx = await dealer.get('/v1/statements/S2026-01-A/file?format=xlsx');
    expect(xlsx.raw.subarray(0, 2).toString()).toBe('PK');
    expect((await dealer.get('/v1/statements/S2026-01-A/file?format=docx')).body.code).toBe('REQUEST_INVALID');
    expect((await dealer.get('/v1/statements/S2026-01-A/file')).body.code).toBe('REQUEST_INVALID');
  });
});

describe('charges', () => {
  it('are listed in the order of posting, and narrowed by dealer, period, document and dates', async () => {
    const finance = await test.as('finance');
    const documents = async (filter: string) =>
      (await finance.get(`/v1/charges?${filter}`)).body.items.map(
        (item: { document: string; line: number }) => `${item.document}/${item.line}`,
      );
    expect(await documents('limit=3')).toEqual(['DA-2026-01/1', 'DA-2026-01/2', 'DA-2026-01/3']);
    expect(await documents('dealerCode=B')).toEqual(['DB-2026-01/1', 'DB-2026-02/1']);
    expect(await documents('dealerCode=B&period=2026-02')).toEqual(['DB-2026-02/1']);
    expect(await documents('document=DB-2026-01')).toEqual(['DB-2026-01/1']);
    expect(await documents('from=2026-01-11&to=2026-02-10')).toEqual([
      'DB-2026-01/1',
      'DA-2026-02/1',
      'DA-2026-02/2',
      'DA-2026-02/3',
    ]);
    expect(await documents('period=2031-01')).toEqual([]);
    expect((await finance.get('/v1/charges?from=2026-02-30')).body.code).toBe('BUSINESS_DATE_INVALID');
    const first = await finance.get('/v1/charges?limit=5');
    const rest = await finance.get(`/v1/charges?limit=5&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...rest.body.items]).toHaveLength(8);
    expect(first.body.items[0]).toEqual({
      dealerCode: 'A',
      period: '2026-01',
      documentKind: 'shipment',
      document: 'DA-2026-01',
      line: 1,
      businessOn: '2026-01-10',
      postedAt: '2026-03-10T02:00:00.000Z',
      chargeKind: 'goods',
      partNumber: 'P1',
      textZh: '滤清器',
      textEn: 'Filter',
      unit: 'piece',
      quantity: '2.000',
      unitPrice: '50.0000',
      taxRate: '0.130000',
      currency: 'CNY',
      net: '100.00',
      tax: '13.00',
      gross: '113.00',
      statement: 'S2026-01-A',
    });
  });

  it('show a dealer its own', async () => {
    const dealer = await test.as('dealer', 'B');
    expect((await dealer.get('/v1/charges')).body.items).toHaveLength(2);
    expect((await dealer.get('/v1/charges?dealerCode=A')).body.items).toEqual([]);
    expect((await dealer.get('/v1/charges?document=DA-2026-01')).body.items).toEqual([]);
  });
});

describe('an account', () => {
  it('shows what is owed, on order and left', async () => {
    await select(test, `update dealer set credit_limit = 1000 where code = 'A'`);
    const finance = await test.as('finance');
    expect((await finance.get('/v1/dealers/A/account')).body).toEqual({
      dealerCode: 'A',
      currency: 'CNY',
      balance: '678.00',
      openOrders: '0.00',
      creditLimit: '1000.00',
      available: '322.00',
    });
    const dealer = await test.as('dealer', 'B');
    expect((await dealer.get('/v1/dealers/B/account')).body).toMatchObject({
      balance: '226.00',
      creditLimit: null,
      available: null,
    });
    expect(await dealer.get('/v1/dealers/A/account')).toMatchObject({
      status: 404,
      body: { code: 'DEALER_NOT_FOUND' },
    });
  });
});
