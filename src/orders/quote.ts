/** A quote: lines at frozen prices, good until a day. It becomes one order, is withdrawn, or expires by itself (R4.2, R4.4). */
import { decimal, sum } from '../core/decimal.ts';
import { formatAmount } from '../core/money.ts';
import { problem } from './errors.ts';
import type { DocumentLine, PricedDocument } from './price-document.ts';

export type Quote = PricedDocument & {
  readonly id: string;
  readonly number: string;
  readonly dealerId: string;
  readonly dealerCode: string;
  /** As stored; whether it has expired depends on the day. */
  readonly storedState: 'open' | 'ordered' | 'withdrawn';
  readonly quotedOn: string;
  readonly validUntil: string;
  readonly dealerReference: string | null;
  readonly orderNumber: string | null;
  readonly createdAt: string;
  readonly version: number;
};

export const QUOTE_STATES = ['open', 'expired', 'ordered', 'withdrawn'] as const;
export type QuoteState = (typeof QUOTE_STATES)[number];

/** The state on a business day: an open quote has expired after its last day. */
export function quoteStateOn(quote: Pick<Quote, 'storedState' | 'validUntil'>, today: string): QuoteState {
  return quote.storedState === 'open' && quote.validUntil < today ? 'expired' : quote.storedState;
}

/** Throws QUOTE_ALREADY_ORDERED, QUOTE_WITHDRAWN, QUOTE_EXPIRED unless the quote can still be ordered today. */
export function requireOrderable(quote: Pick<Quote, 'storedState' | 'validUntil' | 'number'>, today: string): void {
  const state = quoteStateOn(quote, today);
  if (state === 'ordered') throw problem('QUOTE_ALREADY_ORDERED', { number: quote.number });
  if (state === 'withdrawn') throw problem('QUOTE_WITHDRAWN', { number: quote.number });
  if (state === 'expired') throw problem('QUOTE_EXPIRED', { number: quote.number, validUntil: quote.validUntil });
}

export type Breakdown = {
  readonly price: string;
  /** Tax on top of the price; null where the list's prices include it. */
  readonly tax: string | null;
  /** Tax-inclusive, as the tariff. */
  readonly freight: string;
  readonly total: string;
};

/** Tax-exclusive list: price + tax + freight. Tax-inclusive list: price + freight (R4.2). */
export function breakdownOf(document: {
  readonly taxInclusive: boolean;
  readonly lines: ReadonlyArray<Pick<DocumentLine, 'kind' | 'net' | 'tax' | 'gross'>>;
  readonly gross: string;
}): Breakdown {
  const { taxInclusive, gross, lines } = document;
  const total = (kind: DocumentLine['kind'], figure: 'net' | 'tax' | 'gross') =>
    formatAmount(sum(lines.filter(line => line.kind === kind).map(line => decimal(line[figure]))));
  return {
    price: total('goods', taxInclusive ? 'gross' : 'net'),
    tax: taxInclusive ? null : total('goods', 'tax'),
    freight: total('freight', 'gross'),
    total: gross,
  };
}
