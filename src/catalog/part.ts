/** Parts: what is sold and fitted. Master data, so never deleted; what a dealer sees of them is in part-view.ts. */
import { appendAudit, type Context } from '../access/index.ts';
import { decimal, isPositive } from '../core/decimal.ts';
import { formatQuantity, quantity, requireWhole } from '../core/quantity.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

export type PartClass = 'standard' | 'wear' | 'functional' | 'core';

export type Part = {
  readonly id: string;
  readonly partNumber: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly partClass: PartClass;
  readonly unit: string;
  readonly unitFractional: boolean;
  /** 19-digit 税收分类编码 and its short name, as invoices print them. */
  readonly goodsCode: string | null;
  readonly goodsShortName: string | null;
  readonly taxClass: string;
  readonly weightKg: string | null;
  readonly packQuantity: string;
  readonly serviceable: boolean;
  readonly activeFrom: string | null;
  readonly activeTo: string | null;
  readonly version: number;
};

export type PartDraft = Omit<Part, 'id' | 'version' | 'unitFractional'>;

const COLUMNS = `p.id, p.part_number as "partNumber", p.name_zh as "nameZh", p.name_en as "nameEn", p.part_class as "partClass",
  p.unit, u.fractional as "unitFractional", p.goods_code as "goodsCode", p.goods_short_name as "goodsShortName",
  p.tax_class as "taxClass", p.weight_kg as "weightKg", p.pack_quantity as "packQuantity", p.serviceable,
  p.active_from as "activeFrom", p.active_to as "activeTo", p.version`;
const FROM = 'from part p join unit u on u.code = p.unit';
/** Core and unserviceable parts do not exist for a dealer (R2.3, R3.3). */
const VISIBLE = `(not $1::boolean or (p.part_class <> 'core' and p.serviceable))`;

mapConstraints({
  part_number_unique: () => problem('PART_NUMBER_TAKEN'),
  part_unit_fkey: () => problem('UNIT_UNKNOWN'),
  part_named: () => problem('PART_UNNAMED'),
  part_active: () => problem('ACTIVE_DATES'),
});

/** Creates a part. Throws PART_NUMBER_TAKEN, UNIT_UNKNOWN, QUANTITY_NOT_WHOLE (pack of a whole unit). R1.2 */
export async function createPart(tx: Tx, context: Context, draft: PartDraft): Promise<Part> {
  await requirePack(tx, draft.unit, draft.packQuantity);
  const row = await queryOne<{ id: string }>(
    tx,
    `insert into part (part_number, name_zh, name_en, part_class, unit, goods_code, goods_short_name, tax_class, weight_kg,
       pack_quantity, serviceable, active_from, active_to, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) returning id`,
    [...valuesOf(draft), context.now.toISOString()],
  );
  const part = await readPart(tx, row?.id ?? '');
  await appendAudit(tx, context, {
    action: 'part.created',
    subjectKind: 'part',
    subjectId: part.partNumber,
    after: part,
  });
  publish(tx, { stream: FIRM_STREAM, type: 'part.created', subject: { partNumber: part.partNumber } });
  return part;
}

/** Changes what may change; the number never does. Throws PART_NOT_FOUND, VERSION_CONFLICT, UNIT_UNKNOWN, PART_CLASS_IN_USE. */
export async function changePart(
  tx: Tx,
  context: Context,
  partNumber: string,
  expectedVersion: number,
  change: Partial<PartDraft>,
): Promise<Part> {
  const before = await queryOne<Part>(tx, `select ${COLUMNS} ${FROM} where p.part_number = $1 for update of p`, [
    partNumber,
  ]);
  if (before === null) throw problem('PART_NOT_FOUND', { partNumber });
  requireVersion(before.version, expectedVersion);
  const next = { ...before, ...change };
  await requirePack(tx, next.unit, next.packQuantity);
  await query(
    tx,
    `update part set name_zh = $2, name_en = $3, part_class = $4, unit = $5, goods_code = $6, goods_short_name = $7, tax_class = $8,
       weight_kg = $9, pack_quantity = $10, serviceable = $11, active_from = $12, active_to = $13, version = version + 1, updated_at = $14
     where id = $1`,
    [before.id, ...valuesOf(next).slice(1), context.now.toISOString()],
  );
  const after = await readPart(tx, before.id);
  await appendAudit(tx, context, { action: 'part.changed', subjectKind: 'part', subjectId: partNumber, before, after });
  publish(tx, { stream: FIRM_STREAM, type: 'part.changed', subject: { partNumber, version: after.version } });
  return after;
}

