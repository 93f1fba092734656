import { type Static, Type } from 'typebox';
import { command } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { Code, closed, nullable, oneOf, page, pageQuery } from '../platform/http/schemas.ts';
import { createLocation, getLocation, LOCATION_KINDS, type Location, listLocations } from './location.ts';

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Kind = oneOf(LOCATION_KINDS, 'What the place is; a core-IP part may only go to some of them');

const LocationView = closed(
  {
    code: Code,
    kind: Kind,
    nameZh: nullable(Name),
    nameEn: nullable(Name),
    dealerCode: nullable(Code),
    counted: Type.Boolean({ description: 'Stock is counted here; other kinds are the edges of the stock' }),
    active: Type.Boolean(),
  },
  { title: 'Location' },
);

function view({ id: _, ...location }: Location): Static<typeof LocationView> {
  return location;
}

export function registerLocationRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/locations',
    {
      config: { permission: 'locations.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['locations'],
        summary: 'Locations in order of code',
        querystring: closed({ ...pageQuery, kind: Type.Optional(Kind) }),
        response: { 200: page(LocationView) },
      },
    },
    async request => {
      const [after = null] = decodeCursor('locations', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listLocations(dependencies.database.reader(), {
        kind: request.query.kind ?? null,
        after,
        limit: limit + 1,
      });
      return toPage('locations', rows, limit, row => [row.code], view);
    },
  );

  app.get(
    '/v1/locations/:code',
    {
      config: { permission: 'locations.read', problems: ['LOCATION_NOT_FOUND'] },
      schema: {
        tags: ['locations'],
        summary: 'One location',
        params: closed({ code: Code }),
        response: { 200: LocationView },
      },
    },
    async request => view(await getLocation(dependencies.database.reader(), request.params.code)),
  );

  app.post(
    '/v1/locations',
    {
      config: {
        permission: 'locations.write',
        problems: ['LOCATION_CODE_TAKEN', 'LOCATION_DEALER_RULE', 'DEALER_NOT_FOUND'],
      },
      schema: {
        tags: ['locations'],
        summary: 'Creates a location',
        body: closed({
          code: Code,
          kind: Kind,
          nameZh: Name,
          nameEn: Type.Optional(nullable(Name)),
          dealerCode: Type.Optional(Code),
        }),
        response: { 201: LocationView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const location = await createLocation(tx, context, { nameEn: null, dealerCode: null, ...request.body });
        return { status: 201, body: view(location), location: `/v1/locations/${location.code}` };
      }),
  );
}
