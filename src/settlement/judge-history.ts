/** Which staged lines stand, which are there already, and why the others cannot: decided under the locks that keep it true. */
import { ensurePeriods } from '../firm/index.ts';
import { query, type Tx } from '../platform/database.ts';

export type HistoryRules = {
  readonly createMissing: boolean;
  readonly dropIdentical: boolean;
  readonly currency: string;
};

/** Finds the period of each date of the file, where there is one. */
const FIND_PERIODS = `update history_day h set period_id = f.id, state = f.state from fiscal_period f
  where h.business_on between f.first_on and f.last_on`;

/** The last day covered by a frozen statement of each dealer of the file. */
const FROZEN = `select s.dealer_id, max(f.last_on) as last_on from statement_of_account s join fiscal_period f on f.id = s.period_id
  where s.dealer_id in (select id from dealer where code in (select dealer_code from history_line)) group by s.dealer_id`;

/**
 * Holds the periods of the file until commit: none of them closes meanwhile, and none after them while one of them is
 * open, so no statement is frozen over what is judged here. Returns the names of those it made.
 */
async function holdPeriods(tx: Tx): Promise<string[]> {
  await tx.execute(FIND_PERIODS);
  const rows = await query<{ business_on: string }>(tx, 'select business_on from history_day where period_id is null');
  const made = await ensurePeriods(
    tx,
    rows.map(({ business_on }) => business_on),
  );
  await tx.execute(FIND_PERIODS);
  await tx.execute(
    `select from fiscal_period where id in (select period_id from history_day) order by first_on for share`,
  );
  // as they are now that they are held
  await tx.execute(FIND_PERIODS);
  return made;
}

const JUDGE = `
create temporary table history_judged on commit drop as
with frozen as (${FROZEN})
select h.*, d.id as dealer_id, p.id as part_id, day.state <> 'open' or h.business_on <= frozen.last_on as closed,
  case when d.id is null and not $1 then 'DEALER_UNKNOWN'
       when p.id is null and not $1 then 'PART_UNKNOWN'
       when h.quantity <> trunc(h.quantity) and not coalesce(u.fractional, false) then 'QUANTITY_NOT_WHOLE'
       when d.currency <> $2 then 'DEALER_CURRENCY' end as refusal
from history_line h join history_day day on day.business_on = h.business_on
  left join dealer d on d.code = h.dealer_code left join frozen on frozen.dealer_id = d.id
  left join part p on p.part_number = h.part_number left join unit u on u.code = p.unit`;

/** Documents of the file that stand already, and whether they stand with these very lines. */
const STANDING = `
create temporary table history_standing on commit drop as
with document as (
  select distinct j.dealer_id, j.document from history_judged j
  where exists (select from journal_entry e where e.document_kind = 'history' and e.dealer_id = j.dealer_id and e.document = j.document)
), offered as (
  select j.* from history_judged j join document using (dealer_id, document)
  where j.refusal is null and not ($1 and j.same_as is not null)
), there as (
  select c.* from document d join journal_entry e on e.document_kind = 'history' and e.dealer_id = d.dealer_id and e.document = d.document
    join charge c on c.journal_entry_id = e.id
), compared as (
  select dealer_id, document, bool_or(o.ordinal is null or c.line is null or o.business_on <> c.business_on or o.part_id <> c.part_id
    or o.text_zh is distinct from c.text_zh or o.text_en is distinct from c.text_en
    or o.quantity <> c.quantity or o.unit_price <> c.unit_price) as differs
  from (select dealer_id, document, ordinal as line, ordinal, business_on, part_id, text_zh, text_en, quantity, unit_price from offered) o
    full join there c using (dealer_id, document, line) group by dealer_id, document
)
select dealer_id, document, coalesce(differs, true) as differs from document left join compared using (dealer_id, document)`;

/** Every line with its last word: `reason` is null where it is accepted, `stands` where it is there already. `$1`: drop identical lines. */
export const JUDGED = `
select j.*, s.dealer_id is not null as stands,
  coalesce(j.refusal, case
    when s.dealer_id is not null and not s.differs then case when $1 and j.same_as is not null then 'IDENTICAL_LINE_DROPPED' end
    when j.closed then 'PERIOD_CLOSED'
    when $1 and j.same_as is not null then 'IDENTICAL_LINE_DROPPED'
    when s.differs then 'DOCUMENT_DIFFERS' end) as reason
from history_judged j left join history_standing s on s.dealer_id = j.dealer_id and s.document = j.document`;

/**
 * Judges what is staged; leaves `history_judged` and `history_standing` for the statements that follow. Returns the
 * names of the periods that came into being for it.
 */
export async function judgeHistory(tx: Tx, rules: HistoryRules): Promise<string[]> {
  await tx.execute('drop table if exists pg_temp.history_judged, pg_temp.history_standing');
  // after a check that was rolled back the planner may take dealers, parts and ledger for empty: minutes instead of seconds
  await tx.execute('set local enable_nestloop = off');
  const periodsMade = await holdPeriods(tx);
  await query(tx, JUDGE, [rules.createMissing, rules.currency]);
  await tx.execute('analyze history_judged');
  await query(tx, STANDING, [rules.dropIdentical]);
  await tx.execute('analyze history_standing');
  return periodsMade;
}
