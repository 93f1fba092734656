/**
 * Proofs of the ledger (R12.3), each one statement so that it sees one moment: postings = balances, charges = postings,
 * statements chain, statement lines = charges, hashes are those of the rows, nothing closed is left off a statement.
 */
import type { Disagreement, VerifyCheck } from '../firm/index.ts';
import { query } from '../platform/database.ts';
import { STATEMENT_HASH_VERSION } from './statement-csv.ts';

/** A check whose statement returns subject, expected and found; `$1` is how many at most. */
function check(name: string, statement: string): VerifyCheck {
  return { name, run: (em, limit) => query<Disagreement>(em, statement, [limit]) };
}

const OWED = `case when p.debit_account = 'receivable' then p.amount when p.credit_account = 'receivable' then -p.amount else 0 end`;

const balancesMatchPostings = check(
  'balances-match-postings',
  `with owed as (
     select e.dealer_id, e.currency, sum(${OWED}) as amount
     from posting p join journal_entry e on e.id = p.journal_entry_id group by e.dealer_id, e.currency)
   select d.code || ' ' || coalesce(a.currency, owed.currency) as subject, coalesce(owed.amount, 0.00)::text as expected, coalesce(a.balance, 0.00)::text as found
   from dealer_account a full join owed using (dealer_id, currency) join dealer d on d.id = dealer_id
   where coalesce(owed.amount, 0) <> coalesce(a.balance, 0) order by d.code limit $1`,
);

const chargesMatchPostings = check(
  'charges-match-postings',
  `with charged as (
     select journal_entry_id as id, sum(net) as net, sum(tax) as tax from charge group by journal_entry_id),
   posted as (
     select p.journal_entry_id as id,
       sum(case 'revenue' when p.credit_account then p.amount when p.debit_account then -p.amount else 0 end) as net,
       sum(case 'output_tax' when p.credit_account then p.amount when p.debit_account then -p.amount else 0 end) as tax,
       sum(${OWED}) as gross
     from posting p group by p.journal_entry_id)
   select e.document_kind || ' ' || e.document as subject,
     coalesce(c.net, 0.00) || ' + ' || coalesce(c.tax, 0.00) as expected,
     coalesce(p.net, 0.00) || ' + ' || coalesce(p.tax, 0.00) || ' = ' || coalesce(p.gross, 0.00) as found
   from journal_entry e left join charged c using (id) left join posted p using (id)
   where coalesce(c.net, 0) <> coalesce(p.net, 0) or coalesce(c.tax, 0) <> coalesce(p.tax, 0)
     or coalesce(p.gross, 0) <> coalesce(p.net, 0) + coalesce(p.tax, 0)
   order by e.id limit $1`,
);

const statementsChain = check(
  'statements-chain',
  `with lines as (
     select statement_id as id, sum(gross) as movements, count(*) as line_count from statement_line group by statement_id),
   chained as (
     select s.*, coalesce(lag(s.closing) over (partition by s.dealer_id, s.currency order by f.first_on), 0.00) as carried,
       coalesce(l.movements, 0.00) as moved, coalesce(l.line_count, 0) as counted
     from statement_of_account s join fiscal_period f on f.id = s.period_id left join lines l on l.id = s.id)
   select number as subject, carried || ' + ' || moved || ' in ' || counted || ' lines' as expected,
     opening || ' + ' || movements || ' = ' || closing || ' in ' || line_count || ' lines' as found
   from chained
   where opening <> carried or movements <> moved or closing <> carried + moved or line_count <> counted
   order by number limit $1`,
);

const closingsMatchPostings = check(
  'closings-match-postings',
  `with moved as (
     select e.dealer_id, e.currency, e.period_id, sum(${OWED}) as amount
     from posting p join journal_entry e on e.id = p.journal_entry_id group by e.dealer_id, e.currency, e.period_id),
   step as (
     select dealer_id, currency, period_id, amount, null::text as number, null::numeric as closing from moved
     union all select dealer_id, currency, period_id, 0.00, number, closing from statement_of_account),
   reached as (
     select number, closing, sum(amount) over (partition by dealer_id, currency order by f.first_on) as owed
     from step join fiscal_period f on f.id = step.period_id)
   select number as subject, owed::text as expected, closing::text as found
   from reached where owed <> closing order by number limit $1`,
);

const statementLinesMatchCharges = check(
  'statement-lines-match-charges',
  `select s.number || ' line ' || l.position as subject,
     concat_ws(' ', c.document, c.line, c.business_on, c.text_zh, c.text_en, c.quantity, c.net, c.tax, c.gross) as expected,
     concat_ws(' ', l.document, l.line, l.business_on, l.text_zh, l.text_en, l.quantity, l.net, l.tax, l.gross) as found
   from statement_line l join statement_of_account s on s.id = l.statement_id left join charge c on c.id = l.charge_id
   where c.id is null or (c.dealer_id, c.period_id) <> (s.dealer_id, s.period_id)
     or (l.document, l.line, l.business_on, l.text_zh, l.text_en, l.unit, l.quantity, l.net, l.tax, l.gross)
       is distinct from (c.document, c.line, c.business_on, c.text_zh, c.text_en, c.unit, c.quantity, c.net, c.tax, c.gross)
   order by s.number, l.position limit $1`,
);

const hashesMatchRows = check(
  'statement-hashes-match-rows',
  // lateral: one short index scan a statement, whatever the planner knows of the tables
  `with recomputed as (
     select s.number, s.content_hash, statement_1_hash(d.code, f.name, f.last_on, s.opening, s.closing, b.lines) as hash
     from statement_of_account s join dealer d on d.id = s.dealer_id join fiscal_period f on f.id = s.period_id
     cross join lateral (
       select string_agg(statement_1_line(d.code, f.name, s.opening, l.document, l.line, l.business_on,
         l.text_zh, l.text_en, l.quantity, l.net, l.tax, l.gross, s.closing), '' order by l.position) as lines
       from statement_line l where l.statement_id = s.id) b
     where s.hash_version = '${STATEMENT_HASH_VERSION}')
   select number as subject, hash as expected, content_hash as found from recomputed where hash <> content_hash
   order by number limit $1`,
);

const closedChargesAreOnStatements = check(
  'closed-charges-are-on-statements',
  `select c.document || ' line ' || c.line as subject, 'on the statement of ' || f.name as expected, 'on none' as found
   from charge c join fiscal_period f on f.id = c.period_id
   where f.state <> 'open' and not exists (select from statement_line l where l.charge_id = c.id)
   order by c.id limit $1`,
);

const chargesMatchEntries = check(
  'charges-match-entries',
  `select c.document || ' line ' || c.line as subject, concat_ws(' ', e.document, e.dealer_id, e.period_id) as expected,
     concat_ws(' ', c.document, c.dealer_id, c.period_id) as found
   from charge c join journal_entry e on e.id = c.journal_entry_id
   where (c.document, c.dealer_id, c.period_id) <> (e.document, e.dealer_id, e.period_id)
   order by c.id limit $1`,
);

export const settlementChecks: readonly VerifyCheck[] = [
  balancesMatchPostings,
  chargesMatchPostings,
  chargesMatchEntries,
  closedChargesAreOnStatements,
  statementLinesMatchCharges,
  statementsChain,
  closingsMatchPostings,
  hashesMatchRows,
];
