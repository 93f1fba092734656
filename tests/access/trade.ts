/** Two dealers, of whom one has traded: the documents every route is tried on. HEBEI's own, and HENAN's another's. */
import { Readable } from 'node:stream';
import { systemContext } from '../../src/access/index.ts';
import { createJob, storeFile } from '../../src/exchange/index.ts';
import { query, queryOne } from '../../src/platform/database.ts';
import { inTransaction } from '../../src/platform/transaction.ts';
import { closePeriod } from '../../src/settlement/index.ts';
import { openShop, order, stock } from '../orders/shop.ts';
import { form } from '../support/multipart.ts';
import type { TestApp } from '../support/test-app.ts';

export const OWN = 'HEBEI';
export const OTHER = 'HENAN';
const NOBODYS_UUID = '01932f5e-7c1a-7000-8000-000000000000';

export type Trade = {
  /** The address of a document that is there (for routes a dealer has `own` on: HEBEI's), by the route. */
  address(url: string): string;
  /** The same of one that is nowhere: a write that is let in changes nothing. */
  nowhere(url: string): string;
  /** What stands in HEBEI's list and must not stand in HENAN's. */
  readonly marks: Readonly<Record<string, string>>;
  /** Bodies that name something of HEBEI's. */
  readonly bodies: Readonly<Record<string, unknown>>;
};

export async function openTrade(test: TestApp): Promise<Trade> {
  await openShop(test);
  await stock(test, { PUMP: '50', FILTER: '50' });
  const buyer = await test.as('dealer', OWN);
  const quote = async () =>
    (await buyer.post('/v1/quotes', { lines: [{ partNumber: 'PUMP', quantity: '1' }] })).body.number;
  const [quoted, toOrder, toWithdraw] = [await quote(), await quote(), await quote()];
  const shipped = await order(test, OWN, { PUMP: '2' });
  const open = await order(test, OWN, { FILTER: '3' });
  const keeper = await test.as('warehouse_keeper');
  const shipment = (await keeper.post('/v1/shipments', { orderNumber: shipped.number })).body.number;
  const specialist = await test.as('parts_specialist');
  await specialist.post('/v1/machine-models', { code: 'T804', nameZh: '拖拉机' });
  const [release] = (await specialist.get('/v1/price-releases')).body.items;
  const statement = await closeMarch(test);
  const job = await finishedJob(test);
  const [verification, imported] = [await addVerification(test), await addImport(test)];
  const administrator = await test.as('administrator');
  await administrator.post('/v1/people', {
    login: 'somebody',
    password: 'grain-before-the-frost',
    roles: ['auditor'],
    nameZh: '某人',
  });
  await administrator.post('/v1/machine-accounts', { name: 'some-erp', role: 'auditor' });
  const parameters: Record<string, Record<string, string>> = {
    people: { login: 'somebody' },
    'machine-accounts': { name: 'some-erp', id: NOBODYS_UUID },
    periods: { name: '2026-03' },
    verifications: { id: verification },
    jobs: { id: job },
    imports: { id: imported },
    parts: { partNumber: 'PUMP' },
    'machine-models': { code: 'T804' },
    dealers: { code: OWN },
    'price-lists': { code: 'S-CNY' },
    'price-releases': { number: release.number },
    locations: { code: 'WH1' },
    statements: { number: statement },
    quotes: { number: quoted },
    orders: { number: open.number },
    shipments: { number: shipment },
  };
  const one: Record<string, string> = { '/v1/quotes/:number/withdrawal': toWithdraw };
  const fill = (url: string, values: Record<string, string>) =>
    url.replace(/:(\w+)/g, (_, name) => values[name] ?? `missing-${name}`);
  const search: Record<string, string> = { '/v1/statements/:number/file': '?format=csv' };
  return {
    address: url => {
      const values = parameters[url.split('/')[2] ?? ''] ?? {};
      const number = one[url];
      return fill(url, number === undefined ? values : { ...values, number }) + (search[url] ?? '');
    },
    nowhere: url =>
      fill(url, {
        login: 'nobody',
        name: '1999-01',
        id: NOBODYS_UUID,
        code: 'NOWHERE',
        number: 'NOWHERE-1',
        partNumber: 'NOWHERE',
      }),
    marks: {
      '/v1/jobs': job,
      '/v1/dealers': OWN,
      '/v1/quotes': quoted,
      '/v1/orders': shipped.number,
      '/v1/shipments': shipment,
      '/v1/charges': shipment,
      '/v1/statements': statement,
      '/v1/events': shipped.number,
    },
    bodies: {
      '/v1/quotes': { dealerCode: OWN, lines: [{ partNumber: 'PUMP', quantity: '1' }] },
      '/v1/orders': { quoteNumber: toOrder, dealerDocument: 'MATRIX-1' },
      '/v1/price-queries': { dealerCode: OWN, lines: [{ partNumber: 'PUMP', quantity: '1' }] },
    },
  };
}

/** Closes the month of the trade and comes back to it; returns the number of HEBEI's statement. */
async function closeMarch(test: TestApp): Promise<string> {
  const now = new Date('2026-04-02T02:00:00Z');
  await closePeriod(test.dependencies.database, systemContext('test', now, '2026-04-02'), '2026-03');
  const finance = await test.as('finance');
  const { body } = await finance.get(`/v1/statements?dealerCode=${OWN}`);
  return body.items[0].number;
}

async function finishedJob(test: TestApp): Promise<string> {
  const { database, files, clock } = test.dependencies;
  const now = clock.now();
  const dealer = await queryOne<{ id: string }>(database.reader(), 'select id from dealer where code = $1', [OWN]);
  const dealerId = dealer?.id ?? null;
  const content = await files.put(Readable.from([Buffer.from('a,b\n')]));
  return await inTransaction(database, { now }, async tx => {
    const job = await createJob(tx, {
      kind: 'statement-files',
      payload: {},
      dealerId,
      requestedBy: 'machine:somebody',
      now,
    });
    const file = await storeFile(tx, files, {
      content,
      name: 'a.csv',
      mediaType: 'text/csv',
      dealerId,
      createdBy: 'test',
      now,
    });
    await query(tx, `update job set state = 'done', finished_at = $2, file_id = $3 where id = $1`, [
      job,
      now.toISOString(),
      file,
    ]);
    return job;
  });
}

async function addVerification(test: TestApp): Promise<string> {
  const answer = await (await test.as('finance')).post('/v1/verifications');
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.id;
}

async function addImport(test: TestApp): Promise<string> {
  const { body, headers } = form([
    { name: 'kind', value: 'charges' },
    { name: 'file', value: 'invoice,dealer\nA,B\n', fileName: 'charges.csv' },
  ]);
  const answer = await (await test.as('parts_specialist')).post('/v1/imports', body, headers);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  return answer.body.id;
}
