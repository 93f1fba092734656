/** Quotes as they are read. A quote that is not visible is not found. */
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';
import { SELECT_LINE } from './line-columns.ts';
import type { DocumentLine } from './price-document.ts';
import type { Quote, QuoteState } from './quote.ts';

export type QuoteHeader = Omit<Quote, 'lines'>;

const SELECT = `select q.id, q.number, q.dealer_id as "dealerId", d.code as "dealerCode", q.state as "storedState", q.currency,
    q.tax_inclusive as "taxInclusive", q.quoted_on as "quotedOn", q.valid_until as "validUntil", q.zone,
    q.freight_mode as "freightMode", q.carriage, q.weight_kg as "weightKg", q.net, q.tax, q.gross,
    q.dealer_reference as "dealerReference", o.number as "orderNumber", q.created_at as "createdAt", q.version
  from quote q join dealer d on d.id = q.dealer_id left join dealer_order o on o.quote_id = q.id`;
const VISIBLE = '($2::bigint is null or q.dealer_id = $2::bigint)';

/** A quote with its lines. Throws QUOTE_NOT_FOUND. */
export async function getQuote(em: Reader, number: string, visible: string | null): Promise<Quote> {
  const quote = await queryOne<QuoteHeader>(em, `${SELECT} where q.number = $1 and ${VISIBLE}`, [number, visible]);
  return await withLines(em, quote, number);
}

/** The same, held for a change of its state; after the dealer's account, where both are taken. */
export async function lockQuote(tx: Tx, number: string, visible: string | null): Promise<Quote> {
  const quote = await queryOne<QuoteHeader>(tx, `${SELECT} where q.number = $1 and ${VISIBLE} for update of q`, [
    number,
    visible,
  ]);
  return await withLines(tx, quote, number);
}

async function withLines(em: Reader, quote: QuoteHeader | null, number: string): Promise<Quote> {
  if (quote === null) throw problem('QUOTE_NOT_FOUND', { number });
  const lines = await query<DocumentLine>(
    em,
    `select ${SELECT_LINE} from quote_line l left join part p on p.id = l.part_id where l.quote_id = $1 order by l.line`,
    [quote.id],
  );
  return { ...quote, lines };
}

/** One page, latest first; `state` as of `today`. */
export async function listQuotes(
  em: Reader,
  filter: {
    readonly visible: string | null;
    readonly dealerCode: string | null;
    readonly state: QuoteState | null;
    readonly today: string;
    readonly before: string | null;
    readonly limit: number;
  },
): Promise<QuoteHeader[]> {
  return await query<QuoteHeader>(
    em,
    `${SELECT} where ($1::bigint is null or q.id < $1::bigint) and ${VISIBLE} and ($3::text is null or d.code = $3)
       and ($4::text is null or $4 = case when q.state = 'open' and q.valid_until < $5::date then 'expired' else q.state end)
     order by q.id desc limit $6`,
    [filter.before, filter.visible, filter.dealerCode, filter.state, filter.today, filter.limit],
  );
}
