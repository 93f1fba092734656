/** What is staged of a parts file, judged and written set by set: parts, then their costs. */
import type { Context } from '../access/index.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';

export type PartDefaults = {
  /** Class and unit of new parts whose row names none. */
  readonly partClass: string;
  readonly unit: string;
};

/**
 * One row is kept of each number: the first that does not merely point to its own number, as lists do that repeat an
 * entry. Codes, in this order: DUPLICATE_IN_FILE, NAME_MISSING, PACK_NOT_WHOLE, PART_CLASS_IN_USE, PART_UNIT_IN_USE.
 */
const JUDGE = `
create temporary table part_judged on commit drop as
with placed as (
  select r.*, first_value(line) over kept as kept_line, f.facts, first_value(f.facts) over kept as kept_facts
  from part_row r, lateral (select (name_zh, name_en, part_class, unit, goods_code, goods_short_name, tax_class, weight_kg, pack_quantity,
    serviceable, cost, successor)::text as facts) f
  window kept as (partition by part_number order by (successor is not distinct from part_number), line)
)
select r.*, p.id as part_id, p.id is null and r.line = r.kept_line as is_new,
  case
    when r.facts <> r.kept_facts then 'DUPLICATE_IN_FILE'
    when p.id is null and coalesce(r.name_zh, r.name_en) is null then 'NAME_MISSING'
    when not u.fractional and coalesce(r.pack_quantity, p.pack_quantity, 1) % 1 <> 0 then 'PACK_NOT_WHOLE'
    when (r.part_class = 'core' and p.part_class <> 'core') is true and part_is_sold(p.id, $2::date) then 'PART_CLASS_IN_USE'
    when (r.unit <> p.unit) is true and part_is_counted(p.id) then 'PART_UNIT_IN_USE'
  end as code
from placed r left join part p on p.part_number = r.part_number join unit u on u.code = coalesce(r.unit, p.unit, $1)`;

const CREATE = `
insert into part (part_number, name_zh, name_en, part_class, unit, goods_code, goods_short_name, tax_class, weight_kg, pack_quantity,
  serviceable, created_at, updated_at)
select part_number, name_zh, name_en, coalesce(part_class, $1), coalesce(unit, $2), goods_code, goods_short_name,
  coalesce(tax_class, 'part'), weight_kg, coalesce(pack_quantity, 1), coalesce(serviceable, true), $3, $3
from part_judged where code is null and is_new order by line`;

const CHANGEABLE =
  'name_zh, name_en, part_class, unit, goods_code, goods_short_name, tax_class, weight_kg, pack_quantity, serviceable'.split(
    ', ',
  );

/** The audit of one part, as the API writes its fields. */
function factsOf(alias: string): string {
  const facts = CHANGEABLE.map(column => {
    const key = column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const text = column === 'weight_kg' || column === 'pack_quantity' ? '::text' : '';
    return `'${key}', ${alias}.${column}${text}`;
  });
  return `jsonb_build_object(${facts.join(', ')}, 'version', ${alias}.version)`;
}

const DIFFERS = `(${CHANGEABLE.map(column => `p.${column}`).join(', ')}) is distinct from (${CHANGEABLE.map(column => `o.${column}`).join(', ')})`;

const CHANGE = `
with o as (
  select p.id, ${CHANGEABLE.map(column => `coalesce(j.${column}, p.${column}) as ${column}`).join(', ')}
  from part_judged j join part p on p.id = j.part_id where j.code is null and j.line = j.kept_line
), old as (
  select p.* from part p join o on o.id = p.id where ${DIFFERS}
), changed as (
  update part p set ${CHANGEABLE.map(column => `${column} = o.${column}`).join(', ')}, version = p.version + 1, updated_at = $1
  from o where o.id = p.id and ${DIFFERS} returning p.*
), audited as (
  insert into audit_entry (at, actor, action, outcome, subject_kind, subject_id, before, after, request_id)
  select $1, $2, 'part.changed', 'done', 'part', c.part_number, ${factsOf('old')}, ${factsOf('c')}, $3
  from changed c join old on old.id = c.id order by c.part_number
)
insert into part_touched select id from changed`;

const COSTS = `
with told as (
  select p.id, p.part_number, j.cost, (
    select c.cost from part_cost c where c.part_id = p.id and c.from_on <= $4::date order by c.from_on desc limit 1) as in_force
  from part_judged j join part p on p.part_number = j.part_number where j.code is null and j.line = j.kept_line and j.cost is not null
), written as (
  insert into part_cost (part_id, from_on, cost) select id, $4::date, cost from told where cost is distinct from in_force
  on conflict (part_id, from_on) do update set cost = excluded.cost returning part_id, cost
), audited as (
  insert into audit_entry (at, actor, action, outcome, subject_kind, subject_id, before, after, request_id)
  select $1, $2, 'part-cost.set', 'done', 'part', t.part_number, jsonb_build_object('cost', t.in_force::text),
    jsonb_build_object('cost', w.cost::text, 'fromOn', $4::date), $3
  from written w join told t on t.id = w.part_id where t.in_force is not null order by t.part_number
)
insert into part_touched select part_id from written`;

/** Judges what is staged into `part_judged`; ids of parts that are written to go to `part_touched`. */
export async function judgeParts(tx: Tx, defaults: PartDefaults, today: string): Promise<void> {
  await tx.execute('drop table if exists pg_temp.part_judged, pg_temp.part_touched');
  await tx.execute('create temporary table part_touched (part_id bigint not null) on commit drop');
  await query(tx, JUDGE, [defaults.unit, today]);
  await tx.execute('analyze part_judged');
}

/** New parts are made, stored ones take what the file says of them: a blank cell says nothing. */
export async function writeParts(tx: Tx, context: Context, defaults: PartDefaults): Promise<void> {
  const now = context.now.toISOString();
  await query(tx, CREATE, [defaults.partClass, defaults.unit, now]);
  await query(tx, CHANGE, [now, context.principal.name, context.requestId ?? null]);
}

/** Standard costs from a day on, where they differ from the one in force on it. */
export async function writeCosts(tx: Tx, context: Context, fromOn: string): Promise<void> {
  await query(tx, COSTS, [context.now.toISOString(), context.principal.name, context.requestId ?? null, fromOn]);
}

export type PartCounts = { accepted: number; created: number; changed: number };

/** Of the judged rows; identical repetitions are accepted and change nothing. */
export async function countParts(tx: Tx): Promise<PartCounts> {
  return (await queryOne<PartCounts>(
    tx,
    `select count(*) filter (where code is null)::int as accepted,
            count(*) filter (where code is null and is_new)::int as created,
            count(*) filter (where code is null and line = kept_line and part_id in (select part_id from part_touched))::int as changed
     from part_judged`,
  )) as PartCounts;
}
