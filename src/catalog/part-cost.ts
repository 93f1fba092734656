/** The standard landed cost of a part, net of VAT, in the firm's currency, from a day on (R1.2, R2.2). Never shown to a dealer. */
import { appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';

/** `cost` of one unit, four decimals. */
export type PartCost = { readonly fromOn: string; readonly cost: string };

/** Sets the cost from a day on; the same day again replaces it, and the audit keeps both. Throws PART_NOT_FOUND, BUSINESS_DATE_INVALID. */
export async function setPartCost(tx: Tx, context: Context, partNumber: string, cost: PartCost): Promise<PartCost> {
  const row = await queryOne<PartCost & { before: string | null }>(
    tx,
    `with old as (select c.cost from part_cost c join part p on p.id = c.part_id where p.part_number = $1 and c.from_on = $2)
     insert into part_cost (part_id, from_on, cost) select id, $2::date, $3::numeric from part where part_number = $1
     on conflict (part_id, from_on) do update set cost = excluded.cost
     returning from_on as "fromOn", cost, (select cost from old) as before`,
    [partNumber, businessDate(cost.fromOn), cost.cost],
  );
  if (row === null) throw problem('PART_NOT_FOUND', { partNumber });
  const { before, ...after } = row;
  if (before === after.cost) return after;
  await appendAudit(tx, context, {
    action: 'part-cost.set',
    subjectKind: 'part',
    subjectId: partNumber,
    ...(before === null ? {} : { before: { ...after, cost: before } }),
    after,
  });
  return after;
}

/** The standard cost in force on a day, or null. For readers with `costs.read` only. */
export async function costOn(em: Reader, partId: string, on: string): Promise<PartCost | null> {
  return await queryOne(
    em,
    'select from_on as "fromOn", cost from part_cost where part_id = $1 and from_on <= $2::date order by from_on desc limit 1',
    [partId, on],
  );
}

/** All costs of some parts, latest first. For readers with `costs.read` only. */
export async function costsOf(em: Reader, partIds: readonly string[]): Promise<Map<string, PartCost[]>> {
  const rows = await query<PartCost & { part_id: string }>(
    em,
    `select part_id, from_on as "fromOn", cost from part_cost where part_id = any($1::bigint[]) order by part_id, from_on desc`,
    [partIds],
  );
  const costs = new Map<string, PartCost[]>();
  for (const { part_id, ...cost } of rows) costs.set(part_id, [...(costs.get(part_id) ?? []), cost]);
  return costs;
}
