/** What the catalog and the lists say about the parts of one query on one day: one named statement for all of them. */
import { query, type Reader } from '../platform/database.ts';
import type { PriceListKind } from './price-list.ts';

export type PriceQuestion = {
  readonly dealerId: string;
  readonly kind: PriceListKind;
  /** Any business date, past or to come. */
  readonly on: string;
};

/** One asked part; `part_id` is null for an unknown number, `unit_price` for a part without a price on that day. */
export type FoundPart = {
  /** Place in the question, from 1. */
  readonly ord: number;
  readonly part_id: string | null;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly unit: string;
  readonly pack_quantity: string;
  readonly weight_kg: string | null;
  readonly tax_class: string;
  readonly barred: 'core' | 'not_supplied' | null;
  readonly successor_id: string | null;
  readonly tax_rate: string | null;
  readonly unit_price: string | null;
  readonly from_on: string;
  readonly until_on: string | null;
  readonly release: string;
};

export type FoundPrices = {
  readonly list: string;
  readonly currency: string;
  readonly taxInclusive: boolean;
  /** The dealer's freight zone. */
  readonly zone: string | null;
  /** In the order asked. */
  readonly parts: readonly FoundPart[];
};

/**
 * The explicit amount is the one price source there is; formulas and level factors become further joins here (R3.1).
 * Class and serviceable flag count as they are now: a core part has no price on any day. What rarely matters (units that
 * divide, chains of successors) is asked for only when it does, and the list stands on the first row alone: each column
 * and each join is paid for by every line of every query.
 */
const FIND_PRICES = `
with list as materialized (
  select l.id, json_build_array(l.code, l.currency, l.tax_inclusive, d.zone)::text as header
  from dealer d join price_list l on l.kind = $2 and l.currency = d.currency
  where d.id = $1
)
select asked.ord::int, p.id as part_id, p.name_zh, p.name_en, p.unit, p.pack_quantity, p.weight_kg, p.tax_class,
       case when p.part_class = 'core' then 'core'
            when not p.serviceable or $4::date < p.active_from or $4::date > p.active_to then 'not_supplied' end as barred,
       s.successor_id, t.rate as tax_rate,
       v.unit_price, lower(v.valid) as from_on, upper(v.valid) - 1 as until_on, r.number as release,
       case when asked.ord = 1 then (select header from list) end as header
from unnest($3::text[]) with ordinality as asked (part_number, ord)
left join part p on p.part_number = asked.part_number
left join supersession s on s.part_id = p.id
left join tax_rate t on t.tax_class = p.tax_class and t.valid @> $4::date
left join price v on v.part_id = p.id and v.price_list_id = (select id from list) and v.valid @> $4::date
left join price_release r on r.id = v.release_id`;

/** The parts on the list of the dealer's currency, in the order asked; null where there is no such list. */
export async function findPrices(
  em: Reader,
  { dealerId, kind, on }: PriceQuestion,
  partNumbers: readonly string[],
): Promise<FoundPrices | null> {
  const rows = await query<FoundPart & { header: string | null }>(em, FIND_PRICES, [dealerId, kind, partNumbers, on]);
  const parts = new Array<FoundPart>(partNumbers.length);
  let header: string | null = null;
  for (const row of rows) {
    parts[row.ord - 1] = row;
    header ??= row.header;
  }
  if (header === null) return null;
  const [list, currency, taxInclusive, zone] = JSON.parse(header) as [string, string, boolean, string | null];
  return { list, currency, taxInclusive, zone, parts };
}

/** Codes of the units that divide, such as metre and litre. */
export async function findFractionalUnits(em: Reader): Promise<ReadonlySet<string>> {
  const rows = await query<{ code: string }>(em, 'select code from unit where fractional');
  return new Set(rows.map(row => row.code));
}

/** The number to ask for today instead of a superseded one, and whether it would be sold. */
export type Successor = { readonly partNumber: string; readonly sold: boolean };

/**
 * Follows each chain to its last number in the catalog (a successor that is not there yet dangles and is no end). A
 * supersession counts from the business day on which it was recorded, so that earlier days answer as they were sold.
 */
export async function findSuccessors(
  em: Reader,
  { dealerId, kind, on }: PriceQuestion,
  partIds: readonly string[],
): Promise<Map<string, Successor>> {
  const rows = await query<{ asked_id: string; part_number: string; sold: boolean }>(
    em,
    `with recursive list as materialized (
       select l.id from dealer d join price_list l on l.kind = $2 and l.currency = d.currency where d.id = $1
     ), chain (asked_id, at_id, step) as (
       select id, id, 0 from unnest($3::bigint[]) as id
       union all
       select c.asked_id, s.successor_id, c.step + 1 from chain c join supersession s on s.part_id = c.at_id
       where s.successor_id is not null and c.step < 100
         and s.created_at < (($4::date + 1)::timestamp at time zone (select time_zone from firm))
     )
     select distinct on (c.asked_id) c.asked_id, p.part_number,
       p.part_class <> 'core' and p.serviceable
         and $4::date between coalesce(p.active_from, $4::date) and coalesce(p.active_to, $4::date)
         and v.id is not null as sold
     from chain c join part p on p.id = c.at_id
     left join price v on v.part_id = p.id and v.price_list_id = (select id from list) and v.valid @> $4::date
     where c.step > 0 order by c.asked_id, c.step desc`,
    [dealerId, kind, partIds, on],
  );
  return new Map(rows.map(row => [row.asked_id, { partNumber: row.part_number, sold: row.sold }]));
}
