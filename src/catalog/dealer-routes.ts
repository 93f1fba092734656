import { type Static, Type } from 'typebox';
import { command, contextOf, visibleDealer } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import { Amount, Code, Currency, closed, nullable, oneOf, page, pageQuery, Version } from '../platform/http/schemas.ts';
import { changeDealer, createDealer, type Dealer, getDealer, listDealers } from './dealer.ts';

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Kind = oneOf(['dealer', 'authorised_service_station', 'own_branch']);
const Terms = oneOf(['per_order', 'monthly', 'quarterly']);
const Zone = Type.String({ minLength: 1, maxLength: 40, description: 'Freight zone' });

const DealerView = closed(
  {
    code: Code,
    dealerKind: Kind,
    nameZh: nullable(Name),
    nameEn: nullable(Name),
    currency: Currency,
    zone: nullable(Zone),
    terms: Terms,
    creditLimit: nullable(Amount),
    active: Type.Boolean(),
    version: Version,
  },
  { title: 'Dealer' },
);

const changeable = {
  nameZh: nullable(Name),
  nameEn: nullable(Name),
  zone: nullable(Zone),
  creditLimit: nullable(Amount),
};
const NewDealer = closed({
  code: Code,
  currency: Currency,
  dealerKind: Type.Optional(Kind),
  terms: Type.Optional(Terms),
  nameZh: Type.Optional(changeable.nameZh),
  nameEn: Type.Optional(changeable.nameEn),
  zone: Type.Optional(changeable.zone),
  creditLimit: Type.Optional(changeable.creditLimit),
});
const DealerChange = Type.Partial(closed({ ...changeable, dealerKind: Kind, terms: Terms, active: Type.Boolean() }), {
  additionalProperties: false,
  minProperties: 1,
});
const ByCode = closed({ code: Code });

function view({ id: _, ...dealer }: Dealer): Static<typeof DealerView> {
  return dealer;
}

export function registerDealerRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/dealers',
    {
      config: { permission: 'dealers.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['dealers'],
        summary: 'Dealers in order of code',
        querystring: closed(pageQuery),
        response: { 200: page(DealerView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const [after = null] = decodeCursor('dealers', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listDealers(dependencies.database.reader(), {
        visible: visibleDealer(principal),
        after,
        limit: limit + 1,
      });
      return toPage('dealers', rows, limit, row => [row.code], view);
    },
  );

  app.get(
    '/v1/dealers/:code',
    {
      config: { permission: 'dealers.read', problems: ['DEALER_NOT_FOUND'] },
      schema: { tags: ['dealers'], summary: 'One dealer', params: ByCode, response: { 200: DealerView } },
    },
    async (request, reply) => {
      const { principal } = contextOf(dependencies, request);
      const dealer = await getDealer(dependencies.database.reader(), request.params.code, visibleDealer(principal));
      setVersion(reply, dealer.version);
      return view(dealer);
    },
  );

  app.post(
    '/v1/dealers',
    {
      config: { permission: 'dealers.write', problems: ['DEALER_CODE_TAKEN'] },
      schema: {
        tags: ['dealers'],
        summary: 'Creates a dealer with its account',
        body: NewDealer,
        response: { 201: DealerView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const defaults = {
          dealerKind: 'dealer',
          terms: 'per_order',
          nameZh: null,
          nameEn: null,
          zone: null,
          creditLimit: null,
        } as const;
        const dealer = await createDealer(tx, context, { ...defaults, ...request.body });
        return { status: 201, body: view(dealer), location: `/v1/dealers/${dealer.code}` };
      }),
  );

  app.patch(
    '/v1/dealers/:code',
    {
      config: { permission: 'dealers.write', problems: ['DEALER_NOT_FOUND', 'VERSION_MISSING', 'VERSION_CONFLICT'] },
      schema: {
        tags: ['dealers'],
        summary: 'Changes a dealer',
        params: ByCode,
        body: DealerChange,
        response: { 200: DealerView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const dealer = await changeDealer(tx, context, request.params.code, expectedVersion(request), request.body);
        setVersion(reply, dealer.version);
        return { status: 200, body: view(dealer) };
      }),
  );
}
