/** history-import: 245,903 invoice lines into charges and postings, beside csv-parse + COPY + set-based inserts of the same rows. */
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse';
import type pg from 'pg';
import { from } from 'pg-copy-streams';
import { systemContext } from '../src/access/index.ts';
import { importFile } from '../src/exchange/index.ts';
import type { Database } from '../src/platform/database.ts';
import { chargesImport } from '../src/settlement/index.ts';
import { openClonedDatabases, secondsOf } from './cloned-databases.ts';
import { type BenchRow, median } from './row.ts';

const RUNS = 5;
const TARGET = 0.6;
const SHARED = join(import.meta.dirname, '..', '..', 'shared', 'data', 'online-retail-2010-12_2011-06.csv.gz');
const LINES = 245_903;
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Where the data set is not there: a file of its shape, a quarter of the lines without customer. */
function generated(): string {
  const lines = [HEADER];
  for (let n = 0; n < LINES; n += 1) {
    const invoice = 536_365 + Math.floor(n / 20);
    const customer = invoice % 4 === 0 ? '' : `${12_000 + (invoice % 3_000)}.0`;
    const day = new Date(Date.UTC(2010, 11, 1 + Math.floor((n * 211) / LINES))).toISOString().slice(0, 10);
    const price = `${(n * 7) % 40}.${String((n * 13) % 100).padStart(2, '0')}`;
    lines.push(
      `${invoice},${20_000 + ((n * 31) % 3_300)},"REEL TINE, LEFT ${n % 3_300}",${1 + (n % 48)},${day} 10:26:00,${price === '0.00' ? '0.01' : price},${customer},United Kingdom`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const STAGE = `create temporary table staged (line bigint generated always as identity, document text, part_number text, text_en text,
  quantity numeric(14, 3), business_on date, unit_price numeric(19, 4), dealer text)`;

/** The floor's inserts: the same rows into the same tables, nothing judged but what must be left out, nothing told to anybody. */
const INSERTS = [
  `delete from staged where dealer = '' or unit_price <= 0`,
  `analyze staged`,
  `with made as (insert into dealer (code, name_en, currency, created_at, updated_at)
     select distinct dealer, dealer, 'GBP', now(), now() from staged returning id, currency)
   insert into dealer_account (dealer_id, currency) select id, currency from made`,
  `insert into part (part_number, name_en, part_class, unit, created_at, updated_at)
   select distinct on (part_number) part_number, trim(text_en), 'functional', 'piece', now(), now() from staged order by part_number, line`,
  `insert into fiscal_period (name, first_on, last_on)
   select distinct to_char(business_on, 'YYYY-MM'), date_trunc('month', business_on)::date, (date_trunc('month', business_on) + interval '1 month - 1 day')::date from staged`,
  `insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
   select d.id, 'GBP', f.id, 'history', s.document, min(s.business_on), now(), 'bench'
   from staged s join dealer d on d.code = s.dealer join fiscal_period f on f.name = to_char(s.business_on, 'YYYY-MM') group by d.id, f.id, s.document`,
  `insert into charge (journal_entry_id, dealer_id, period_id, business_on, document, line, part_id, text_en, unit, quantity, unit_price, tax_rate, net, tax, gross)
   select e.id, e.dealer_id, e.period_id, s.business_on, s.document, row_number() over (partition by e.id order by s.line), p.id, trim(s.text_en), p.unit,
     s.quantity, s.unit_price, 0, round(s.quantity * s.unit_price, 2), 0, round(s.quantity * s.unit_price, 2)
   from staged s join dealer d on d.code = s.dealer join fiscal_period f on f.name = to_char(s.business_on, 'YYYY-MM')
     join journal_entry e on e.dealer_id = d.id and e.document = s.document and e.period_id = f.id join part p on p.part_number = s.part_number`,
  `insert into posting (journal_entry_id, debit_account, credit_account, amount)
   select journal_entry_id, case when sum(gross) > 0 then 'receivable' else 'revenue' end, case when sum(gross) > 0 then 'revenue' else 'receivable' end, abs(sum(gross))
   from charge group by journal_entry_id having sum(gross) <> 0`,
  `update dealer_account a set balance = s.gross from (select dealer_id, sum(gross) as gross from charge group by dealer_id) s where s.dealer_id = a.dealer_id`,
];

async function runFloor(client: pg.Client, path: string): Promise<void> {
  await client.query('begin');
  await client.query('set local enable_nestloop = off');
  await client.query(`set local work_mem = '64MB'`);
  await client.query(STAGE);
  const copy = client.query(
    from('copy staged (document, part_number, text_en, quantity, business_on, unit_price, dealer) from stdin'),
  );
  let first = true;
  const toCopy = new Transform({
    writableObjectMode: true,
    transform(record: string[], _, done) {
      const [document, part, text = '', quantity, date = '', price, customer = ''] = record;
      const cells = [
        document,
        part,
        text.replaceAll('\\', '\\\\'),
        quantity,
        date.slice(0, 10),
        price,
        customer.replace('.0', ''),
      ];
      done(null, first ? '' : `${cells.join('\t')}\n`);
      first = false;
    },
  });
  await pipeline(createReadStream(path), createGunzip(), parse(), toCopy, copy);
  for (const statement of INSERTS) await client.query(statement);
  await client.query('commit');
}

async function runOurs(database: Database, path: string): Promise<void> {
  const context = systemContext('bench', new Date(), '2026-03-10');
  await importFile({
    database,
    kind: chargesImport,
    path,
    options: { createMissing: true, currency: 'GBP' },
    context,
    apply: true,
  });
}

/** What both sides must have written alike. */
const OUTCOME = `select (select count(*)::int from charge) as charges, (select sum(gross) from charge) as gross, (select count(*)::int from journal_entry) as entries,
  (select count(*)::int from posting) as postings, (select sum(amount) from posting) as posted, (select sum(balance) from dealer_account) as balance,
  (select count(*)::int from part) as parts`;

/** Lines of the file per second. */
export async function historyImport({ runs = RUNS } = {}): Promise<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'partledger-bench-history-'));
  const path = existsSync(SHARED) ? SHARED : join(folder, 'history.csv.gz');
  if (path !== SHARED) writeFileSync(path, gzipSync(generated()));
  const databases = await openClonedDatabases([]);
  const rates = { ours: [] as number[], floor: [] as number[] };
  const outcomes = new Set<string>();
  try {
    for (let run = 0; run < runs; run += 1) {
      await databases.onClone(async (database, client) => {
        rates.ours.push(LINES / (await secondsOf(() => runOurs(database, path))));
        outcomes.add(JSON.stringify((await client.query(OUTCOME)).rows));
      });
      await databases.onClone(async (_, client) => {
        rates.floor.push(LINES / (await secondsOf(() => runFloor(client, path))));
        outcomes.add(JSON.stringify((await client.query(OUTCOME)).rows));
      });
      process.stderr.write(
        `  history-import ${rates.ours.at(-1)?.toFixed(0)} / ${rates.floor.at(-1)?.toFixed(0)} lines/s\n`,
      );
    }
  } finally {
    await databases.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  if (outcomes.size !== 1) throw new Error(`the two sides differ: ${[...outcomes].join(' | ')}`);
  const [ours, floor] = [median(rates.ours), median(rates.floor)];
  return {
    row: 'history-import',
    ours,
    floor,
    ratio: ours / floor,
    target: TARGET,
    unit: 'lines/s',
    runs,
    floorSource: `csv-parse, ${STAGE}; copy staged from stdin;\n${INSERTS.join(';\n')}`,
  };
}
