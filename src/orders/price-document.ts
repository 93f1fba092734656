/** A dealer's request as priced lines with freight: what a quote freezes and a direct order is placed at (S1 §8.3, R4.1–R4.3). */
import { type Context, dealerCodeFor, visibleDealer } from '../access/index.ts';
import { type Dealer, getDealer } from '../catalog/index.ts';
import { decimal, type NumericColumn, requireNumeric } from '../core/decimal.ts';
import { formatAmount } from '../core/money.ts';
import { formatQuantity, quantity } from '../core/quantity.ts';
import { sumTaxed } from '../core/tax.ts';
import type { Reader } from '../platform/database.ts';
import {
  type Carriage,
  type DealerTrace,
  type FreightLine,
  type FreightMode,
  freightLines,
  type PricedLine,
  priceLines,
} from '../pricing/index.ts';
import { problem } from './errors.ts';

/** Gross of a document: far above any order, and far enough below numeric(19,2) that no account overflows. */
const GROSS: NumericColumn = { precision: 14, scale: 2 };

export type FreightTerms = {
  readonly freightMode?: FreightMode;
  readonly carriage?: Carriage;
  /** Freight zone; the dealer's own unless staff name another. */
  readonly zone?: string;
};

export type DocumentRequest = FreightTerms & {
  readonly lines: ReadonlyArray<{ readonly partNumber: string; readonly quantity: string }>;
};

/** Texts in fixed scale; freight has no part and no trace. */
export type DocumentLine = {
  readonly line: number;
  readonly kind: 'goods' | 'freight';
  readonly partId: string | null;
  readonly partNumber: string | null;
  readonly textZh: string | null;
  readonly textEn: string | null;
  readonly unit: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxClass: string;
  readonly taxRate: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly trace: DealerTrace | null;
};

export type PricedDocument = {
  readonly currency: string;
  readonly taxInclusive: boolean;
  readonly zone: string | null;
  readonly freightMode: FreightMode;
  readonly carriage: Carriage;
  readonly weightKg: string;
  readonly lines: readonly DocumentLine[];
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
};

/**
 * The dealer a document is for: only dealers are quoted, and an own branch is none. Throws DEALER_REQUIRED,
 * DEALER_NOT_FOUND, DEALER_INACTIVE, OWN_BRANCH_NOT_SOLD_TO. R1.3, R4.1.
 */
export async function dealerOfDocument(em: Reader, context: Context, named: string | undefined): Promise<Dealer> {
  const { principal } = context;
  const dealer = await getDealer(em, dealerCodeFor(principal, named), visibleDealer(principal));
  if (!dealer.active) throw problem('DEALER_INACTIVE');
  if (dealer.dealerKind === 'own_branch') throw problem('OWN_BRANCH_NOT_SOLD_TO');
  return dealer;
}

/**
 * Prices a request on today's settlement list, with its freight; one refused line refuses the document. Totals are sums
 * of lines. Throws LINES_REFUSED, FREIGHT_ZONE_NOT_YOURS, PRICE_LIST_MISSING, TAX_RATE_MISSING, FREIGHT_TARIFF_MISSING,
 * PART_WEIGHT_MISSING, DECIMAL_TOO_LARGE.
 */
export async function priceDocument(
  em: Reader,
  context: Context,
  dealer: Dealer,
  request: DocumentRequest,
): Promise<PricedDocument> {
  const forDealer = context.principal.dealerId !== null;
  const { freightMode = 'with_goods', carriage = 'road', zone = dealer.zone } = request;
  if (forDealer && zone !== dealer.zone) throw problem('FREIGHT_ZONE_NOT_YOURS');
  const priced = await priceLines(em, {
    dealer,
    kind: 'settlement',
    on: context.today,
    lines: request.lines.map((line, index) => ({ ...line, line: index + 1 })),
    forDealer,
  });
  if (priced.refusals.length > 0) throw problem('LINES_REFUSED', { lines: priced.refusals });
  const { currency, taxInclusive } = priced;
  const freight = await freightLines(em, {
    zone,
    carriage,
    mode: freightMode,
    currency,
    on: context.today,
    goods: priced.lines,
  });
  const goods = priced.lines.map(goodsLine);
  const lines = [...goods, ...freight.lines.map((line, at) => freightLine(line, goods.length + at + 1, taxInclusive))];
  return {
    currency,
    taxInclusive,
    zone,
    freightMode,
    carriage,
    weightKg: formatQuantity(quantity(freight.weightKg)),
    lines,
    ...totalsOf(lines),
  };
}

/** Sums of lines. Throws DECIMAL_TOO_LARGE. */
export function totalsOf(lines: ReadonlyArray<{ readonly net: string; readonly tax: string; readonly gross: string }>) {
  const total = sumTaxed(
    lines.map(({ net, tax, gross }) => ({ net: decimal(net), tax: decimal(tax), gross: decimal(gross) })),
  );
  requireNumeric(total.gross, GROSS);
  return { net: formatAmount(total.net), tax: formatAmount(total.tax), gross: formatAmount(total.gross) };
}

function goodsLine(line: PricedLine): DocumentLine {
  const { nameZh, nameEn, packQuantity: _, weightKg: __, validUntil: ___, ...figures } = line;
  return { ...figures, kind: 'goods', textZh: nameZh, textEn: nameEn };
}

/** The tariff is tax-inclusive; the price of the one unit of freight is on the basis of the list. */
function freightLine(freight: FreightLine, line: number, taxInclusive: boolean): DocumentLine {
  return {
    ...freight,
    line,
    kind: 'freight',
    partId: null,
    partNumber: null,
    unit: null,
    quantity: '1.000',
    unitPrice: `${taxInclusive ? freight.gross : freight.net}00`,
    trace: null,
  };
}
