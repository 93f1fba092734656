/** The accepted lines of a history file onto the dealers' ledgers, set by set. */
import type { Context } from '../access/index.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { type HistoryRules, JUDGED } from './judge-history.ts';
import { POSTINGS_OF_TOTALS } from './post-charges.ts';

export type LoadedHistory = {
  readonly dealersCreated: number;
  readonly partsCreated: number;
  readonly documents: number;
};

const CREATE_DEALERS = `
with made as (
  insert into dealer (code, name_en, currency, created_at, updated_at)
  select distinct dealer_code, dealer_code, $2, $3::timestamptz, $3::timestamptz from (${JUDGED}) j
  where reason is null and dealer_id is null order by dealer_code returning id, code, currency
), account as (
  insert into dealer_account (dealer_id, currency) select id, currency from made
)
select code from made order by code`;

// a part of the past is named as its first line names it; the specialist classes it
const CREATE_PARTS = `
with made as (
  insert into part (part_number, name_zh, name_en, part_class, unit, created_at, updated_at)
  select distinct on (part_number) part_number, text_zh, text_en, 'functional', 'piece', $2::timestamptz, $2::timestamptz from (${JUDGED}) j
  where reason is null and part_id is null order by part_number, line returning 1
)
select count(*)::int as parts from made`;

const POST = `
with line as (
  select j.line, j.ordinal, d.id as dealer_id, d.code, d.currency, p.id as part_id, p.unit, day.period_id, j.business_on, j.document,
    j.text_zh, j.text_en, j.quantity, j.unit_price, j.gross
  from (${JUDGED}) j join dealer d on d.code = j.dealer_code join part p on p.part_number = j.part_number
    join history_day day on day.business_on = j.business_on
  where j.reason is null and not j.stands
), document as (
  select dealer_id, code, currency, period_id, document, min(business_on) as business_on, min(line) as first_line,
    count(*)::int as lines, sum(gross) as gross
  from line group by dealer_id, code, currency, period_id, document
), entry as (
  insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
  select dealer_id, currency, period_id, 'history', document, business_on, $2, $3 from document order by first_line
  returning id, dealer_id, period_id, document
), charged as (
  insert into charge (journal_entry_id, dealer_id, period_id, business_on, document, line, part_id, text_zh, text_en, unit, quantity,
    unit_price, tax_rate, net, tax, gross)
  select e.id, l.dealer_id, l.period_id, l.business_on, l.document, l.ordinal, l.part_id, l.text_zh, l.text_en, l.unit, l.quantity,
    l.unit_price, 0, l.gross, 0, l.gross
  from line l join entry e using (dealer_id, period_id, document) order by l.line
), totals as (
  select e.id as entry_id, d.gross as net, 0.00 as tax from document d join entry e using (dealer_id, period_id, document)
), posted as (
  insert into posting (journal_entry_id, debit_account, credit_account, amount) ${POSTINGS_OF_TOTALS} order by entry_id
)
select d.code, d.document, f.name as period, d.business_on as "businessOn", d.currency, d.gross, d.lines
from document d join fiscal_period f on f.id = d.period_id order by d.first_line`;

const LOCK_ACCOUNTS = `select from dealer_account where dealer_id in (select id from dealer where code = any($1::text[]))
  order by dealer_id for no key update`;

const MOVE_BALANCES = `
update dealer_account a set balance = a.balance + m.gross
from (select d.id, sum(u.gross) as gross from unnest($1::text[], $2::numeric[]) u (code, gross) join dealer d on d.code = u.code group by d.id) m
where a.dealer_id = m.id`;

type PostedDocument = {
  code: string;
  document: string;
  period: string;
  businessOn: string;
  currency: string;
  gross: string;
  lines: number;
};

/** Makes what is missing, posts what is new, and tells each dealer of each document. Throws DEALER_CODE_TAKEN or PART_NUMBER_TAKEN when somebody else makes the same one at that moment. */
export async function loadHistory(tx: Tx, context: Context, rules: HistoryRules): Promise<LoadedHistory> {
  const now = context.now.toISOString();
  const { dropIdentical, currency } = rules;
  const dealers = rules.createMissing
    ? await query<{ code: string }>(tx, CREATE_DEALERS, [dropIdentical, currency, now])
    : [];
  const made = rules.createMissing ? await queryOne<{ parts: number }>(tx, CREATE_PARTS, [dropIdentical, now]) : null;
  for (const { code } of dealers) {
    for (const stream of [code, FIRM_STREAM]) publish(tx, { stream, type: 'dealer.created', subject: { code } });
  }
  const documents = await query<PostedDocument>(tx, POST, [dropIdentical, now, context.principal.name]);
  await moveBalances(tx, documents);
  for (const { code, ...subject } of documents) {
    publish(tx, { stream: code, type: 'charges.posted', subject: { documentKind: 'history', ...subject } });
  }
  return { dealersCreated: dealers.length, partsCreated: made?.parts ?? 0, documents: documents.length };
}

/** At the very end, in order of dealer: an order of one of them waits for milliseconds, not for the file. */
async function moveBalances(tx: Tx, documents: readonly PostedDocument[]): Promise<void> {
  const codes = documents.map(({ code }) => code);
  await query(tx, LOCK_ACCOUNTS, [codes]);
  await query(tx, MOVE_BALANCES, [codes, documents.map(({ gross }) => gross)]);
}

/** A period in which no line came to stand goes again: left open it would have to be closed before the next one. */
export async function dropEmptyPeriods(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await query(
    tx,
    `delete from fiscal_period f where name = any($1::text[]) and not exists (select from journal_entry e where e.period_id = f.id)`,
    [names],
  );
}
