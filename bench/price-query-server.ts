/**
 * One of the two servers of the rows price-query-*, in a process of its own: `ours` is the whole service, `floor` a bare
 * Fastify route that answers the same bytes from one named statement with big.js. Prints its port.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Big from 'big.js';
import Fastify, { type FastifyInstance } from 'fastify';
import pg from 'pg';
import { buildApp } from '../src/app.ts';
import { systemClock } from '../src/core/clock.ts';
import { openDatabase } from '../src/platform/database.ts';
import type { Dependencies } from '../src/platform/dependencies.ts';
import { openFileStore } from '../src/platform/file-store.ts';
import { openLog } from '../src/platform/log.ts';
import { silentQueue } from '../src/platform/queue.ts';
import { TIME_ZONE } from './price-query-data.ts';

const POOL = 16;

export const FLOOR_SQL = `
select a.part_number, p.name_zh, p.name_en, p.unit, p.pack_quantity, t.rate, v.unit_price,
       lower(v.valid) as from_on, upper(v.valid) - 1 as until_on, r.number as release
from unnest($1::text[]) with ordinality as a (part_number, ord)
join part p on p.part_number = a.part_number
join tax_rate t on t.tax_class = p.tax_class and t.valid @> $3::date
join price v on v.part_id = p.id and v.price_list_id = $2 and v.valid @> $3::date
join price_release r on r.id = v.release_id
order by a.ord`;

type FloorRow = Record<
  | 'part_number'
  | 'name_zh'
  | 'name_en'
  | 'unit'
  | 'pack_quantity'
  | 'rate'
  | 'unit_price'
  | 'from_on'
  | 'until_on'
  | 'release',
  string
>;
type FloorBody = { on: string; lines: Array<{ partNumber: string; quantity: string }> };

/** No schema, no checks, no names in the answer that are not constants: what the bytes cost and nothing else. */
function floor(url: string): FastifyInstance {
  const types = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;
  const pool = new pg.Pool({ connectionString: url, max: POOL, types, options: '-c jit=off' });
  const app = Fastify({ logger: false });
  app.post('/v1/price-queries', async request => {
    const { on, lines } = request.body as FloorBody;
    const partNumbers = lines.map(line => line.partNumber);
    const { rows } = await pool.query<FloorRow>({ name: 'floor', text: FLOOR_SQL, values: [partNumbers, 1, on] });
    const totals = { net: Big(0), tax: Big(0), gross: Big(0) };
    const priced = rows.map((row, at) => {
      const quantity = Big((lines[at] as FloorBody['lines'][number]).quantity);
      const net = Big(row.unit_price).times(quantity).round(2, Big.roundHalfUp);
      const tax = net.times(Big(row.rate)).round(2, Big.roundHalfUp);
      const gross = net.plus(tax);
      totals.net = totals.net.plus(net);
      totals.tax = totals.tax.plus(tax);
      totals.gross = totals.gross.plus(gross);
      return floorLine(at + 1, row, quantity, { net, tax, gross });
    });
    return {
      dealerCode: 'D1',
      list: 'S-CNY',
      currency: 'CNY',
      taxInclusive: false,
      on,
      lines: priced,
      refusals: [],
      freight: [],
      totals: { net: totals.net.toFixed(2), tax: totals.tax.toFixed(2), gross: totals.gross.toFixed(2) },
    };
  });
  return app;
}

function floorLine(line: number, row: FloorRow, quantity: Big.Big, taxed: Record<'net' | 'tax' | 'gross', Big.Big>) {
  return {
    line,
    partNumber: row.part_number,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    unit: row.unit,
    quantity: quantity.toFixed(3),
    packQuantity: row.pack_quantity,
    unitPrice: row.unit_price,
    taxRate: row.rate,
    net: taxed.net.toFixed(2),
    tax: taxed.tax.toFixed(2),
    gross: taxed.gross.toFixed(2),
    validUntil: row.until_on,
    trace: {
      list: 'S-CNY',
      release: row.release,
      effectiveOn: row.from_on,
      source: 'explicit',
      taxInclusive: false,
      rounding: 'half_away_per_line',
    },
  };
}

export const FLOOR_SOURCE = `${FLOOR_SQL}\n${floor}\n${floorLine}`;

async function ours(url: string): Promise<FastifyInstance> {
  const database = await openDatabase({ url, role: 'service', entities: [], poolMax: POOL });
  const dependencies: Dependencies = {
    clock: systemClock,
    timeZone: TIME_ZONE,
    database,
    queue: silentQueue,
    files: openFileStore('/nonexistent'),
    log: openLog('info', { write: () => {} }),
    sessionSecret: 'x'.repeat(32),
    secureCookies: false,
    requestsPerMinuteMax: Number.MAX_SAFE_INTEGER,
  };
  return (await buildApp(dependencies)) as unknown as FastifyInstance;
}

if (import.meta.main) {
  const [side, url = ''] = process.argv.slice(2);
  const app = side === 'floor' ? floor(url) : await ours(url);
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
  // the parent holds the other end: when it goes, so do we
  await once(process.stdin.resume(), 'close');
  process.exit(0);
}
