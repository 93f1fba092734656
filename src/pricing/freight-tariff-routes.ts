import { type Static, Type } from 'typebox';
import { command } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import {
  BusinessDate,
  Currency,
  closed,
  nullable,
  oneOf,
  PriceAmount,
  page,
  pageQuery,
  Quantity,
} from '../platform/http/schemas.ts';
import { createFreightTariff, type FreightTariff, listFreightTariffs } from './freight-tariff.ts';

const Zone = Type.String({ minLength: 1, maxLength: 40, description: 'Freight zone, as on the dealer' });
const tariff = {
  zone: Zone,
  carriage: oneOf(['road', 'express', 'air']),
  currency: Currency,
  firstWeightKg: Quantity,
  firstPrice: PriceAmount,
  continuedWeightKg: Quantity,
  continuedPrice: PriceAmount,
  validFrom: BusinessDate,
};
const TariffView = closed(
  { ...tariff, freeFrom: nullable(PriceAmount), validUntil: nullable(BusinessDate) },
  { title: 'FreightTariff' },
);
const NewTariff = closed({
  ...tariff,
  freeFrom: Type.Optional(nullable(PriceAmount)),
  validUntil: Type.Optional(nullable(BusinessDate)),
});

function view({ id: _, ...row }: FreightTariff): Static<typeof TariffView> {
  return row;
}

export function registerFreightTariffRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/freight-tariffs',
    {
      config: { permission: 'freight-tariffs.read', problems: ['CURSOR_INVALID', 'BUSINESS_DATE_INVALID'] },
      schema: {
        tags: ['freight-tariffs'],
        summary: 'Freight tariffs, latest first',
        querystring: closed({ ...pageQuery, zone: Type.Optional(Zone), on: Type.Optional(BusinessDate) }),
        response: { 200: page(TariffView) },
      },
    },
    async request => {
      const { cursor, zone = null, on } = request.query;
      const [last] = decodeCursor('freight-tariffs', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listFreightTariffs(dependencies.database.reader(), {
        zone,
        on: on === undefined ? null : businessDate(on),
        before: last === undefined ? null : cursorId(last),
        limit: limit + 1,
      });
      return toPage('freight-tariffs', rows, limit, row => [row.id], view);
    },
  );

  app.post(
    '/v1/freight-tariffs',
    {
      config: {
        permission: 'freight-tariffs.write',
        problems: ['FREIGHT_TARIFF_OVERLAP', 'FREIGHT_TARIFF_INVALID', 'BUSINESS_DATE_INVALID', 'CURRENCY_INVALID'],
      },
      schema: {
        tags: ['freight-tariffs'],
        summary: 'Adds a tariff; the one in force for zone, carriage and currency ends the day before',
        body: NewTariff,
        response: { 201: TariffView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        return { status: 201, body: view(await createFreightTariff(tx, context, request.body)) };
      }),
  );
}
