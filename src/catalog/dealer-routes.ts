import { type Static, Type } from 'typebox';
import { command, contextOf, visibleDealer } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import type { Reader } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import {
  BusinessDate,
  Code,
  Currency,
  closed,
  nullable,
  oneOf,
  page,
  pageQuery,
  Version,
} from '../platform/http/schemas.ts';
import { changeDealer, createDealer, DEALER_KINDS, type Dealer, getDealer, listDealers, TERMS } from './dealer.ts';
import { levelsOn, setDealerLevel } from './dealer-level.ts';

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Kind = oneOf(DEALER_KINDS);
const Terms = oneOf(TERMS);
const Zone = Type.String({ minLength: 1, maxLength: 40, description: 'Freight zone' });
const Level = Type.String({ pattern: '^[A-Z0-9]{1,10}$', description: 'Level of the dealer', examples: ['A'] });
const CreditLimit = Type.String({
  pattern: '^(0|[1-9][0-9]{0,16})\\.[0-9]{2}$',
  maxLength: 32,
  description: 'Gross, in the currency of the dealer; null is no limit',
  examples: ['50000.00'],
});
const CreditCode = Type.String({
  pattern: '^[0-9A-Z]{18}$',
  description: '统一社会信用代码, GB 32100-2015',
  examples: ['91330100799655058B'],
});

const changeable = {
  nameZh: nullable(Name),
  nameEn: nullable(Name),
  zone: nullable(Zone),
  creditLimit: nullable(CreditLimit),
  creditCode: nullable(CreditCode),
};
const DealerView = closed(
  {
    code: Code,
    dealerKind: Kind,
    ...changeable,
    currency: Currency,
    terms: Terms,
    level: { ...nullable(Level), description: 'Level of today' },
    active: Type.Boolean(),
    version: Version,
  },
  { title: 'Dealer' },
);
const NewDealer = closed({
  code: Code,
  currency: Currency,
  dealerKind: Type.Optional(Kind),
  terms: Type.Optional(Terms),
  nameZh: Type.Optional(changeable.nameZh),
  nameEn: Type.Optional(changeable.nameEn),
  zone: Type.Optional(changeable.zone),
  creditLimit: Type.Optional(changeable.creditLimit),
  creditCode: Type.Optional(changeable.creditCode),
});
const DealerChange = Type.Partial(closed({ ...changeable, dealerKind: Kind, terms: Terms, active: Type.Boolean() }), {
  additionalProperties: false,
  minProperties: 1,
});
const LevelView = closed({ level: Level, fromOn: BusinessDate }, { title: 'DealerLevel' });
const ByCode = closed({ code: Code });

async function viewsOf(em: Reader, dealers: readonly Dealer[], today: string): Promise<Static<typeof DealerView>[]> {
  const levels = await levelsOn(
    em,
    dealers.map(dealer => dealer.id),
    today,
  );
  return dealers.map(({ id, ...dealer }) => ({ ...dealer, level: levels.get(id) ?? null }));
}

async function viewOf(em: Reader, dealer: Dealer, today: string) {
  const [view] = await viewsOf(em, [dealer], today);
  return view as NonNullable<typeof view>;
}

export function registerDealerRoutes(app: App, dependencies: Dependencies): void {
  registerDealerReads(app, dependencies);
  registerDealerWrites(app, dependencies);
  registerDealerLevels(app, dependencies);
}

function registerDealerReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/dealers',
    {
      config: { permission: 'dealers.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['dealers'],
        summary: 'Dealers in order of code; a dealer sees itself',
        querystring: closed(pageQuery),
        response: { 200: page(DealerView) },
      },
    },
    async request => {
      const { principal, today } = contextOf(dependencies, request);
      const [after = null] = decodeCursor('dealers', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const em = dependencies.database.reader();
      const rows = await listDealers(em, { visible: visibleDealer(principal), after, limit: limit + 1 });
      const listed = toPage(
        'dealers',
        rows,
        limit,
        row => [row.code],
        row => row,
      );
      return { ...listed, items: await viewsOf(em, listed.items, today) };
    },
  );

  app.get(
    '/v1/dealers/:code',
    {
      config: { permission: 'dealers.read', problems: ['DEALER_NOT_FOUND'] },
      schema: { tags: ['dealers'], summary: 'One dealer', params: ByCode, response: { 200: DealerView } },
    },
    async (request, reply) => {
      const { principal, today } = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const dealer = await getDealer(em, request.params.code, visibleDealer(principal));
      setVersion(reply, dealer.version);
      return await viewOf(em, dealer, today);
    },
  );
}

function registerDealerWrites(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/dealers',
    {
      config: {
        permission: 'dealers.write',
        problems: ['DEALER_CODE_TAKEN', 'DEALER_UNNAMED', 'CREDIT_CODE_INVALID'],
      },
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
        const body = await viewOf(tx, dealer, context.today);
        return { status: 201, body, location: `/v1/dealers/${dealer.code}` };
      }),
  );

  app.patch(
    '/v1/dealers/:code',
    {
      config: {
        permission: 'dealers.write',
        problems: ['DEALER_NOT_FOUND', 'VERSION_MISSING', 'VERSION_CONFLICT', 'DEALER_UNNAMED', 'CREDIT_CODE_INVALID'],
      },
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
        return { status: 200, body: await viewOf(tx, dealer, context.today) };
      }),
  );
}

function registerDealerLevels(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/dealers/:code/levels',
    {
      config: {
        permission: 'dealers.write',
        problems: ['DEALER_NOT_FOUND', 'BUSINESS_DATE_INVALID'],
      },
      schema: {
        tags: ['dealers'],
        summary: 'Gives a dealer a level from a day on; the same day again replaces it',
        params: ByCode,
        body: LevelView,
        response: { 201: LevelView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { code } = request.params;
        const { level, fromOn } = request.body;
        const set = await setDealerLevel(tx, context, code, { level, fromOn: businessDate(fromOn) });
        return { status: 201, body: set, location: `/v1/dealers/${code}` };
      }),
  );
}