function valuesOf(draft: PartDraft): unknown[] {
  const { partNumber, nameZh, nameEn, partClass, unit, goodsCode, goodsShortName, taxClass, weightKg, packQuantity } =
    draft;
  return [
    partNumber,
    nameZh,
    nameEn,
    partClass,
    unit,
    goodsCode,
    goodsShortName,
    taxClass,
    weightKg,
    packQuantity,
    draft.serviceable,
    draft.activeFrom,
    draft.activeTo,
  ];
}

async function requirePack(tx: Tx, unit: string, pack: string): Promise<void> {
  const row = await queryOne<{ fractional: boolean }>(tx, 'select fractional from unit where code = $1', [unit]);
  if (row === null) throw problem('UNIT_UNKNOWN', { unit });
  requireWhole(quantity(pack), row.fractional);
  if (!isPositive(decimal(formatQuantity(quantity(pack))))) throw problem('PACK_NOT_POSITIVE');
}

async function readPart(tx: Tx, id: string): Promise<Part> {
  return (await queryOne<Part>(tx, `select ${COLUMNS} ${FROM} where p.id = $1`, [id])) as Part;
}

/** The part of a number, if the caller may see it. Throws PART_NOT_FOUND, the same for core, unserviceable and unknown parts. */
export async function getPart(em: Reader, partNumber: string, forDealer: boolean): Promise<Part> {
  const part = await queryOne<Part>(em, `select ${COLUMNS} ${FROM} where ${VISIBLE} and p.part_number = $2`, [
    forDealer,
    partNumber,
  ]);
  if (part === null) throw problem('PART_NOT_FOUND', { partNumber });
  return part;
}

/** Parts by exact number; unknown ones are missing from the map. */
export async function findParts(em: Reader, partNumbers: readonly string[]): Promise<Map<string, Part>> {
  const rows = await query<Part>(em, `select ${COLUMNS} ${FROM} where p.part_number = any($1::text[])`, [
    [...new Set(partNumbers)],
  ]);
  return new Map(rows.map(part => [part.partNumber, part]));
}

export type PartFilter = {
  readonly forDealer: boolean;
  /** Number prefix, with or without punctuation, or a piece of a name in either language. */
  readonly q: string | undefined;
  readonly partClass: PartClass | undefined;
  readonly after: string | null;
  readonly limit: number;
};

/** One page in order of part number. */
export async function listParts(em: Reader, filter: PartFilter): Promise<Part[]> {
  return await query<Part>(
    em,
    `select ${COLUMNS} ${FROM}
     where ${VISIBLE} and ($2::text is null or p.part_number > $2) and ($3::text is null or p.part_class = $3)
       and ($4::text is null or starts_with(p.search_number, nullif(upper(regexp_replace($4, '[^[:alnum:]]', '', 'g')), ''))
            or strpos(lower(p.name_en), lower($4)) > 0 or strpos(p.name_zh, $4) > 0)
     order by p.part_number limit $5`,
    [filter.forDealer, filter.after, filter.partClass ?? null, filter.q ?? null, filter.limit],
  );
}

/** Standard landed cost from a day on, net of VAT, in the firm's currency; the same day again replaces it. Throws PART_NOT_FOUND. */
export async function setPartCost(
  tx: Tx,
  context: Context,
  partNumber: string,
  cost: { fromOn: string; cost: string },
): Promise<void> {
  const row = await queryOne<{ before: string | null }>(
    tx,
    `with old as (select c.cost from part_cost c join part p on p.id = c.part_id where p.part_number = $1 and c.from_on = $2)
     insert into part_cost (part_id, from_on, cost) select id, $2::date, $3::numeric from part where part_number = $1
     on conflict (part_id, from_on) do update set cost = excluded.cost
     returning (select cost from old) as before`,
    [partNumber, cost.fromOn, cost.cost],
  );
  if (row === null) throw problem('PART_NOT_FOUND', { partNumber });
  const before = row.before === null ? {} : { before: { ...cost, cost: row.before } };
  await appendAudit(tx, context, {
    action: 'part-cost.set',
    subjectKind: 'part',
    subjectId: partNumber,
    ...before,
    after: cost,
  });
}

/** The standard cost in force on a day, or null. For readers with `costs.read` only. */
export async function costOn(em: Reader, partId: string, on: string): Promise<{ fromOn: string; cost: string } | null> {
  return await queryOne(
    em,
    'select from_on as "fromOn", cost from part_cost where part_id = $1 and from_on <= $2::date order by from_on desc limit 1',
    [partId, on],
  );
}
