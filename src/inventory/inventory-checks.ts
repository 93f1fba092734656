/** Proofs that stock agrees with its ledger (R5.1, R12.3). Each names places, parts and lots, and at most `limit` of them. */
import type { Disagreement, VerifyCheck } from '../firm/index.ts';
import { query } from '../platform/database.ts';

/** Quantity a ledger row adds to a place: plus at its destination, minus at its origin; edges have no level. */
const MOVES = `select to_location_id as location_id, part_id, lot_id, quantity from stock_entry
  union all select from_location_id, part_id, lot_id, -quantity from stock_entry`;

/** A statement whose rows are the disagreements; `$1` is how many are wanted. */
function check(name: string, sql: string): VerifyCheck {
  return { name, run: async (em, limit) => await query<Disagreement>(em, `${sql} limit $1`, [limit]) };
}

export const inventoryChecks: VerifyCheck[] = [
  check(
    'stock-levels-match-ledger',
    `with moved as (
       select m.location_id, m.part_id, sum(m.quantity) as quantity
       from (${MOVES}) m join location l on l.id = m.location_id where l.counted group by m.location_id, m.part_id
     )
     select l.code || ' ' || p.part_number as subject, coalesce(m.quantity, 0)::text as expected, coalesce(s.on_hand, 0)::text as found
     from moved m full join stock_level s on s.location_id = m.location_id and s.part_id = m.part_id
     join location l on l.id = coalesce(m.location_id, s.location_id) join part p on p.id = coalesce(m.part_id, s.part_id)
     where coalesce(m.quantity, 0) <> coalesce(s.on_hand, 0) order by subject`,
  ),
  check(
    'lots-match-ledger',
    `with moved as (
       select m.location_id, m.lot_id, sum(m.quantity) as quantity
       from (${MOVES}) m join location l on l.id = m.location_id where l.counted group by m.location_id, m.lot_id
     )
     select l.code || ' ' || p.part_number || ' ' || o.origin_document || '/' || o.origin_line as subject,
            coalesce(m.quantity, 0)::text as expected, coalesce(h.on_hand, 0)::text as found
     from moved m full join lot_level h on h.location_id = m.location_id and h.lot_id = m.lot_id
     join location l on l.id = coalesce(m.location_id, h.location_id)
     join stock_lot o on o.id = coalesce(m.lot_id, h.lot_id) join part p on p.id = o.part_id
     where coalesce(m.quantity, 0) <> coalesce(h.on_hand, 0) order by subject`,
  ),
  check(
    'stock-levels-match-lots',
    `with lots as (select location_id, part_id, sum(on_hand) as quantity from lot_level group by location_id, part_id)
     select l.code || ' ' || p.part_number as subject, coalesce(h.quantity, 0)::text as expected, coalesce(s.on_hand, 0)::text as found
     from lots h full join stock_level s on s.location_id = h.location_id and s.part_id = h.part_id
     join location l on l.id = coalesce(h.location_id, s.location_id) join part p on p.id = coalesce(h.part_id, s.part_id)
     where coalesce(h.quantity, 0) <> coalesce(s.on_hand, 0) order by subject`,
  ),
  check(
    'lot-value-conserved',
    `with moved as (
       select e.lot_id,
              sum(e.quantity * e.unit_cost) filter (where not o.counted) as came,
              sum(e.quantity * e.unit_cost) filter (where not d.counted) as went
       from stock_entry e join location o on o.id = e.from_location_id join location d on d.id = e.to_location_id group by e.lot_id
     ), here as (
       select h.lot_id, sum(h.on_hand * s.unit_cost) as value from lot_level h join stock_lot s on s.id = h.lot_id group by h.lot_id
     )
     select p.part_number || ' ' || o.origin_document || '/' || o.origin_line as subject,
            coalesce(m.came, 0)::text as expected, (coalesce(m.went, 0) + coalesce(h.value, 0))::text as found
     from stock_lot o join part p on p.id = o.part_id left join moved m on m.lot_id = o.id left join here h on h.lot_id = o.id
     where coalesce(m.came, 0) <> coalesce(m.went, 0) + coalesce(h.value, 0) order by subject`,
  ),
  check(
    'reservations-match-levels',
    `with held as (select location_id, part_id, sum(quantity) as quantity from reservation group by location_id, part_id)
     select l.code || ' ' || p.part_number as subject, coalesce(h.quantity, 0)::text as expected, coalesce(s.reserved, 0)::text as found
     from held h full join stock_level s on s.location_id = h.location_id and s.part_id = h.part_id
     join location l on l.id = coalesce(h.location_id, s.location_id) join part p on p.id = coalesce(h.part_id, s.part_id)
     where coalesce(h.quantity, 0) <> coalesce(s.reserved, 0) order by subject`,
  ),
  check(
    'stock-replayed-from-zero-never-negative',
    `with moved as (
       select id, to_location_id as location_id, part_id, quantity from stock_entry
       union all select id, from_location_id, part_id, -quantity from stock_entry
     ), replayed as (
       select m.id, m.location_id, m.part_id, sum(m.quantity) over (partition by m.location_id, m.part_id order by m.id) as after
       from moved m join location l on l.id = m.location_id where l.counted
     )
     select l.code || ' ' || p.part_number || ' ' || e.document || '/' || e.line as subject, '>= 0' as expected, r.after::text as found
     from replayed r join stock_entry e on e.id = r.id join location l on l.id = r.location_id join part p on p.id = r.part_id
     where r.after < 0 order by r.id`,
  ),
  check(
    'stock-entries-carry-their-lot',
    `select e.document || '/' || e.line as subject, sp.part_number || ' ' || s.unit_cost as expected, ep.part_number || ' ' || e.unit_cost as found
     from stock_entry e join stock_lot s on s.id = e.lot_id join part sp on sp.id = s.part_id join part ep on ep.id = e.part_id
     where (s.part_id, s.unit_cost) <> (e.part_id, e.unit_cost) order by e.id`,
  ),
];
