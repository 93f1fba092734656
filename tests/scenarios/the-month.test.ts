/**
 * One month of a firm, told through the public API: the specialist loads parts and prices, a dealer asks, is quoted
 * and orders, the warehouse ships, and at month end finance downloads the statement in Excel, PDF and CSV.
 */
import { createHash } from 'node:crypto';
import ExcelJS from 'exceljs';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jobKinds } from '../../src/composition.ts';
import { startWorker, type Worker } from '../../src/worker.ts';
import { eventually } from '../support/eventually.ts';
import { form } from '../support/multipart.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';

const PARTS = `part_number,description,weight kg
150-040,STONEGUARD SINGLE,1.2
12H2178,OIL FILTER ELEMENT,0.4
2204,USE 12H2178,
TGK125,GASKET KIT,0.6
`;
const PRICES = 'part number,unit price\n150-040,"1,024.50"\n12H2178,18.125\nTGK125,96.4\n';

let test: TestApp;
let worker: Worker;
let specialist: Client;
let manager: Client;
let warehouse: Client;
let finance: Client;
let dealer: Client;
beforeAll(async () => {
  test = await openTestApp({ now: '2026-03-10T02:00:00Z' });
  worker = await startWorker(test.dependencies, { jobKinds, sweepEveryMs: 30 });
  [specialist, manager, warehouse, finance] = await Promise.all([
    test.as('parts_specialist'),
    test.as('service_manager'),
    test.as('warehouse_keeper'),
    test.as('finance'),
  ]);
});
afterAll(async () => {
  await worker.stop();
  await test.close();
});

/** Uploads a file, waits for its check, applies it; returns what it found. */
async function load(client: Client, kind: string, content: string, options: object = {}) {
  const { body, headers } = form([
    { name: 'kind', value: kind },
    { name: 'options', value: JSON.stringify(options) },
    { name: 'file', value: content, fileName: `${kind}.csv` },
  ]);
  const uploaded = await client.post('/v1/imports', body, headers);
  expect(uploaded.status, JSON.stringify(uploaded.body)).toBe(202);
  const address = `/v1/imports/${uploaded.body.id}`;
  await inState(client, address, 'checked');
  expect((await client.post(`${address}/application`)).status).toBe(202);
  return await inState(client, address, 'applied');
}

const inState = (client: Client, address: string, state: string) =>
  eventually(async () => {
    const { body } = await client.get(address);
    expect(body).toMatchObject({ state });
    return body;
  });

async function done(answer: Promise<{ status: number; body: unknown }>, status = 201) {
  const { status: found, body } = await answer;
  expect(found, JSON.stringify(body)).toBe(status);
  // biome-ignore lint/suspicious/noExplicitAny: the story reads what it is answered
  return body as any;
}

it('the specialist loads parts, dealers, places and carriage', async () => {
  const parts = await load(specialist, 'parts', PARTS, { partClass: 'functional' });
  expect(parts.counts).toMatchObject({ read: 4, accepted: 4, rejected: 0, created: 4 });
  const dealers = await load(
    specialist,
    'dealers',
    '经销商编码,名称,币种,区域\nD100,河北禾田农机,CNY,north\nD200,山东稼穑农机,CNY,north\n',
  );
  expect(dealers.counts).toMatchObject({ accepted: 2, created: 2 });
  await done(specialist.post('/v1/locations', { code: 'WH1', kind: 'warehouse', nameZh: '中心库' }));
  await done(
    specialist.post('/v1/freight-tariffs', {
      zone: 'north',
      carriage: 'road',
      currency: 'CNY',
      validFrom: '2026-01-01',
      firstWeightKg: '5',
      firstPrice: '18.00',
      continuedWeightKg: '1',
      continuedPrice: '2.50',
    }),
  );
  dealer = await test.as('dealer', 'D100');
});

it('prices are drafted from a file, approved by a second person and published', async () => {
  await done(
    specialist.post('/v1/price-lists', { code: 'SETTLE', kind: 'settlement', currency: 'CNY', taxInclusive: false }),
  );
  const { findings, ...imported } = await load(specialist, 'prices', PRICES, {
    priceList: 'SETTLE',
    effectiveOn: '2026-03-01',
  });
  expect(imported.counts).toMatchObject({ read: 3, accepted: 3, rejected: 0 });
  const [release] = (await specialist.get('/v1/price-releases')).body.items;
  const address = `/v1/price-releases/${release.number}`;
  await done(specialist.post(`${address}/submission`), 200);
  expect(await specialist.post(`${address}/approval`)).toMatchObject({
    status: 422,
    body: { code: 'SECOND_PERSON_REQUIRED' },
  });
  await done(manager.post(`${address}/approval`), 200);
  await done(specialist.post(`${address}/publication`), 200);
});

it('the dealer asks for prices and is quoted with tax and freight', async () => {
  const lines = [
    { partNumber: '150-040', quantity: '3' },
    { partNumber: '12H2178', quantity: '8' },
  ];
  const priced = await done(
    dealer.post('/v1/price-queries', { lines: [...lines, { partNumber: 'NO-SUCH', quantity: '1' }] }),
    200,
  );
  expect(priced.lines.map((line: { net: string }) => line.net)).toEqual(['3073.50', '145.00']);
  expect(priced.refusals).toMatchObject([{ partNumber: 'NO-SUCH', code: 'PART_NOT_PRICED' }]);
  const quote = await done(dealer.post('/v1/quotes', { lines }));
  // 3 × 1.2 kg + 8 × 0.4 kg = 6.8 kg: the first 5 kg and two further steps, tax-inclusive
  expect(quote).toMatchObject({
    weightKg: '6.800',
    breakdown: { price: '3218.50', tax: '418.41', freight: '23.00', total: '3659.91' },
  });
  expect(quote.gross).toBe('3659.91');
});

