/** What an order is placed on: a quote at its frozen prices, or lines priced now. Either way no part that is not sold. */
import { type Context, visibleDealer } from '../access/index.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';
import { lockAccount } from './find-orders.ts';
import { getQuote, lockQuote } from './find-quotes.ts';
import { type DocumentRequest, dealerOfDocument, type PricedDocument, priceDocument } from './price-document.ts';
import { requireOrderable } from './quote.ts';

export type OrderContent = PricedDocument & {
  readonly dealerId: string;
  readonly dealerCode: string;
  readonly quoteId: string | null;
  readonly quoteNumber: string | null;
};

/**
 * Takes a quote for its one order, at its frozen prices; the account is held from here on. Throws QUOTE_NOT_FOUND,
 * QUOTE_ALREADY_ORDERED, QUOTE_WITHDRAWN, QUOTE_EXPIRED, QUOTE_LINE_VOID, DEALER_INACTIVE. R4.4, money rules.
 */
export async function contentOfQuote(tx: Tx, context: Context, number: string): Promise<OrderContent> {
  const visible = visibleDealer(context.principal);
  const { dealerId, dealerCode, currency } = await getQuote(tx, number, visible);
  await dealerOfDocument(tx, context, dealerCode);
  await lockAccount(tx, dealerId, currency);
  // read again under its lock: of two who order it at once, the second finds it ordered
  const quote = await lockQuote(tx, number, visible);
  requireOrderable(quote, context.today);
  const unsold = await unsoldLines(tx, context, quote);
  if (unsold.length > 0) throw problem('QUOTE_LINE_VOID', { lines: unsold });
  await queryOne(tx, `update quote set state = 'ordered', version = version + 1 where id = $1 returning 1`, [quote.id]);
  return { ...quote, quoteId: quote.id, quoteNumber: number };
}

/** Prices the lines of an order without a quote; the account is held from here on. Throws what `priceDocument` throws. */
export async function contentOfLines(
  tx: Tx,
  context: Context,
  request: DocumentRequest & { readonly dealerCode?: string },
): Promise<OrderContent> {
  const dealer = await dealerOfDocument(tx, context, request.dealerCode);
  const document = await priceDocument(tx, context, dealer, request);
  await lockAccount(tx, dealer.id, document.currency);
  const unsold = await unsoldLines(tx, context, document);
  if (unsold.length > 0) {
    throw problem('LINES_REFUSED', { lines: unsold.map(line => ({ ...line, code: 'PART_NOT_PRICED' })) });
  }
  return { ...document, dealerId: dealer.id, dealerCode: dealer.code, quoteId: null, quoteNumber: null };
}

/**
 * Goods lines whose part has become core, or is not supplied any more; the same answer for both (R2.3). The parts are
 * held to the commit, so that none becomes core while it is being ordered.
 */
async function unsoldLines(
  tx: Tx,
  context: Context,
  document: PricedDocument,
): Promise<Array<{ line: number; partNumber: string | null }>> {
  const goods = document.lines.filter(line => line.kind === 'goods');
  const sold = await query<{ id: string; sold: boolean }>(
    tx,
    `select id, part_class <> 'core' and serviceable
            and $2::date between coalesce(active_from, $2::date) and coalesce(active_to, $2::date) as sold
     from part where id = any($1::bigint[]) order by id for share`,
    [[...new Set(goods.map(line => line.partId))], context.today],
  );
  const unsold = new Set(sold.filter(part => !part.sold).map(part => part.id));
  return goods.filter(line => unsold.has(line.partId as string)).map(({ line, partNumber }) => ({ line, partNumber }));
}
