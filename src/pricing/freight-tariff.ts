/** Freight tariffs: what carriage costs by zone, way and weight from a day on; amounts tax-inclusive. R4.3 */
import { appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { decimal, isPositive, requireNumeric, toFixed } from '../core/decimal.ts';
import { amount, currency, formatAmount } from '../core/money.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

export type Carriage = 'road' | 'express' | 'air';

export type FreightTariff = {
  readonly id: string;
  readonly zone: string;
  readonly carriage: Carriage;
  readonly currency: string;
  /** Weight that `firstPrice` covers. */
  readonly firstWeightKg: string;
  readonly firstPrice: string;
  /** Each further step of this weight, begun, costs `continuedPrice`. */
  readonly continuedWeightKg: string;
  readonly continuedPrice: string;
  /** Goods of this gross value travel free; null = never. */
  readonly freeFrom: string | null;
  readonly validFrom: string;
  /** Last day; null while it stays in force. */
  readonly validUntil: string | null;
};

export type FreightTariffDraft = Omit<FreightTariff, 'id' | 'validUntil' | 'freeFrom'> & {
  readonly freeFrom?: string | null;
  readonly validUntil?: string | null;
};

const COLUMNS = `id, zone, carriage, currency, first_weight_kg as "firstWeightKg", first_price as "firstPrice",
  continued_weight_kg as "continuedWeightKg", continued_price as "continuedPrice", free_from as "freeFrom",
  lower(valid) as "validFrom", upper(valid) - 1 as "validUntil"`;

mapConstraints({ freight_tariff_one_a_day: () => problem('FREIGHT_TARIFF_OVERLAP') });

/**
 * Adds a tariff; one still in force for the zone, carriage and currency ends the day before. Throws
 * FREIGHT_TARIFF_OVERLAP where a tariff begins on its first day or later, BUSINESS_DATE_INVALID, CURRENCY_INVALID,
 * DECIMAL_*, FREIGHT_TARIFF_INVALID.
 */
export async function createFreightTariff(tx: Tx, context: Context, draft: FreightTariffDraft): Promise<FreightTariff> {
  const { validFrom, validUntil } = requireOrder(draft);
  const key = [draft.zone, draft.carriage, currency(draft.currency), validFrom];
  // one writer for the same carriage at a time: two at once would deadlock on the exclusion constraint
  await query(tx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    ['freight-tariff', draft.zone, draft.carriage, draft.currency].join('\n'),
  ]);
  await query(
    tx,
    `update freight_tariff set valid = daterange(lower(valid), $4::date)
     where zone = $1 and carriage = $2 and currency = $3 and valid @> $4::date and lower(valid) < $4::date and upper(valid) is null`,
    key,
  );
  const tariff = (await queryOne<FreightTariff>(
    tx,
    `insert into freight_tariff (zone, carriage, currency, valid, first_weight_kg, first_price, continued_weight_kg,
       continued_price, free_from, created_by, created_at)
     values ($1, $2, $3, daterange($4::date, $5::date, '[]'), $6, $7, $8, $9, $10, $11, $12) returning ${COLUMNS}`,
    [
      ...key,
      validUntil,
      weight(draft.firstWeightKg),
      formatAmount(amount(draft.firstPrice)),
      weight(draft.continuedWeightKg),
      formatAmount(amount(draft.continuedPrice)),
      draft.freeFrom == null ? null : formatAmount(positive(amount(draft.freeFrom), 'freeFrom')),
      context.principal.name,
      context.now.toISOString(),
    ],
  )) as FreightTariff;
  const { id: _, ...after } = tariff;
  await appendAudit(tx, context, {
    action: 'freight-tariff.created',
    subjectKind: 'freight-tariff',
    subjectId: key.join('/'),
    after,
  });
  publish(tx, { stream: FIRM_STREAM, type: 'freight-tariff.created', subject: { zone: tariff.zone, validFrom } });
  return tariff;
}

function requireOrder(draft: FreightTariffDraft) {
  const validFrom = businessDate(draft.validFrom);
  const validUntil = draft.validUntil == null ? null : businessDate(draft.validUntil);
  if (validUntil !== null && validUntil < validFrom) {
    throw problem('FREIGHT_TARIFF_INVALID', { field: 'validUntil' });
  }
  return { validFrom, validUntil };
}

function weight(text: string): string {
  return toFixed(positive(requireNumeric(decimal(text), { precision: 12, scale: 3 }), 'weight'), 3);
}

function positive(figure: ReturnType<typeof decimal>, field: string) {
  if (!isPositive(figure)) throw problem('FREIGHT_TARIFF_INVALID', { field });
  return figure;
}

/** The tariff of a day, or null. */
export async function findFreightTariff(
  em: Reader,
  wanted: { zone: string; carriage: Carriage; currency: string; on: string },
): Promise<FreightTariff | null> {
  return await queryOne<FreightTariff>(
    em,
    `select ${COLUMNS} from freight_tariff where zone = $1 and carriage = $2 and currency = $3 and valid @> $4::date`,
    [wanted.zone, wanted.carriage, wanted.currency, wanted.on],
  );
}

/** One page, latest first, before the id of the page before; those in force on a day where one is given. */
export async function listFreightTariffs(
  em: Reader,
  filter: { zone: string | null; on: string | null; before: string | null; limit: number },
): Promise<FreightTariff[]> {
  return await query<FreightTariff>(
    em,
    `select ${COLUMNS} from freight_tariff
     where ($1::text is null or zone = $1) and ($2::date is null or valid @> $2::date) and ($3::bigint is null or id < $3::bigint)
     order by id desc limit $4`,
    [filter.zone, filter.on, filter.before, filter.limit],
  );
}
