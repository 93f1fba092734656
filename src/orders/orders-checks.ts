/** Proofs that orders agree with the dealer's account, with stock and with the charges they became (R12.3). */
import type { Disagreement, VerifyCheck } from '../firm/index.ts';
import { query } from '../platform/database.ts';

/** A statement whose rows are the disagreements; `$1` is how many are wanted. */
function check(name: string, sql: string): VerifyCheck {
  return { name, run: async (em, limit) => await query<Disagreement>(em, `${sql} limit $1`, [limit]) };
}

/** Net, tax and gross of `header` against the sums of `lines`. */
function sumsOf(header: 'quote' | 'dealer_order' | 'shipment', lines: string, key: string): string {
  return `select h.number as subject, concat_ws(' ', sum(l.net), sum(l.tax), sum(l.gross)) as expected, concat_ws(' ', h.net, h.tax, h.gross) as found
    from ${header} h left join ${lines} l on l.${key} = h.id group by h.id
    having (sum(l.net), sum(l.tax), sum(l.gross)) is distinct from (h.net, h.tax, h.gross)`;
}

/** What has left of a line's fixed figure, rounded half away from zero on whole cents: exact, unlike a rounded quotient. */
const LEFT = `div(200 * fixed * done + quantity, 2 * quantity) / 100`;

export const ordersChecks: VerifyCheck[] = [
  check(
    'open-orders-match-accounts',
    `with held as (
       select o.dealer_id, o.currency, sum(l.gross - l.released_gross) as amount
       from dealer_order o join dealer_order_line l on l.order_id = o.id group by o.dealer_id, o.currency
     )
     select d.code || ' ' || a.currency as subject, coalesce(h.amount, 0)::text as expected, a.open_orders::text as found
     from dealer_account a join dealer d on d.id = a.dealer_id left join held h on h.dealer_id = a.dealer_id and h.currency = a.currency
     where a.open_orders <> coalesce(h.amount, 0) order by subject`,
  ),
  check(
    'order-lines-release-their-share',
    `with line as (
       select o.number, l.line, l.quantity, l.shipped_quantity + l.cancelled_quantity as done, l.tax_rate, l.released_gross,
              o.tax_inclusive or l.kind = 'freight' as inclusive,
              case when o.tax_inclusive or l.kind = 'freight' then l.gross else l.net end as fixed
       from dealer_order o join dealer_order_line l on l.order_id = o.id
     ), share as (
       select *, ${LEFT} as gone from line
     ), due as (
       select *, round(case when inclusive then gone else gone + round(gone * tax_rate, 2) end, 2) as expected from share
     )
     select number || '/' || line as subject, expected::text, released_gross::text as found from due where released_gross <> expected order by 1`,
  ),
  check(
    'order-lines-match-stock-and-shipments',
    `with shipped as (select order_id, line, sum(quantity) as quantity from shipment_line group by order_id, line),
     held as (select document, line, sum(quantity) as quantity from reservation group by document, line)
     select o.number || '/' || l.line as subject,
            'reserved ' || coalesce(h.quantity, 0) || ' shipped ' || coalesce(s.quantity, 0) as expected,
            'reserved ' || l.reserved_quantity || ' shipped ' || l.shipped_quantity as found
     from dealer_order o join dealer_order_line l on l.order_id = o.id
     left join shipped s on s.order_id = l.order_id and s.line = l.line left join held h on h.document = o.number and h.line = l.line
     where (coalesce(h.quantity, 0), coalesce(s.quantity, 0)) <> (l.reserved_quantity, l.shipped_quantity) order by 1`,
  ),
  check(
    'order-states-match-lines',
    `with done as (
       select o.number, o.state, bool_and(l.shipped_quantity + l.cancelled_quantity = l.quantity) as complete, bool_or(l.shipped_quantity > 0) as shipped
       from dealer_order o join dealer_order_line l on l.order_id = o.id group by o.id
     ), due as (
       select number, state, case when complete and shipped then 'shipped' when complete then 'cancelled' when shipped then 'partially_shipped' else 'placed' end as expected
       from done
     )
     select number as subject, expected, state as found from due where state <> expected order by 1`,
  ),
  check(
    'shipments-match-stock-ledger',
    `with moved as (
       select document, line, sum(quantity) as quantity from stock_entry where document_kind = 'shipment' group by document, line
     ), shipped as (
       select s.number as document, l.line, l.quantity
       from shipment s join shipment_line l on l.shipment_id = s.id
       join dealer_order_line o on o.order_id = l.order_id and o.line = l.line where o.kind = 'goods'
     )
     select coalesce(s.document, m.document) || '/' || coalesce(s.line, m.line) as subject, coalesce(s.quantity, 0)::text as expected, coalesce(m.quantity, 0)::text as found
     from shipped s full join moved m on m.document = s.document and m.line = s.line
     where coalesce(s.quantity, 0) <> coalesce(m.quantity, 0) order by 1`,
  ),
  check(
    'shipments-match-charges',
    `with charged as (
       select j.document, j.dealer_id, c.line, c.business_on, c.part_id, c.quantity, c.tax_rate, c.net, c.tax, c.gross
       from journal_entry j join charge c on c.journal_entry_id = j.id where j.document_kind = 'shipment'
     ), shipped as (
       select s.number as document, s.dealer_id, l.line, s.shipped_on, o.part_id, l.quantity, l.tax_rate, l.net, l.tax, l.gross
       from shipment s join shipment_line l on l.shipment_id = s.id join dealer_order_line o on o.order_id = l.order_id and o.line = l.line
     )
     select coalesce(s.document, c.document) || '/' || coalesce(s.line, c.line) as subject,
            concat_ws(' ', s.shipped_on, s.quantity, s.tax_rate, s.net, s.tax, s.gross) as expected,
            concat_ws(' ', c.business_on, c.quantity, c.tax_rate, c.net, c.tax, c.gross) as found
     from shipped s full join charged c on c.document = s.document and c.dealer_id = s.dealer_id and c.line = s.line
     where (s.shipped_on, s.part_id, s.quantity, s.tax_rate, s.net, s.tax, s.gross)
       is distinct from (c.business_on, c.part_id, c.quantity, c.tax_rate, c.net, c.tax, c.gross) order by 1`,
  ),
  check(
    'documents-are-sums-of-lines',
    `select * from (${sumsOf('quote', 'quote_line', 'quote_id')} union all ${sumsOf('dealer_order', 'dealer_order_line', 'order_id')}
       union all ${sumsOf('shipment', 'shipment_line', 'shipment_id')}) sums order by subject`,
  ),
  check(
    'quotes-match-orders',
    `select q.number as subject, case when o.id is null then 'open or withdrawn' else 'ordered ' || q.gross end as expected,
            q.state || coalesce(' ' || o.gross, '') as found
     from quote q left join dealer_order o on o.quote_id = q.id
     where (q.state = 'ordered') <> (o.id is not null) or (q.net, q.tax, q.gross, q.dealer_id) <> (o.net, o.tax, o.gross, o.dealer_id) order by 1`,
  ),
];
