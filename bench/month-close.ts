/** month-close: from the command until all statements are frozen, beside three set-based statements that write the same rows. */
import type pg from 'pg';
import { systemContext } from '../src/access/index.ts';
import { closePeriod } from '../src/settlement/index.ts';
import { openClonedDatabases, secondsOf } from './cloned-databases.ts';
import { type BenchRow, median } from './row.ts';

const RUNS = 5;
const TARGET = 2;
const PERIOD = '2026-01';
const PARTS = 2_000;
const LINES_PER_DOCUMENT = 20;

/** A month with a statement before it for every dealer, and `lines` charges each in documents of twenty. */
function fill(dealers: number, lines: number): string[] {
  return [
    `insert into dealer (code, name_zh, currency, created_at, updated_at)
     select 'D' || lpad(n::text, 5, '0'), '河北农机配件有限公司 ' || n, 'CNY', now(), now() from generate_series(1, ${dealers}) n`,
    `insert into part (part_number, name_zh, name_en, part_class, unit, created_at, updated_at)
     select 'YL-' || n, '加强型卷轮弹齿 ' || n, 'Reinforced reel tine, left ' || n, 'functional', 'piece', now(), now() from generate_series(1, ${PARTS}) n`,
    `insert into fiscal_period (name, first_on, last_on, state, closed_at) values ('2025-12', '2025-12-01', '2025-12-31', 'closed', now())`,
    `insert into fiscal_period (name, first_on, last_on) values ('${PERIOD}', '2026-01-01', '2026-01-31')`,
    `insert into statement_of_account (number, dealer_id, period_id, currency, opening, movements, closing, line_count, hash_version, content_hash, frozen_at)
     select 'S2025-12-' || code, id, (select id from fiscal_period where name = '2025-12'), 'CNY', 0, 0, 0, 0, 'partledger-statement-1', repeat('0', 64), now() from dealer`,
    `insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
     select d.id, 'CNY', (select id from fiscal_period where name = '${PERIOD}'), 'shipment', 'D2026-' || d.id || '-' || n, date '2026-01-01' + n % 31, now(), 'bench'
     from dealer d, generate_series(1, ${Math.ceil(lines / LINES_PER_DOCUMENT)}) n order by n, d.id`,
    `insert into charge (journal_entry_id, dealer_id, period_id, business_on, document, line, part_id, text_zh, text_en, unit, quantity, unit_price, tax_rate, net, tax, gross)
     select e.id, e.dealer_id, e.period_id, e.business_on, e.document, n, p.id, p.name_zh, p.name_en, p.unit, 1 + n % 9, 12.34, 0.13,
       round(12.34 * (1 + n % 9), 2), round(12.34 * (1 + n % 9) * 0.13, 2), round(12.34 * (1 + n % 9), 2) + round(12.34 * (1 + n % 9) * 0.13, 2)
     from journal_entry e cross join generate_series(1, ${Math.min(lines, LINES_PER_DOCUMENT)}) n join part p on p.id = 1 + (e.id * 31 + n) % ${PARTS}`,
    `insert into posting (journal_entry_id, debit_account, credit_account, amount)
     select journal_entry_id, 'receivable', a, case a when 'revenue' then sum(net) else sum(tax) end
     from charge, unnest(array['revenue', 'output_tax']) a group by journal_entry_id, a`,
    `insert into dealer_account (dealer_id, currency, balance) select dealer_id, 'CNY', sum(gross) from charge group by dealer_id`,
  ];
}

