import { appendAudit, type Context } from '../access/index.ts';
import { addDays, businessDate } from '../core/business-date.ts';
import { nextDocumentNumber } from '../firm/index.ts';
import { queryOne, type Tx } from '../platform/database.ts';
import { publish } from '../platform/outbox.ts';
import { problem } from './errors.ts';
import { lockQuote } from './find-quotes.ts';
import { LINE_COLUMNS, lineColumns, unnestLines } from './line-columns.ts';
import { type DocumentRequest, dealerOfDocument, priceDocument } from './price-document.ts';
import { type Quote, requireOrderable } from './quote.ts';

export type CreateQuote = DocumentRequest & {
  /** For staff: which dealer. A dealer quotes itself. */
  readonly dealerCode?: string;
  readonly validUntil?: string;
  readonly dealerReference?: string;
};

const VALID_DAYS_DEFAULT = 30;
/** Staff may promise longer than a dealer may help itself to. */
const VALID_DAYS_MAX = 180;

const INSERT = `with header as (
    insert into quote (number, dealer_id, currency, tax_inclusive, quoted_on, valid_until, zone, freight_mode, carriage, weight_kg,
                       net, tax, gross, dealer_reference, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id
  ), lines as (
    insert into quote_line (quote_id, ${LINE_COLUMNS}) select header.id, l.* from header, ${unnestLines(17)}
  )
  select id from header`;

/**
 * Quotes a dealer at today's prices, frozen until `validUntil` (30 days unless told). Throws what `dealerOfDocument` and
 * `priceDocument` throw, QUOTE_VALIDITY_INVALID. S1 §8.3, R4.2, R4.4.
 */
export async function createQuote(tx: Tx, context: Context, command: CreateQuote): Promise<Quote> {
  const dealer = await dealerOfDocument(tx, context, command.dealerCode);
  const validUntil = decideValidUntil(context, command.validUntil);
  const document = await priceDocument(tx, context, dealer, command);
  const number = await nextDocumentNumber(tx, 'Q', context.today);
  const createdAt = context.now.toISOString();
  const dealerReference = command.dealerReference ?? null;
  const made = (await queryOne<{ id: string }>(tx, INSERT, [
    number,
    dealer.id,
    document.currency,
    document.taxInclusive,
    context.today,
    validUntil,
    document.zone,
    document.freightMode,
    document.carriage,
    document.weightKg,
    document.net,
    document.tax,
    document.gross,
    dealerReference,
    context.principal.name,
    createdAt,
    ...lineColumns(document.lines),
  ])) as { id: string };
  const { net, tax, gross, currency } = document;
  const subject = { number, dealerCode: dealer.code, validUntil, currency, net, tax, gross };
  await appendAudit(tx, context, {
    action: 'quote.created',
    subjectKind: 'quote',
    subjectId: number,
    dealerCode: dealer.code,
    after: subject,
  });
  publish(tx, { stream: dealer.code, type: 'quote.created', subject });
  return {
    ...document,
    id: made.id,
    number,
    dealerId: dealer.id,
    dealerCode: dealer.code,
    storedState: 'open',
    quotedOn: context.today,
    validUntil,
    dealerReference,
    orderNumber: null,
    createdAt,
    version: 1,
  };
}

/** Takes a quote back before it is ordered. Throws QUOTE_NOT_FOUND, QUOTE_ALREADY_ORDERED, QUOTE_WITHDRAWN, QUOTE_EXPIRED. */
export async function withdrawQuote(tx: Tx, context: Context, number: string): Promise<Quote> {
  const quote = await lockQuote(tx, number, context.principal.dealerId);
  requireOrderable(quote, context.today);
  await queryOne(tx, `update quote set state = 'withdrawn', version = version + 1 where id = $1 returning 1`, [
    quote.id,
  ]);
  const subject = { number, dealerCode: quote.dealerCode };
  await appendAudit(tx, context, {
    action: 'quote.withdrawn',
    subjectKind: 'quote',
    subjectId: number,
    dealerCode: quote.dealerCode,
    before: { state: quote.storedState },
    after: { state: 'withdrawn' },
  });
  publish(tx, { stream: quote.dealerCode, type: 'quote.withdrawn', subject });
  return { ...quote, storedState: 'withdrawn', version: quote.version + 1 };
}

function decideValidUntil(context: Context, wanted: string | undefined): string {
  const from = businessDate(context.today);
  const to = addDays(from, context.principal.dealerId === null ? VALID_DAYS_MAX : VALID_DAYS_DEFAULT);
  const until = wanted === undefined ? addDays(from, VALID_DAYS_DEFAULT) : businessDate(wanted);
  if (until < from || until > to) throw problem('QUOTE_VALIDITY_INVALID', { from, to });
  return until;
}
