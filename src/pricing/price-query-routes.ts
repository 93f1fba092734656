/** Price queries: what a dealer would pay on a day. Nothing comes into being, so no key is needed and nothing is kept. R4.2, R4.4 */
import { type Static, Type } from 'typebox';
import { contextOf, dealerCodeFor, type Principal } from '../access/index.ts';
import { getDealer } from '../catalog/index.ts';
import { businessDate } from '../core/business-date.ts';
import { amount } from '../core/money.ts';
import { sumTaxed } from '../core/tax.ts';
import type { Reader } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { languageOf } from '../platform/http/problem-handler.ts';
import {
  Amount,
  BusinessDate,
  Code,
  Currency,
  closed,
  DocumentNumber,
  oneOf,
  PartNumber,
  Quantity,
  Rate,
  UnitPrice,
} from '../platform/http/schemas.ts';
import { type FreightLine, freightLines } from './freight-lines.ts';
import { formatTaxed, PRICED_LINES_MAX, type PricedLine, type PricedLines, priceLines } from './price-lines.ts';
import { describeRefusal } from './refusal.ts';

/** Stock by internal part id; handed in at composition, because stock is a later module. */
export type AvailabilityOf = (
  em: Reader,
  wanted: { partIds: readonly string[] },
) => Promise<ReadonlyMap<string, { readonly available: string }>>;

// `type: [string, null]` and not a union: the serialiser would validate each cell against both branches
const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] });
const DateOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Business date' });
const Zone = Type.String({ minLength: 1, maxLength: 40, description: "Freight zone; the dealer's own unless told" });

const PriceQuery = closed({
  dealerCode: Type.Optional(Code),
  kind: Type.Optional(oneOf(['settlement', 'guidance'], 'settlement unless told')),
  on: Type.Optional(BusinessDate),
  lines: Type.Array(closed({ partNumber: PartNumber, quantity: Type.Optional(Quantity) }), {
    minItems: 1,
    maxItems: PRICED_LINES_MAX,
  }),
  freightMode: Type.Optional(oneOf(['with_goods', 'pass_through', 'separate'], 'Adds freight where it is given')),
  carriage: Type.Optional(oneOf(['road', 'express', 'air'], 'road unless told')),
  zone: Type.Optional(Zone),
  availability: Type.Optional(Type.Boolean({ description: 'Adds what is available of each part' })),
});

const taxed = { net: Amount, tax: Amount, gross: Amount };
const Trace = closed({
  list: Code,
  release: DocumentNumber,
  effectiveOn: BusinessDate,
  source: oneOf(['explicit']),
  taxInclusive: Type.Boolean(),
  rounding: oneOf(['half_away_per_line']),
});
const Line = closed({
  line: Type.Integer({ description: 'Place in the query, from 1' }),
  partNumber: PartNumber,
  nameZh: TextOrNull,
  nameEn: TextOrNull,
  unit: Type.String(),
  quantity: Quantity,
  packQuantity: Quantity,
  unitPrice: UnitPrice,
  taxRate: Rate,
  ...taxed,
  validUntil: DateOrNull,
  available: Type.Optional(Quantity),
  trace: Trace,
});
const Refusal = closed({
  line: Type.Integer(),
  partNumber: PartNumber,
  code: Type.String(),
  title: Type.String(),
  detail: Type.String(),
  successor: Type.Optional(PartNumber),
});
const Freight = closed({ textZh: Type.String(), textEn: Type.String(), taxRate: Rate, ...taxed });
const PriceAnswer = closed(
  {
    dealerCode: Code,
    list: Code,
    currency: Currency,
    taxInclusive: Type.Boolean(),
    on: BusinessDate,
    lines: Type.Array(Line),
    refusals: Type.Array(Refusal),
    freight: Type.Array(Freight),
    weightKg: Type.Optional(Quantity),
    totals: closed(taxed),
  },
  { title: 'PriceAnswer' },
);

export function registerPriceQueryRoutes(app: App, dependencies: Dependencies, availabilityOf?: AvailabilityOf): void {
  // one for all requests: nothing here loads entities, and making an entity manager costs as much as a fifth of the answer
  const em = dependencies.database.reader();
  app.post(
    '/v1/price-queries',
    {
      config: {
        permission: 'price-queries.create',
        keyless: true,
        problems: [
          'DEALER_REQUIRED',
          'DEALER_NOT_FOUND',
          'PRICE_LIST_MISSING',
          'TAX_RATE_MISSING',
          'FREIGHT_TARIFF_MISSING',
          'PART_WEIGHT_MISSING',
          'BUSINESS_DATE_INVALID',
          'DECIMAL_TOO_LARGE',
        ],
      },
      schema: {
        tags: ['price-queries'],
        summary: 'Prices of up to 500 lines for a dealer on a day; a line without a price carries its reason',
        body: PriceQuery,
        response: { 200: PriceAnswer },
      },
    },
    async request => {
      const { principal, today } = contextOf(dependencies, request);
      const { body } = request;
      const dealer = await dealerFor(em, principal, body.dealerCode);
      const on = body.on === undefined ? today : businessDate(body.on);
      const priced = await priceLines(em, {
        dealer,
        kind: body.kind ?? 'settlement',
        on,
        lines: body.lines.map(({ partNumber, quantity = '1' }, at) => ({ line: at + 1, partNumber, quantity })),
        forDealer: principal.dealerId !== null,
      });
      const freight = await freightFor(em, body, priced, on);
      const stock =
        body.availability === true && availabilityOf !== undefined
          ? await availabilityOf(em, { partIds: priced.lines.map(({ partId }) => partId) })
          : null;
      const language = languageOf(request);
      return {
        dealerCode: dealer.code,
        list: priced.listCode,
        currency: priced.currency,
        taxInclusive: priced.taxInclusive,
        on,
        lines: stock === null ? priced.lines : priced.lines.map(line => withStock(line, stock)),
        refusals: priced.refusals.map(refusal => describeRefusal(refusal, language)),
        ...freight,
      };
    },
  );
}

/** A dealer's own id stands in its key; staff name the dealer. */
async function dealerFor(em: Reader, principal: Principal, named: string | undefined) {
  const code = dealerCodeFor(principal, named);
  return principal.dealerId === null ? await getDealer(em, code, null) : { id: principal.dealerId, code };
}

async function freightFor(em: Reader, body: Static<typeof PriceQuery>, priced: PricedLines, on: string) {
  if (body.freightMode === undefined) return { freight: [], totals: priced.totals };
  const { weightKg, lines } = await freightLines(em, {
    zone: body.zone ?? priced.zone,
    carriage: body.carriage ?? 'road',
    mode: body.freightMode,
    currency: priced.currency,
    on,
    goods: priced.lines,
  });
  const figures = [priced.totals, ...lines].map(({ net, tax, gross }: Pick<FreightLine, 'net' | 'tax' | 'gross'>) => ({
    net: amount(net),
    tax: amount(tax),
    gross: amount(gross),
  }));
  return { freight: lines, weightKg, totals: formatTaxed(sumTaxed(figures)) };
}

function withStock(line: PricedLine, stock: ReadonlyMap<string, { readonly available: string }>) {
  return { ...line, available: stock.get(line.partId)?.available ?? '0.000' };
}
