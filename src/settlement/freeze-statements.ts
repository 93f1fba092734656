/**
 * Freezes the statements of a period: opening (closing of the dealer's last statement) + movements (its charges) =
 * closing, with number, lines and content hash, for all dealers in two statements (R9.3).
 */
import type { FiscalPeriod } from '../firm/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { STATEMENT_HASH_VERSION } from './statement-csv.ts';

export type FrozenHeader = {
  readonly number: string;
  readonly dealerCode: string;
  readonly currency: string;
  readonly closing: string;
  readonly lineCount: number;
  readonly contentHash: string;
};

/** Order of the lines on a statement, the same on every server: `collate "C"` is the order of code points. */
export const LINE_ORDER = 'c.business_on, c.document collate "C", c.line, c.id';

// a dealer whose later statement is frozen already has no movements here: the guard on postings sees to it
const STATEMENTS_TO_FREEZE = `
create temporary table statement_to_freeze on commit drop as
select nextval(pg_get_serial_sequence('statement_of_account', 'id')) as statement_id, d.id as dealer_id, d.code, d.name_zh, d.name_en, d.currency,
  coalesce(last.closing, 0.00) as opening, coalesce(m.movements, 0.00) as movements,
  coalesce(last.closing, 0.00) + coalesce(m.movements, 0.00) as closing, coalesce(m.lines, 0) as lines
from dealer d
left join (select dealer_id, sum(gross) as movements, count(*)::int as lines from charge where period_id = $1 group by dealer_id) m
  on m.dealer_id = d.id
left join (select distinct on (s.dealer_id) s.dealer_id, s.closing, f.first_on
           from statement_of_account s join fiscal_period f on f.id = s.period_id order by s.dealer_id, f.first_on desc) last
  on last.dealer_id = d.id
where m.dealer_id is not null or (last.closing <> 0 and last.first_on < $2)
order by d.code collate "C"`;

const FREEZE = `
with line as (
  insert into statement_line (statement_id, position, charge_id, document, line, business_on, part_number, text_zh, text_en, unit,
    quantity, net, tax, gross)
  select f.statement_id, row_number() over (partition by c.dealer_id order by ${LINE_ORDER}), c.id, c.document, c.line, c.business_on,
    p.part_number, c.text_zh, c.text_en, c.unit, c.quantity, c.net, c.tax, c.gross
  from charge c join statement_to_freeze f on f.dealer_id = c.dealer_id left join part p on p.id = c.part_id
  where c.period_id = $1
  returning *
), body as (
  select f.statement_id, string_agg(statement_1_line(f.code, $2, f.opening, l.document, l.line, l.business_on, l.text_zh, l.text_en,
    l.quantity, l.net, l.tax, l.gross, f.closing), '' order by l.position) as lines
  from line l join statement_to_freeze f using (statement_id) group by f.statement_id
), header as (
  insert into statement_of_account (id, number, dealer_id, period_id, currency, dealer_name_zh, dealer_name_en, firm_name_zh, firm_name_en,
    opening, movements, closing, line_count, hash_version, content_hash, frozen_at) overriding system value
  select f.statement_id, 'S' || $2 || '-' || f.code, f.dealer_id, $1, f.currency, f.name_zh, f.name_en,
    (select name_zh from firm), (select name_en from firm),
    f.opening, f.movements, f.closing, f.lines, '${STATEMENT_HASH_VERSION}',
    statement_1_hash(f.code, $2, $3, f.opening, f.closing, b.lines), $4
  from statement_to_freeze f left join body b using (statement_id)
  returning id, number, currency, closing, line_count, content_hash
)
select h.number, f.code as "dealerCode", h.currency, h.closing, h.line_count as "lineCount", h.content_hash as "contentHash"
from header h join statement_to_freeze f on f.statement_id = h.id order by f.code collate "C"`;

/** Freezes what the locked period holds; returns the headers. The period's row is held, so no charge can join it meanwhile. */
export async function freezeStatements(tx: Tx, period: FiscalPeriod, now: Date): Promise<FrozenHeader[]> {
  // charges of this morning's import are unknown to the planner, which may take the table for empty
  await tx.execute('set local enable_nestloop = off');
  await query(tx, STATEMENTS_TO_FREEZE, [period.id, period.firstOn]);
  await tx.execute('analyze statement_to_freeze');
  return await query<FrozenHeader>(tx, FREEZE, [period.id, period.name, period.lastOn, now.toISOString()]);
}