it('the order reserves what is there, back-orders the rest, and is shipped in two parcels', async () => {
  await done(
    warehouse.post('/v1/stock-receipts', {
      locationCode: 'WH1',
      lines: [
        { partNumber: '150-040', quantity: '2', unitCost: '600' },
        { partNumber: '12H2178', quantity: '20', unitCost: '9.5' },
      ],
    }),
  );
  const [quote] = (await dealer.get('/v1/quotes')).body.items;
  const order = await done(dealer.post('/v1/orders', { quoteNumber: quote.number, dealerDocument: 'PO-7' }));
  expect(order.lines.filter((line: { kind: string }) => line.kind === 'goods')).toMatchObject([
    { partNumber: '150-040', answer: 'back_ordered', reserved: '2.000' },
    { partNumber: '12H2178', answer: 'accepted', reserved: '8.000' },
  ]);
  const first = await done(warehouse.post('/v1/shipments', { orderNumber: order.number }));
  await done(
    warehouse.post('/v1/stock-receipts', {
      locationCode: 'WH1',
      lines: [{ partNumber: '150-040', quantity: '5', unitCost: '610' }],
    }),
  );
  expect((await dealer.post(`/v1/orders/${order.number}/reservation`)).status).toBe(403);
  await done(warehouse.post(`/v1/orders/${order.number}/reservation`), 200);
  const second = await done(warehouse.post('/v1/shipments', { orderNumber: order.number }));
  const cents = (text: string) => BigInt(text.replace('.', ''));
  expect(cents(first.gross) + cents(second.gross)).toBe(cents(quote.gross));
  expect((await dealer.get(`/v1/orders/${order.number}`)).body.state).toBe('shipped');
});

it('the charges stand on the dealer’s ledger, and another dealer sees none of it', async () => {
  const charges = (await dealer.get('/v1/charges')).body.items;
  expect(charges).toHaveLength(4);
  const account = (await dealer.get('/v1/dealers/D100/account')).body;
  expect(account).toMatchObject({ balance: '3659.91', openOrders: '0.00' });
  const other = await test.as('dealer', 'D200');
  expect((await other.get('/v1/charges')).body.items).toEqual([]);
  expect((await other.get('/v1/dealers/D100/account')).status).toBe(404);
});

it('finance closes the month; the statement is frozen and proves itself', async () => {
  expect(await finance.post('/v1/periods/2026-03/closing')).toMatchObject({
    status: 409,
    body: { code: 'PERIOD_NOT_OVER' },
  });
  test.setNow('2026-04-02T02:00:00Z');
  const closing = await done(finance.post('/v1/periods/2026-03/closing'), 202);
  await eventually(async () => {
    expect((await finance.get(`/v1/jobs/${closing.jobId}`)).body).toMatchObject({ state: 'done' });
  });
  const [statement] = (await finance.get('/v1/statements?period=2026-03')).body.items;
  expect(statement).toMatchObject({
    number: 'S2026-03-D100',
    opening: '0.00',
    movements: '3659.91',
    closing: '3659.91',
    lineCount: 4,
  });

  const csv = await dealer.get('/v1/statements/S2026-03-D100/file?format=csv');
  expect(createHash('sha256').update(csv.raw).digest('hex')).toBe(statement.contentHash);
  const rows = csv.raw.toString('utf8').trimEnd().split('\n');
  expect(rows).toHaveLength(5);

  const figures = rows.slice(1).map(row => row.split(',').slice(-4, -1));
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(
    (await dealer.get('/v1/statements/S2026-03-D100/file?format=xlsx')).raw.buffer as ArrayBuffer,
  );
  const cells: string[] = [];
  workbook.worksheets[0]?.eachRow(row =>
    row.eachCell(cell => cells.push(typeof cell.value === 'number' ? cell.value.toFixed(2) : String(cell.value))),
  );
  const pdf = await getDocument({
    data: new Uint8Array((await dealer.get('/v1/statements/S2026-03-D100/file?format=pdf')).raw),
  }).promise;
  const text = (await (await pdf.getPage(1)).getTextContent()).items
    .map(item => ('str' in item ? item.str : ''))
    .join(' ')
    .replaceAll(',', '');
  for (const figure of [...figures.flat(), '3659.91']) {
    expect(cells, 'the workbook').toContain(figure);
    expect(text, 'the PDF').toContain(figure);
  }
  expect(text).toContain('河北禾田农机');
  expect((await (await test.as('dealer', 'D200')).get('/v1/statements/S2026-03-D100/file?format=pdf')).status).toBe(
    404,
  );
});

it('every figure agrees', async () => {
  const verification = await done(finance.post('/v1/verifications'));
  expect(verification.checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([]);
  expect(verification.ok).toBe(true);
  expect(verification.checks.length).toBeGreaterThan(10);
});
