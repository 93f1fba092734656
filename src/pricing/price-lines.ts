/** From what was found to priced lines: net, tax and gross per line, a trace for the dealer, or one coded refusal. */
import { type Decimal, decimal, hasScale, isPositive } from '../core/decimal.ts';
import { formatAmount } from '../core/money.ts';
import { formatQuantity, quantity } from '../core/quantity.ts';
import { sumTaxed, type Taxed, taxedLine } from '../core/tax.ts';
import { taxRatesOn } from '../firm/index.ts';
import type { Reader } from '../platform/database.ts';
import { problem } from './errors.ts';
import {
  type FoundPart,
  type FoundPrices,
  findFractionalUnits,
  findPrices,
  findSuccessors,
  type PriceQuestion,
  type Successor,
} from './find-prices.ts';
import type { PriceListKind } from './price-list.ts';
import type { LineRefusal, RefusalCode } from './refusal.ts';

export const PRICED_LINES_MAX = 500;

const NO_UNITS: ReadonlySet<string> = new Set();
const NO_SUCCESSORS: ReadonlyMap<string, Successor> = new Map();

export type AskedLine = { readonly line: number; readonly partNumber: string; readonly quantity: string };

export type PriceRequest = {
  readonly dealer: { readonly id: string };
  readonly kind: PriceListKind;
  readonly on: string;
  readonly lines: readonly AskedLine[];
  /** One and the same refusal for core, unlisted, unknown and unserviceable parts. */
  readonly forDealer: boolean;
};

/** All a dealer learns of how its price came about: a closed list (R3.3). */
export type DealerTrace = {
  readonly list: string;
  readonly release: string;
  readonly effectiveOn: string;
  readonly source: 'explicit';
  readonly taxInclusive: boolean;
  readonly rounding: 'half_away_per_line';
};

/** Texts in fixed scale: unit price 4, quantity and weight 3, amounts 2, rate 6 decimals. */
export type PricedLine = {
  readonly line: number;
  readonly partId: string;
  readonly partNumber: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly unit: string;
  readonly quantity: string;
  readonly packQuantity: string;
  readonly weightKg: string | null;
  readonly taxClass: string;
  readonly taxRate: string;
  readonly unitPrice: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  /** Last day of this price where a later one is published; null while it stays in force. */
  readonly validUntil: string | null;
  readonly trace: DealerTrace;
};

export type PricedLines = {
  readonly listCode: string;
  readonly currency: string;
  readonly taxInclusive: boolean;
  /** The dealer's freight zone. */
  readonly zone: string | null;
  readonly lines: PricedLine[];
  readonly refusals: LineRefusal[];
  /** Of the priced lines, without freight. */
  readonly totals: { readonly net: string; readonly tax: string; readonly gross: string };
};

/**
 * Prices the lines of a query, quote or order for one dealer on one day, in one statement. Throws PRICE_LIST_MISSING,
 * TAX_RATE_MISSING, DECIMAL_TOO_LARGE; what is wrong with a single line is its refusal. R3.2, R3.3, R4.2
 */
export async function priceLines(em: Reader, request: PriceRequest): Promise<PricedLines> {
  const question = { dealerId: request.dealer.id, kind: request.kind, on: request.on };
  const partNumbers = request.lines.map(line => line.partNumber);
  const found = await findPrices(em, question, partNumbers);
  if (found === null) throw problem('PRICE_LIST_MISSING', { kind: request.kind });
  const wanted = request.lines.map(line => quantity(line.quantity));
  const known: Known = {
    forDealer: request.forDealer,
    fractional: wanted.every(each => hasScale(each, 0)) ? NO_UNITS : await findFractionalUnits(em),
    successors: await successorsOf(em, question, found.parts),
  };

  const lines: PricedLine[] = [];
  const refusals: LineRefusal[] = [];
  const taxed: Taxed[] = [];
  const rates = new Map<string, Decimal>();
  const basis = found.taxInclusive ? 'tax_inclusive' : 'tax_exclusive';
  for (let at = 0; at < request.lines.length; at += 1) {
    const asked = request.lines[at] as AskedLine;
    const part = found.parts[at] as FoundPart;
    const quantityWanted = wanted[at] as Decimal;
    const refusal = refusalOf(asked, part, quantityWanted, known);
    if (refusal !== null) {
      refusals.push(refusal);
      continue;
    }
    if (part.tax_rate === null) await taxRatesOn(em, [part.tax_class], request.on);
    const figures = taxedLine({
      unitPrice: decimal(part.unit_price as string),
      quantity: quantityWanted,
      rate: rateOf(rates, part.tax_rate as string),
      basis,
    });
    if (isPositive(figures.net)) {
      taxed.push(figures);
      lines.push(pricedLine(asked, part, quantityWanted, figures, found));
    } else {
      refusals.push(refuse(asked, 'LINE_POSTS_AS_ZERO'));
    }
  }
  const { list: listCode, currency, taxInclusive, zone } = found;
  return { listCode, currency, taxInclusive, zone, lines, refusals, totals: formatTaxed(sumTaxed(taxed)) };
}

