/** Parts: what is sold and fitted. Master data, so never deleted; what a dealer sees of them is in part-view.ts. */
import { appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { isPositive } from '../core/decimal.ts';
import { quantity, requireWhole } from '../core/quantity.ts';
import { taxRatesOn } from '../firm/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import { type Beholder, visiblePart } from './part-visibility.ts';

export const PART_CLASSES = ['standard', 'wear', 'functional', 'core'] as const;
export type PartClass = (typeof PART_CLASSES)[number];

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

mapConstraints({
  part_number_unique: () => problem('PART_NUMBER_TAKEN'),
  part_part_number_check: () => problem('PART_NUMBER_INVALID'),
  part_named: () => problem('PART_UNNAMED'),
  part_active: () => problem('ACTIVE_DATES'),
  part_class_in_use: () => problem('PART_CLASS_IN_USE'),
  part_unit_in_use: () => problem('PART_UNIT_IN_USE'),
});

/**
 * Creates a part; supersessions that wait for its number are linked with it. Quantities in its unit, weight in kg.
 * Throws PART_NUMBER_TAKEN, PART_NUMBER_INVALID, PART_UNNAMED, ACTIVE_DATES, UNIT_UNKNOWN, TAX_RATE_MISSING,
 * QUANTITY_NOT_WHOLE (pack of a whole unit), PACK_NOT_POSITIVE, BUSINESS_DATE_INVALID. R1.2
 */
export async function createPart(tx: Tx, context: Context, draft: PartDraft): Promise<Part> {
  await requireFitting(tx, context, draft);
  const part = (await queryOne<Part>(
    tx,
    `with p as (
       insert into part (part_number, name_zh, name_en, part_class, unit, goods_code, goods_short_name, tax_class, weight_kg,
         pack_quantity, serviceable, active_from, active_to, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14) returning *
     )
     select ${COLUMNS} from p join unit u on u.code = p.unit`,
    [draft.partNumber, ...changeableOf(draft), context.now.toISOString()],
  )) as Part;
  const { id: _, ...after } = part;
  await appendAudit(tx, context, {
    action: 'part.created',
    subjectKind: 'part',
    subjectId: part.partNumber,
    after,
  });
  publish(tx, { stream: FIRM_STREAM, type: 'part.created', subject: { partNumber: part.partNumber } });
  return part;
}

/**
 * Changes what may change; the number never does. Throws PART_NOT_FOUND, VERSION_CONFLICT, PART_CLASS_IN_USE (to core
 * while priced, reserved or stocked outside the factory), PART_UNIT_IN_USE, and what createPart throws. R1.2, R5.5
 */
export async function changePart(
  tx: Tx,
  context: Context,
  partNumber: string,
  expectedVersion: number,
  change: Partial<Omit<PartDraft, 'partNumber'>>,
): Promise<Part> {
  const stored = await queryOne<Part>(tx, `select ${COLUMNS} ${FROM} where p.part_number = $1 for update of p`, [
    partNumber,
  ]);
  if (stored === null) throw problem('PART_NOT_FOUND', { partNumber });
  requireVersion(stored.version, expectedVersion);
  const next = { ...stored, ...change };
  await requireFitting(tx, context, next);
  if (next.partClass === 'core' && stored.partClass !== 'core') await requireUnsold(tx, context, stored);
  const part = (await queryOne<Part>(
    tx,
    `with p as (
       update part set name_zh = $2, name_en = $3, part_class = $4, unit = $5, goods_code = $6, goods_short_name = $7,
         tax_class = $8, weight_kg = $9, pack_quantity = $10, serviceable = $11, active_from = $12, active_to = $13,
         version = version + 1, updated_at = $14
       where id = $1 returning *
     )
     select ${COLUMNS} from p join unit u on u.code = p.unit`,
    [stored.id, ...changeableOf(next), context.now.toISOString()],
  )) as Part;
  const { id: _, ...before } = stored;
  const { id: __, ...after } = part;
  await appendAudit(tx, context, { action: 'part.changed', subjectKind: 'part', subjectId: partNumber, before, after });
  publish(tx, { stream: FIRM_STREAM, type: 'part.changed', subject: { partNumber, version: part.version } });
  return part;
}

function changeableOf(draft: Omit<PartDraft, 'partNumber'>): unknown[] {
  const { nameZh, nameEn, partClass, unit, goodsCode, goodsShortName, taxClass, weightKg, packQuantity } = draft;
  const { serviceable, activeFrom, activeTo } = draft;
  return [
    nameZh,
    nameEn,
    partClass,
    unit,
    goodsCode,
    goodsShortName,
    taxClass,
    weightKg,
    packQuantity,
    serviceable,
    activeFrom,
    activeTo,
  ];
}

async function requireFitting(tx: Tx, context: Context, draft: Omit<PartDraft, 'partNumber'>): Promise<void> {
  const { unit, packQuantity, taxClass } = draft;
  const known = await queryOne<{ fractional: boolean }>(tx, 'select fractional from unit where code = $1', [unit]);
  if (known === null) throw problem('UNIT_UNKNOWN', { unit });
  if (!isPositive(requireWhole(quantity(packQuantity), known.fractional))) throw problem('PACK_NOT_POSITIVE');
  for (const date of [draft.activeFrom, draft.activeTo]) if (date !== null) businessDate(date);
  await taxRatesOn(tx, [taxClass], context.today);
}

/**
 * A core part has no price, and no stock outside the factory. Prices that are published just then are taken back by the
 * database; those known now are for a person to end first, with a release that shows what it does.
 */
async function requireUnsold(tx: Tx, context: Context, { id, partNumber }: Part): Promise<void> {
  const row = await queryOne<{ sold: boolean }>(tx, 'select part_is_sold($1, $2) as sold', [id, context.today]);
  if (row?.sold === true) throw problem('PART_CLASS_IN_USE', { partNumber });
}

/** The part of a number, if the caller may see it. Throws PART_NOT_FOUND, the same for hidden and unknown parts. */
export async function getPart(em: Reader, partNumber: string, { forDealer, today }: Beholder): Promise<Part> {
  const part = await queryOne<Part>(em, `select ${COLUMNS} ${FROM} where ${visiblePart('p')} and p.part_number = $3`, [
    forDealer,
    today,
    partNumber,
  ]);
  if (part === null) throw problem('PART_NOT_FOUND', { partNumber });
  return part;
}

/** Parts by exact number, whoever asks; unknown ones are missing from the map. */
export async function findParts(em: Reader, partNumbers: readonly string[]): Promise<Map<string, Part>> {
  const rows = await query<Part>(em, `select ${COLUMNS} ${FROM} where p.part_number = any($1::text[])`, [
    [...new Set(partNumbers)],
  ]);
  return new Map(rows.map(part => [part.partNumber, part]));
}

export type PartFilter = Beholder & {
  /** Number prefix, with or without punctuation, or a piece of a name in either language. */
  readonly q: string | undefined;
  readonly partClass: PartClass | undefined;
  /** Active on `today`, or not. */
  readonly active: boolean | undefined;
  readonly after: string | null;
  readonly limit: number;
};

/** One page in order of part number. */
export async function listParts(em: Reader, filter: PartFilter): Promise<Part[]> {
  const { forDealer, today, after, partClass, q, active, limit } = filter;
  return await query<Part>(
    em,
    `select ${COLUMNS} ${FROM}
     where ${visiblePart('p')} and ($3::text is null or p.part_number > $3) and ($4::text is null or p.part_class = $4)
       and ($5::text is null or starts_with(p.search_number, nullif(upper(regexp_replace($5, '[^[:alnum:]]', '', 'g')), ''))
            or strpos(lower(p.name_en), lower($5)) > 0 or strpos(lower(p.name_zh), lower($5)) > 0)
       and ($6::boolean is null or $6 = ($2::date between coalesce(p.active_from, $2::date) and coalesce(p.active_to, $2::date)))
     order by p.part_number limit $7`,
    [forDealer, today, after, partClass ?? null, q ?? null, active ?? null, limit],
  );
}

/** Is the part active on a day? */
export function isActiveOn({ activeFrom, activeTo }: Pick<Part, 'activeFrom' | 'activeTo'>, day: string): boolean {
  return (activeFrom ?? day) <= day && day <= (activeTo ?? day);
}
