import { type Static, Type } from 'typebox';
import { command } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { setVersion } from '../platform/http/etag.ts';
import { Code, Currency, closed, nullable, oneOf, page, pageQuery, Version } from '../platform/http/schemas.ts';
import { createPriceList, getPriceList, listPriceLists, type PriceList } from './price-list.ts';

const Name = Type.String({ minLength: 1, maxLength: 200 });
const identity = {
  code: Code,
  kind: oneOf(['settlement', 'guidance'], 'What dealers pay, or what the market is advised to pay'),
  currency: Currency,
  taxInclusive: Type.Boolean({ description: 'Do the prices contain tax?' }),
};

const PriceListView = closed(
  { ...identity, nameZh: nullable(Name), nameEn: nullable(Name), version: Version },
  { title: 'PriceList' },
);
const NewPriceList = closed({
  ...identity,
  nameZh: Type.Optional(nullable(Name)),
  nameEn: Type.Optional(nullable(Name)),
});

function view({ id: _, ...list }: PriceList): Static<typeof PriceListView> {
  return list;
}

export function registerPriceListRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/price-lists',
    {
      config: { permission: 'price-lists.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['price-lists'],
        summary: 'Price lists in order of code',
        querystring: closed(pageQuery),
        response: { 200: page(PriceListView) },
      },
    },
    async request => {
      const [after = null] = decodeCursor('price-lists', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listPriceLists(dependencies.database.reader(), after, limit + 1);
      return toPage('price-lists', rows, limit, row => [row.code], view);
    },
  );

  app.get(
    '/v1/price-lists/:code',
    {
      config: { permission: 'price-lists.read', problems: ['PRICE_LIST_NOT_FOUND'] },
      schema: {
        tags: ['price-lists'],
        summary: 'One price list',
        params: closed({ code: Code }),
        response: { 200: PriceListView },
      },
    },
    async (request, reply) => {
      const list = await getPriceList(dependencies.database.reader(), request.params.code);
      setVersion(reply, list.version);
      return view(list);
    },
  );

  app.post(
    '/v1/price-lists',
    {
      config: {
        permission: 'price-lists.write',
        problems: ['PRICE_LIST_CODE_TAKEN', 'PRICE_LIST_EXISTS', 'CURRENCY_INVALID'],
      },
      schema: {
        tags: ['price-lists'],
        summary: 'Makes an empty price list; its prices come by release',
        body: NewPriceList,
        response: { 201: PriceListView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const list = await createPriceList(tx, context, request.body);
        return { status: 201, body: view(list), location: `/v1/price-lists/${list.code}` };
      }),
  );
}