type Known = {
  readonly forDealer: boolean;
  readonly fractional: ReadonlySet<string>;
  readonly successors: ReadonlyMap<string, Successor>;
};

async function successorsOf(em: Reader, question: PriceQuestion, parts: readonly FoundPart[]) {
  const superseded = parts.filter(part => part.successor_id !== null && part.barred !== 'core');
  if (superseded.length === 0) return NO_SUCCESSORS;
  return await findSuccessors(
    em,
    question,
    superseded.map(part => part.part_id as string),
  );
}

/**
 * The first reason that holds: unknown, core, superseded, not supplied, not priced, then the quantity. A dealer is told
 * of a successor only when that one is sold; of its own quantity only when the part is. A part whose successor is not in
 * the catalog stays on sale.
 */
function refusalOf(asked: AskedLine, part: FoundPart, wanted: Decimal, known: Known): LineRefusal | null {
  const successor = part.part_id === null ? undefined : known.successors.get(part.part_id);
  if (successor !== undefined && (successor.sold || !known.forDealer)) {
    return { ...refuse(asked, 'PART_SUPERSEDED'), successor: successor.partNumber };
  }
  const code = successor === undefined ? trueCode(part) : 'PART_NOT_PRICED';
  if (code !== null) return refuse(asked, known.forDealer ? 'PART_NOT_PRICED' : code);
  if (!hasScale(wanted, 0) && !known.fractional.has(part.unit)) {
    return { ...refuse(asked, 'QUANTITY_NOT_WHOLE'), value: asked.quantity };
  }
  return null;
}

function trueCode(part: FoundPart): RefusalCode | null {
  if (part.part_id === null) return 'PART_NOT_FOUND';
  if (part.barred !== null) return part.barred === 'core' ? 'PART_CORE_IP' : 'PART_NOT_SERVICEABLE';
  return part.unit_price === null ? 'PART_NOT_PRICED' : null;
}

function refuse({ line, partNumber }: AskedLine, code: RefusalCode): LineRefusal {
  return { line, partNumber, code };
}

/** A query of many lines has a handful of rates. */
function rateOf(rates: Map<string, Decimal>, text: string): Decimal {
  const rate = rates.get(text) ?? decimal(text);
  rates.set(text, rate);
  return rate;
}

/** Net, tax and gross as they go out. */
export function formatTaxed({ net, tax, gross }: Taxed) {
  return { net: formatAmount(net), tax: formatAmount(tax), gross: formatAmount(gross) };
}

function pricedLine(
  asked: AskedLine,
  part: FoundPart,
  wanted: Decimal,
  figures: Taxed,
  found: FoundPrices,
): PricedLine {
  return {
    line: asked.line,
    partId: part.part_id as string,
    partNumber: asked.partNumber,
    nameZh: part.name_zh,
    nameEn: part.name_en,
    unit: part.unit,
    quantity: formatQuantity(wanted),
    packQuantity: part.pack_quantity,
    weightKg: part.weight_kg,
    taxClass: part.tax_class,
    taxRate: part.tax_rate as string,
    unitPrice: part.unit_price as string,
    net: formatAmount(figures.net),
    tax: formatAmount(figures.tax),
    gross: formatAmount(figures.gross),
    validUntil: part.until_on,
    trace: {
      list: found.list,
      release: part.release,
      effectiveOn: part.from_on,
      source: 'explicit',
      taxInclusive: found.taxInclusive,
      rounding: 'half_away_per_line',
    },
  };
}