/** The floor: the sums, the headers with their hashes, the lines; no locks, no checks, no events, no audit. */
const FLOOR = [
  `create temporary table header as
   select nextval(pg_get_serial_sequence('statement_of_account', 'id')) as id, d.id as dealer_id, d.code, d.name_zh, d.name_en, last.closing as opening, m.movements, m.lines
   from dealer d join (select dealer_id, sum(gross) as movements, count(*)::int as lines from charge c join fiscal_period f on f.id = c.period_id
     where f.name = '${PERIOD}' group by dealer_id) m on m.dealer_id = d.id join statement_of_account last on last.dealer_id = d.id`,
  `insert into statement_of_account (id, number, dealer_id, period_id, currency, dealer_name_zh, dealer_name_en, firm_name_zh, firm_name_en,
     opening, movements, closing, line_count, hash_version, content_hash, frozen_at)
   overriding system value
   select h.id, 'S${PERIOD}-' || h.code, h.dealer_id, f.id, 'CNY', h.name_zh, h.name_en, firm.name_zh, firm.name_en,
     h.opening, h.movements, h.opening + h.movements, h.lines, 'partledger-statement-1',
     statement_1_hash(h.code, f.name, f.last_on, h.opening, h.opening + h.movements, b.lines), now()
   from header h cross join firm join fiscal_period f on f.name = '${PERIOD}' join (
     select h.id, string_agg(statement_1_line(h.code, '${PERIOD}', h.opening, c.document, c.line, c.business_on, c.text_zh, c.text_en, c.quantity,
       c.net, c.tax, c.gross, h.opening + h.movements), '' order by c.business_on, c.document collate "C", c.line, c.id) as lines
     from charge c join header h on h.dealer_id = c.dealer_id join fiscal_period f on f.id = c.period_id where f.name = '${PERIOD}' group by h.id
   ) b on b.id = h.id`,
  `insert into statement_line (statement_id, position, charge_id, document, line, business_on, part_number, text_zh, text_en, unit, quantity, net, tax, gross)
   select h.id, row_number() over (partition by c.dealer_id order by c.business_on, c.document collate "C", c.line, c.id), c.id, c.document, c.line,
     c.business_on, p.part_number, c.text_zh, c.text_en, c.unit, c.quantity, c.net, c.tax, c.gross
   from charge c join header h on h.dealer_id = c.dealer_id join fiscal_period f on f.id = c.period_id join part p on p.id = c.part_id
   where f.name = '${PERIOD}'`,
];

async function runFloor(client: pg.Client): Promise<void> {
  await client.query('begin');
  for (const statement of FLOOR) await client.query(statement);
  await client.query('commit');
}

/** What both sides must have written alike. */
const OUTCOME = `select count(*)::int as statements, sum(closing) as closing, md5(string_agg(content_hash, '' order by number)) as hashes,
  (select count(*)::int from statement_line) as lines from statement_of_account where number like 'S${PERIOD}-%'`;

/** Seconds for 5,000 dealers × 200 lines, unless told fewer. */
export async function monthClose({ dealers = 5_000, lines = 200, runs = RUNS } = {}): Promise<BenchRow> {
  const databases = await openClonedDatabases(fill(dealers, lines));
  const times = { ours: [] as number[], floor: [] as number[] };
  const outcomes = new Set<string>();
  try {
    for (let run = 0; run < runs; run += 1) {
      await databases.onClone(async (database, client) => {
        const context = systemContext('bench', new Date(), '2026-03-10');
        times.ours.push(await secondsOf(() => closePeriod(database, context, PERIOD)));
        outcomes.add(JSON.stringify((await client.query(OUTCOME)).rows));
      });
      await databases.onClone(async (_, client) => {
        times.floor.push(await secondsOf(() => runFloor(client)));
        outcomes.add(JSON.stringify((await client.query(OUTCOME)).rows));
      });
      process.stderr.write(`  month-close ${times.ours.at(-1)?.toFixed(2)} / ${times.floor.at(-1)?.toFixed(2)} s\n`);
    }
  } finally {
    await databases.stop();
  }
  if (outcomes.size !== 1) throw new Error(`the two sides differ: ${[...outcomes].join(' | ')}`);
  const [ours, floor] = [median(times.ours), median(times.floor)];
  return {
    row: 'month-close',
    ours,
    floor,
    ratio: ours / floor,
    target: TARGET,
    unit: 's',
    runs,
    floorSource: FLOOR.join(';\n'),
  };
}
