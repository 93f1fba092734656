/** Proofs over prices (R12.3): overlapping windows cannot exist (`price_one_a_day`); these look at what constraints cannot say. */
import type { Disagreement, VerifyCheck } from '../firm/index.ts';
import { query } from '../platform/database.ts';

function check(name: string, sql: string): VerifyCheck {
  return { name, run: (em, limit) => query<Disagreement>(em, `${sql} limit $1`, [limit]) };
}

const SUBJECT = `l.code || ' ' || part.part_number || ' ' || r.number`;

/** Every line of a published release stands as a price of its list, and no other price does. */
const pricesMatchReleases = check(
  'prices-match-releases',
  `select ${SUBJECT} as subject,
          coalesce(n.unit_price::text, '') || ' ' || r.state as expected, coalesce(v.unit_price::text, 'no price') as found
   from price_release r
   join price_list l on l.id = r.price_list_id
   join price_release_line n on n.release_id = r.id
   join part on part.id = n.part_id
   left join price v on v.release_id = n.release_id and v.part_id = n.part_id
   where (r.state = 'published') <> (v.id is not null) or v.unit_price <> n.unit_price or v.price_list_id <> r.price_list_id`,
);

/** A window begins with its release and ends where the next one of its part begins, or where the part became core. */
const windowsMatchReleases = check(
  'price-windows-match-releases',
  `select ${SUBJECT} as subject, w.expected::text as expected, w.valid::text as found
   from (
     select v.*, case when r.effective_on >= v.core_on then 'empty'::daterange
                      else daterange(r.effective_on, least(v.core_on, lead(r.effective_on) over (
                        partition by v.price_list_id, v.part_id, r.effective_on >= v.core_on is true order by r.effective_on))) end as expected
     from price v join price_release r on r.id = v.release_id
   ) w
   join price_release r on r.id = w.release_id join price_list l on l.id = w.price_list_id join part on part.id = w.part_id
   where w.valid <> w.expected`,
);

/** Nothing that is core-IP has a price after the day it became so, today or announced (R2.3); that day is not after its last change. */
const coreHasNoPrice = check(
  'core-parts-have-no-price',
  `select ${SUBJECT} as subject, 'no price in force' as expected, v.valid::text as found
   from price v join part on part.id = v.part_id
   join price_release r on r.id = v.release_id join price_list l on l.id = v.price_list_id cross join firm
   where part.part_class = 'core' and not isempty(v.valid)
     and (upper_inf(v.valid) or upper(v.valid) > (part.updated_at at time zone firm.time_zone)::date)`,
);

export const pricingChecks: readonly VerifyCheck[] = [pricesMatchReleases, windowsMatchReleases, coreHasNoPrice];
