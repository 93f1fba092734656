import { Type } from 'typebox';
import { command, contextOf, type Principal } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { quantity } from '../core/quantity.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import {
  BusinessDate,
  closed,
  nullable,
  oneOf,
  PartNumber,
  page,
  pageQuery,
  Quantity,
  UnitPrice,
} from '../platform/http/schemas.ts';
import { changePart, costOn, createPart, getPart, listParts, type Part, type PartDraft, setPartCost } from './part.ts';
import { GoodsCode, PART_CLASSES, PartName, PartView, TaxClass, UnitCode, viewPart, Weight } from './part-view.ts';

const changeable = {
  nameZh: Type.Optional(nullable(PartName)),
  nameEn: Type.Optional(nullable(PartName)),
  partClass: Type.Optional(oneOf(PART_CLASSES)),
  unit: Type.Optional(UnitCode),
  goodsCode: Type.Optional(nullable(GoodsCode)),
  goodsShortName: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 40 }))),
  taxClass: Type.Optional(TaxClass),
  weightKg: Type.Optional(nullable(Weight)),
  packQuantity: Type.Optional(Quantity),
  serviceable: Type.Optional(Type.Boolean()),
  activeFrom: Type.Optional(nullable(BusinessDate)),
  activeTo: Type.Optional(nullable(BusinessDate)),
};
const NewPart = closed({ ...changeable, partNumber: PartNumber, partClass: oneOf(PART_CLASSES), unit: UnitCode });
const PartChange = Type.Object(changeable, { additionalProperties: false, minProperties: 1 });
const ByNumber = closed({ partNumber: PartNumber });
const Filter = closed({
  ...pageQuery,
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Beginning of the number, punctuation aside, or a piece of a name',
    }),
  ),
  partClass: Type.Optional(oneOf(PART_CLASSES, 'Staff only')),
});
const DEFAULTS = {
  nameZh: null,
  nameEn: null,
  goodsCode: null,
  goodsShortName: null,
  taxClass: 'part',
  weightKg: null,
  packQuantity: '1',
  serviceable: true,
  activeFrom: null,
  activeTo: null,
} as const satisfies Partial<PartDraft>;

export function registerPartRoutes(app: App, dependencies: Dependencies): void {
  registerPartReads(app, dependencies);
  registerPartWrites(app, dependencies);
}

function registerPartReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/parts',
    {
      config: { permission: 'parts.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['parts'],
        summary: 'Parts in order of number',
        querystring: Filter,
        response: { 200: page(PartView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const forDealer = isDealer(principal);
      const [after = null] = decodeCursor('parts', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      // a dealer cannot ask by class: the answer would tell it
      const partClass = forDealer ? undefined : request.query.partClass;
      const rows = await listParts(dependencies.database.reader(), {
        forDealer,
        q: request.query.q,
        partClass,
        after,
        limit: limit + 1,
      });
      return toPage(
        'parts',
        rows,
        limit,
        row => [row.partNumber],
        row => viewPart(row, forDealer),
      );
    },
  );

  app.get(
    '/v1/parts/:partNumber',
    {
      config: { permission: 'parts.read', problems: ['PART_NOT_FOUND'] },
      schema: {
        tags: ['parts'],
        summary: 'One part; its cost for readers of costs',
        params: ByNumber,
        response: { 200: PartView },
      },
    },
    async (request, reply) => {
      const { principal, today } = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const part = await getPart(em, request.params.partNumber, isDealer(principal));
      setVersion(reply, part.version);
      return await withCost(dependencies, principal, today, part);
    },
  );
}

function registerPartWrites(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/parts',
    {
      config: {
        permission: 'parts.write',
        problems: [
          'PART_NUMBER_TAKEN',
          'PART_UNNAMED',
          'UNIT_UNKNOWN',
          'QUANTITY_NOT_WHOLE',
          'PACK_NOT_POSITIVE',
          'ACTIVE_DATES',
        ],
      },
      schema: { tags: ['parts'], summary: 'Creates a part', body: NewPart, response: { 201: PartView } },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const part = await createPart(tx, context, readDraft({ ...DEFAULTS, ...request.body }));
        return {
          status: 201,
          body: viewPart(part, false),
          location: `/v1/parts/${encodeURIComponent(part.partNumber)}`,
        };
      }),
  );

  app.patch(
    '/v1/parts/:partNumber',
    {
      config: {
        permission: 'parts.write',
        problems: [
          'PART_NOT_FOUND',
          'PART_UNNAMED',
          'UNIT_UNKNOWN',
          'QUANTITY_NOT_WHOLE',
          'PACK_NOT_POSITIVE',
          'PART_CLASS_IN_USE',
          'ACTIVE_DATES',
          'VERSION_MISSING',
          'VERSION_CONFLICT',
        ],
      },
      schema: {
        tags: ['parts'],
        summary: 'Changes a part',
        params: ByNumber,
        body: PartChange,
        response: { 200: PartView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const part = await changePart(
          tx,
          context,
          request.params.partNumber,
          expectedVersion(request),
          readDraft(request.body),
        );
        setVersion(reply, part.version);
        return { status: 200, body: viewPart(part, false) };
      }),
  );

  app.post(
    '/v1/parts/:partNumber/costs',
    {
      config: { permission: 'parts.write', problems: ['PART_NOT_FOUND', 'BUSINESS_DATE_INVALID'] },
      schema: {
        tags: ['parts'],
        summary: 'Sets the standard cost from a day on; the same day again replaces it',
        params: ByNumber,
        body: closed({ fromOn: BusinessDate, cost: UnitPrice }),
        response: { 201: closed({ partNumber: PartNumber, fromOn: BusinessDate, cost: UnitPrice }) },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { partNumber } = request.params;
        await setPartCost(tx, context, partNumber, { ...request.body, fromOn: businessDate(request.body.fromOn) });
        return { status: 201, body: { partNumber, ...request.body } };
      }),
  );
}

function isDealer(principal: Principal): boolean {
  return principal.dealerId !== null;
}

/** Dates and quantities read strictly before they reach SQL. */
function readDraft<Draft extends Partial<PartDraft>>(draft: Draft): Draft {
  for (const date of [draft.activeFrom, draft.activeTo]) if (date !== null && date !== undefined) businessDate(date);
  for (const number of [draft.packQuantity, draft.weightKg])
    if (number !== null && number !== undefined) quantity(number);
  return draft;
}

async function withCost(dependencies: Dependencies, principal: Principal, today: string, part: Part) {
  if (!principal.permissions.has('costs.read')) return viewPart(part, isDealer(principal));
  return viewPart(part, false, await costOn(dependencies.database.reader(), part.id, today));
}
