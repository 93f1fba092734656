/** What must hold before a period may close: named, each a pure question to the database (Tryton's way). */
import type { Disagreement, FiscalPeriod } from '../firm/index.ts';
import { query, type Reader } from '../platform/database.ts';

export type ClosingCheck = {
  /** Stable kebab-case name. */
  readonly name: string;
  /** Empty when the period may close; at most `limit` disagreements. */
  run(em: Reader, period: FiscalPeriod, limit: number): Promise<Disagreement[]>;
};

/** Σ charges of each dealer = what they moved on its receivable. */
const chargesMatchReceivable: ClosingCheck = {
  name: 'charges-match-receivable',
  run: (em, period, limit) =>
    query<Disagreement>(
      em,
      `with charged as (select dealer_id, sum(gross) as amount from charge where period_id = $1 group by dealer_id),
       owed as (
         select e.dealer_id, sum(case when p.debit_account = 'receivable' then p.amount else -p.amount end) as amount
         from journal_entry e join posting p on p.journal_entry_id = e.id
         where e.period_id = $1 and 'receivable' in (p.debit_account, p.credit_account) group by e.dealer_id)
       select d.code as subject, coalesce(charged.amount, 0.00)::text as expected, coalesce(owed.amount, 0.00)::text as found
       from charged full join owed using (dealer_id) join dealer d on d.id = dealer_id
       where coalesce(charged.amount, 0) <> coalesce(owed.amount, 0) order by d.code limit $2`,
      [period.id, limit],
    ),
};

/** No dealer has movements before a statement that is frozen already. */
const nothingBeforeFrozen: ClosingCheck = {
  name: 'nothing-before-frozen-statements',
  run: (em, period, limit) =>
    query<Disagreement>(
      em,
      `select s.number as subject, 'no later movement before it' as expected, 'charges in ' || $3::text as found
       from statement_of_account s join fiscal_period f on f.id = s.period_id and f.first_on >= $2
       where s.dealer_id in (select dealer_id from charge where period_id = $1) order by s.number limit $4`,
      [period.id, period.firstOn, period.name, limit],
    ),
};

export const CLOSING_CHECKS: readonly ClosingCheck[] = [chargesMatchReceivable, nothingBeforeFrozen];
