/** A quote as its readers see it; internal ids stay inside. */
import { type Static, Type } from 'typebox';
import { compare, decimal, isPositive } from '../core/decimal.ts';
import { type Availability, availabilityOf } from '../inventory/index.ts';
import { isoInstant, type Reader } from '../platform/database.ts';
import {
  BusinessDate,
  Code,
  Currency,
  closed,
  DocumentNumber,
  Instant,
  oneOf,
  Quantity,
  Version,
} from '../platform/http/schemas.ts';
import {
  BreakdownView,
  CarriageSchema,
  FreightModeSchema,
  lineFields,
  Trace,
  textOrNull,
  totalFields,
  viewLine,
} from './document-schemas.ts';
import type { QuoteHeader } from './find-quotes.ts';
import { breakdownOf, QUOTE_STATES, type Quote, quoteStateOn } from './quote.ts';

const AVAILABILITIES = ['in_stock', 'partial', 'none'] as const;

export const quoteFields = {
  number: DocumentNumber,
  dealerCode: Code,
  state: oneOf(QUOTE_STATES, 'open, ordered or withdrawn; expired once an open quote is past its last day'),
  currency: Currency,
  taxInclusive: Type.Boolean({ description: 'Whether the prices of the list include tax' }),
  quotedOn: BusinessDate,
  validUntil: BusinessDate,
  zone: textOrNull('Freight zone'),
  freightMode: FreightModeSchema,
  carriage: CarriageSchema,
  weightKg: Quantity,
  dealerReference: textOrNull("The dealer's own reference"),
  orderNumber: textOrNull('The order it became'),
  ...totalFields,
  createdAt: Instant,
  version: Version,
};
export const QuoteHeaderView = closed(quoteFields, { title: 'QuoteHeader' });
const QuoteLineView = closed({
  ...lineFields,
  trace: Type.Union([Trace, Type.Null()]),
  availability: Type.Unsafe<(typeof AVAILABILITIES)[number] | null>({
    enum: [...AVAILABILITIES, null],
    description: 'Whether the quantity is in stock now; null for freight',
  }),
});
export const QuoteView = closed(
  { ...quoteFields, breakdown: BreakdownView, lines: Type.Array(QuoteLineView) },
  { title: 'Quote' },
);

export function viewQuoteHeader(quote: QuoteHeader, today: string): Static<typeof QuoteHeaderView> {
  const { number, dealerCode, currency, taxInclusive, quotedOn, validUntil, zone, freightMode, carriage, weightKg } =
    quote;
  const { dealerReference, orderNumber, net, tax, gross, version } = quote;
  return {
    number,
    dealerCode,
    state: quoteStateOn(quote, today),
    currency,
    taxInclusive,
    quotedOn,
    validUntil,
    zone,
    freightMode,
    carriage,
    weightKg,
    dealerReference,
    orderNumber,
    net,
    tax,
    gross,
    createdAt: isoInstant(quote.createdAt),
    version,
  };
}

/** The whole quote with what is in stock of each line at this moment; how much there is stays with the firm. */
export async function viewQuote(em: Reader, quote: Quote, today: string): Promise<Static<typeof QuoteView>> {
  const partIds = quote.lines.flatMap(({ partId }) => (partId === null ? [] : [partId]));
  const available = await availabilityOf(em, { partIds });
  return {
    ...viewQuoteHeader(quote, today),
    breakdown: breakdownOf(quote),
    lines: quote.lines.map(line => ({
      ...viewLine(line),
      trace: line.trace,
      availability: line.partId === null ? null : decideAvailability(available.get(line.partId), line.quantity),
    })),
  };
}

/** in_stock: all of it; partial: some. */
export function decideAvailability(
  there: Pick<Availability, 'available'> | undefined,
  wanted: string,
): (typeof AVAILABILITIES)[number] {
  const available = decimal(there?.available ?? '0');
  if (!isPositive(available)) return 'none';
  return compare(available, decimal(wanted)) >= 0 ? 'in_stock' : 'partial';
}
