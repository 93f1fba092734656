import { type Static, Type } from 'typebox';
import { contextOf, visibleDealer } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import {
  Amount,
  BusinessDate,
  Code,
  Currency,
  closed,
  Instant,
  nullable,
  oneOf,
  PartNumber,
  PeriodName,
  page,
  pageQuery,
  Rate,
} from '../platform/http/schemas.ts';
import { getAccount } from './account.ts';
import { type Charge, listCharges } from './charge.ts';

/** Printed on an invoice of the past, so whatever characters it had. */
export const AnyDocument = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Number of a document, as printed',
  examples: ['536365'],
});
export const SignedQuantity = Type.String({
  pattern: '^-?(0|[1-9][0-9]{0,10})\\.[0-9]{3}$',
  description: 'Three decimals; negative on a credit',
  examples: ['6.000'],
});
const Price = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})\\.[0-9]{4}$', examples: ['12.3400'] });
const LineText = nullable(Type.String({ description: 'As sold: it never changes' }));

const ChargeView = closed(
  {
    dealerCode: Code,
    period: PeriodName,
    documentKind: oneOf(['shipment', 'history']),
    document: AnyDocument,
    line: Type.Integer({ minimum: 1 }),
    businessOn: BusinessDate,
    postedAt: Instant,
    chargeKind: oneOf(['goods', 'freight']),
    partNumber: nullable(PartNumber),
    textZh: LineText,
    textEn: LineText,
    unit: nullable(Type.String()),
    quantity: SignedQuantity,
    unitPrice: Price,
    taxRate: Rate,
    currency: Currency,
    net: Amount,
    tax: Amount,
    gross: Amount,
    statement: nullable(
      Type.String({ description: 'The frozen statement it stands on; null while its period is open' }),
    ),
  },
  { title: 'Charge' },
);

const AccountView = closed(
  {
    dealerCode: Code,
    currency: Currency,
    balance: Amount,
    openOrders: Amount,
    creditLimit: nullable(Amount),
    available: nullable(Amount),
  },
  {
    title: 'DealerAccount',
    description: 'Gross amounts. available = creditLimit − balance − openOrders; null = no limit',
  },
);

function view({ id: _, postedAt, ...charge }: Charge): Static<typeof ChargeView> {
  return { ...charge, postedAt: isoInstant(postedAt) };
}

export function registerChargeRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/charges',
    {
      config: { permission: 'charges.read', problems: ['CURSOR_INVALID', 'BUSINESS_DATE_INVALID'] },
      schema: {
        tags: ['charges'],
        summary: 'What dealers were charged, in the order of posting',
        querystring: closed({
          ...pageQuery,
          dealerCode: Type.Optional(Code),
          period: Type.Optional(PeriodName),
          document: Type.Optional(AnyDocument),
          from: Type.Optional(BusinessDate),
          to: Type.Optional(BusinessDate),
        }),
        response: { 200: page(ChargeView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const { cursor, limit: wanted, from, to, ...filter } = request.query;
      const [after] = decodeCursor('charges', cursor, 1) ?? [];
      const limit = pageLimit(wanted);
      const rows = await listCharges(dependencies.database.reader(), {
        ...filter,
        from: from && businessDate(from),
        to: to && businessDate(to),
        visible: visibleDealer(principal),
        after: after === undefined ? null : cursorId(after),
        limit: limit + 1,
      });
      return toPage('charges', rows, limit, ({ id }) => [id], view);
    },
  );

  app.get(
    '/v1/dealers/:code/account',
    {
      config: { permission: 'charges.read', problems: ['DEALER_NOT_FOUND'] },
      schema: {
        tags: ['charges'],
        summary: 'What a dealer owes, has on order and may still order',
        params: closed({ code: Code }),
        response: { 200: AccountView },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      return await getAccount(dependencies.database.reader(), request.params.code, visibleDealer(principal));
    },
  );
}
