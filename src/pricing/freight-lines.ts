/** Freight of one document: first and continued weight by zone and carriage, free above a threshold. R4.3 */
import { allocate } from '../core/allocate.ts';
import {
  compare,
  type Decimal,
  decimal,
  dividedBy,
  isPositive,
  minus,
  plus,
  roundTo,
  sum,
  times,
  ZERO,
} from '../core/decimal.ts';
import { amount, formatAmount, roundAmount } from '../core/money.ts';
import { formatQuantity, QUANTITY_SCALE, quantity } from '../core/quantity.ts';
import { taxedGross } from '../core/tax.ts';
import { taxRatesOn } from '../firm/index.ts';
import type { Reader } from '../platform/database.ts';
import { problem } from './errors.ts';
import { type Carriage, type FreightTariff, findFreightTariff } from './freight-tariff.ts';
import { refuseParts } from './refusal.ts';

/** `with_goods`: at the rates of the goods [tax]. `pass_through`: the carrier charges the dealer. `separate`: at its own rate. */
export type FreightMode = 'with_goods' | 'pass_through' | 'separate';

export type FreightGoods = {
  readonly partNumber?: string;
  /** Weight of one unit. */
  readonly weightKg: string | null;
  readonly quantity: string;
  readonly taxClass: string;
  readonly taxRate: string;
  readonly gross: string;
};

export type FreightRequest = {
  readonly zone: string | null;
  readonly carriage: Carriage;
  readonly mode: FreightMode;
  readonly currency: string;
  readonly on: string;
  readonly goods: readonly FreightGoods[];
};

export type FreightLine = {
  readonly taxClass: string;
  readonly taxRate: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly textZh: string;
  readonly textEn: string;
};

const TRANSPORT_TAX_CLASS = 'transport';
const TEXT = { textZh: '运费', textEn: 'Freight' } as const;
const ONE = decimal('1');
const GRAM = decimal('0.001');

/**
 * The freight lines of the goods, one per tax rate. Tariffs are tax-inclusive; with goods at several rates the amount is
 * split by their gross. None where the carrier charges or the goods travel free. Throws FREIGHT_TARIFF_MISSING,
 * PART_WEIGHT_MISSING, TAX_RATE_MISSING.
 */
export async function freightLines(
  em: Reader,
  request: FreightRequest,
): Promise<{ weightKg: string; lines: FreightLine[] }> {
  const weight = weightOf(request.goods);
  const weightKg = formatQuantity(weight);
  if (request.mode === 'pass_through' || request.goods.length === 0) return { weightKg, lines: [] };
  const tariff = await tariffOf(em, request);
  const goodsGross = sum(request.goods.map(({ gross }) => amount(gross)));
  if (tariff.freeFrom !== null && compare(goodsGross, amount(tariff.freeFrom)) >= 0) return { weightKg, lines: [] };
  refuseParts(
    'PART_WEIGHT_MISSING',
    request.goods.filter(part => part.weightKg === null).map(part => part.partNumber ?? '—'),
  );
  const charge = carriagePrice(tariff, weight);
  if (!isPositive(charge)) return { weightKg, lines: [] };
  if (request.mode === 'separate') {
    const rates = await taxRatesOn(em, [TRANSPORT_TAX_CLASS], request.on);
    return { weightKg, lines: [freightLine(TRANSPORT_TAX_CLASS, rates.get(TRANSPORT_TAX_CLASS) as string, charge)] };
  }
  return { weightKg, lines: splitByRate(request.goods, charge) };
}

/** First weight, then each step of continued weight that is begun; tax-inclusive. Throws DECIMAL_TOO_LARGE. */
export function carriagePrice(tariff: FreightTariff, weightKg: Decimal): Decimal {
  const beyond = minus(weightKg, decimal(tariff.firstWeightKg));
  const first = amount(tariff.firstPrice);
  if (!isPositive(beyond)) return first;
  const step = decimal(tariff.continuedWeightKg);
  const whole = dividedBy(beyond, step, 0, 'down');
  const steps = isPositive(minus(beyond, times(whole, step))) ? plus(whole, ONE) : whole;
  return roundAmount(plus(first, times(steps, amount(tariff.continuedPrice))));
}

async function tariffOf(em: Reader, request: FreightRequest): Promise<FreightTariff> {
  const { zone, carriage, currency, on } = request;
  const tariff = zone === null ? null : await findFreightTariff(em, { zone, carriage, currency, on });
  if (tariff === null) throw problem('FREIGHT_TARIFF_MISSING', { zone: zone ?? '—', carriage, currency, on });
  return tariff;
}

/** What is known of the weight; rounded up to the gram. */
function weightOf(goods: readonly FreightGoods[]): Decimal {
  const exact = sum(goods.map(part => times(decimal(part.weightKg ?? '0'), quantity(part.quantity))));
  const grams = roundTo(exact, QUANTITY_SCALE, 'down');
  return isPositive(minus(exact, grams)) ? plus(grams, GRAM) : grams;
}

function splitByRate(goods: readonly FreightGoods[], charge: Decimal): FreightLine[] {
  const groups = new Map<string, { taxClass: string; taxRate: string; gross: Decimal }>();
  for (const { taxClass, taxRate, gross } of goods) {
    const group = groups.get(taxRate) ?? { taxClass, taxRate, gross: ZERO };
    groups.set(taxRate, { ...group, gross: plus(group.gross, amount(gross)) });
  }
  const list = [...groups.values()];
  const shares = allocate(
    charge,
    list.map(group => group.gross),
  );
  return list
    .map((group, at) => ({ ...group, share: shares[at] as Decimal }))
    .filter(({ share }) => isPositive(share))
    .map(({ taxClass, taxRate, share }) => freightLine(taxClass, taxRate, share));
}

function freightLine(taxClass: string, taxRate: string, charge: Decimal): FreightLine {
  const { net, tax, gross } = taxedGross(charge, decimal(taxRate));
  return {
    taxClass,
    taxRate,
    net: formatAmount(net),
    tax: formatAmount(tax),
    gross: formatAmount(gross),
    ...TEXT,
  };
}
