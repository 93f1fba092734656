import { Type } from 'typebox';
import { command, contextOf, visibleDealer } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { setVersion } from '../platform/http/etag.ts';
import { BusinessDate, Code, closed, DocumentNumber, oneOf, page, pageQuery } from '../platform/http/schemas.ts';
import { createQuote, withdrawQuote } from './create-quote.ts';
import { AskedLines, CarriageSchema, DealerDocument, FreightModeSchema, ZoneSchema } from './document-schemas.ts';
import { getQuote, listQuotes } from './find-quotes.ts';
import { QUOTE_STATES } from './quote.ts';
import { QuoteHeaderView, QuoteView, viewQuote, viewQuoteHeader } from './quote-view.ts';

/** What pricing a document can refuse. */
export const PRICING_PROBLEMS = [
  'DEALER_REQUIRED',
  'DEALER_NOT_FOUND',
  'DEALER_INACTIVE',
  'OWN_BRANCH_NOT_SOLD_TO',
  'LINES_REFUSED',
  'FREIGHT_ZONE_NOT_YOURS',
  'PRICE_LIST_MISSING',
  'TAX_RATE_MISSING',
  'FREIGHT_TARIFF_MISSING',
  'PART_WEIGHT_MISSING',
  'DECIMAL_TOO_LARGE',
] as const;

const NewQuote = closed({
  dealerCode: Type.Optional(Code),
  lines: AskedLines,
  freightMode: Type.Optional(FreightModeSchema),
  carriage: Type.Optional(CarriageSchema),
  zone: Type.Optional(ZoneSchema),
  validUntil: Type.Optional(BusinessDate),
  dealerReference: Type.Optional(DealerDocument),
});
const ByNumber = closed({ number: DocumentNumber });

export function registerQuoteRoutes(app: App, dependencies: Dependencies): void {
  registerQuoteReads(app, dependencies);

  app.post(
    '/v1/quotes',
    {
      config: {
        permission: 'quotes.create',
        problems: [...PRICING_PROBLEMS, 'QUOTE_VALIDITY_INVALID', 'BUSINESS_DATE_INVALID'],
      },
      schema: {
        tags: ['quotes'],
        summary: 'Quotes a dealer: price, tax and freight, frozen until a day; one refused line refuses the quote',
        body: NewQuote,
        response: { 201: QuoteView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const quote = await createQuote(tx, context, request.body);
        const body = await viewQuote(tx, quote, context.today);
        return { status: 201, body, location: `/v1/quotes/${quote.number}` };
      }),
  );

  app.post(
    '/v1/quotes/:number/withdrawal',
    {
      config: {
        permission: 'quotes.create',
        problems: ['QUOTE_NOT_FOUND', 'QUOTE_ALREADY_ORDERED', 'QUOTE_WITHDRAWN', 'QUOTE_EXPIRED'],
      },
      schema: {
        tags: ['quotes'],
        summary: 'Takes a quote back before it is ordered',
        params: ByNumber,
        response: { 200: QuoteView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const quote = await withdrawQuote(tx, context, request.params.number);
        return { status: 200, body: await viewQuote(tx, quote, context.today) };
      }),
  );
}

function registerQuoteReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/quotes',
    {
      config: { permission: 'quotes.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['quotes'],
        summary: 'Quotes, latest first',
        querystring: closed({
          ...pageQuery,
          dealerCode: Type.Optional(Code),
          state: Type.Optional(oneOf(QUOTE_STATES)),
        }),
        response: { 200: page(QuoteHeaderView) },
      },
    },
    async request => {
      const { principal, today } = contextOf(dependencies, request);
      const { cursor, dealerCode = null, state = null } = request.query;
      const [before] = decodeCursor('quotes', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listQuotes(dependencies.database.reader(), {
        visible: visibleDealer(principal),
        dealerCode,
        state,
        today,
        before: before === undefined ? null : cursorId(before),
        limit: limit + 1,
      });
      return toPage(
        'quotes',
        rows,
        limit,
        row => [row.id],
        row => viewQuoteHeader(row, today),
      );
    },
  );

  app.get(
    '/v1/quotes/:number',
    {
      config: { permission: 'quotes.read', problems: ['QUOTE_NOT_FOUND'] },
      schema: {
        tags: ['quotes'],
        summary: 'One quote with its lines and what is in stock now',
        params: ByNumber,
        response: { 200: QuoteView },
      },
    },
    async (request, reply) => {
      const { principal, today } = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const quote = await getQuote(em, request.params.number, visibleDealer(principal));
      setVersion(reply, quote.version);
      return await viewQuote(em, quote, today);
    },
  );
}
