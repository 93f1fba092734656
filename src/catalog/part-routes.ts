import { Type } from 'typebox';
import { problem as accessProblem, type Context, command, contextOf } from '../access/index.ts';
import type { Reader } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import { closed, PartNumber, page, pageQuery } from '../platform/http/schemas.ts';
import { changePart, createPart, getPart, listParts, type Part } from './part.ts';
import { NEW_PART_DEFAULTS, NewPart, PartChange } from './part-body.ts';
import { costsOf, setPartCost } from './part-cost.ts';
import { CostView, PartClassName, PartView, partView } from './part-view.ts';
import { beholderOf } from './part-visibility.ts';

export const ByPartNumber = closed({ partNumber: PartNumber });
const Search = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'Beginning of a number, with or without punctuation, or a piece of a name',
});
const FITTING_PROBLEMS = [
  'PART_UNNAMED',
  'ACTIVE_DATES',
  'UNIT_UNKNOWN',
  'TAX_RATE_MISSING',
  'QUANTITY_NOT_WHOLE',
  'DECIMAL_TOO_LARGE',
  'PACK_NOT_POSITIVE',
  'BUSINESS_DATE_INVALID',
];

/** The address of a part: numbers contain blanks and slashes. */
export function partPath(partNumber: string): string {
  return `/v1/parts/${encodeURIComponent(partNumber)}`;
}

/** Parts as this caller may see them; costs are read only for those who may. */
async function viewsOf(em: Reader, context: Context, parts: readonly Part[]) {
  const ids = parts.map(part => part.id);
  const costs = context.principal.permissions.has('costs.read') ? await costsOf(em, ids) : null;
  return parts.map(part =>
    partView(part, beholderOf(context), costs === null ? undefined : (costs.get(part.id) ?? [])),
  );
}

async function viewOf(em: Reader, context: Context, part: Part) {
  const [view] = await viewsOf(em, context, [part]);
  return view as NonNullable<typeof view>;
}

export function registerPartRoutes(app: App, dependencies: Dependencies): void {
  registerPartReads(app, dependencies);
  registerPartWrites(app, dependencies);
  registerPartCosts(app, dependencies);
}

function registerPartReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/parts',
    {
      config: { permission: 'parts.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['parts'],
        summary:
          'Parts in order of part number; a dealer sees neither class nor cost, nor core and unserviceable parts',
        querystring: closed({
          ...pageQuery,
          q: Type.Optional(Search),
          partClass: Type.Optional(PartClassName),
          active: Type.Optional(Type.Boolean({ description: 'In the catalog today, or not' })),
        }),
        response: { 200: page(PartView) },
      },
    },
    async request => {
      const context = contextOf(dependencies, request);
      const { q, partClass, active, cursor } = request.query;
      const beholder = beholderOf(context);
      // answered, it would tell a dealer the class of every part
      if (beholder.forDealer && partClass !== undefined)
        throw platformProblem('REQUEST_INVALID', { where: 'querystring/partClass', reason: 'is for staff' });
      const [after = null] = decodeCursor('parts', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const em = dependencies.database.reader();
      const rows = await listParts(em, { ...beholder, q, partClass, active, after, limit: limit + 1 });
      const listed = toPage(
        'parts',
        rows,
        limit,
        row => [row.partNumber],
        row => row,
      );
      return { ...listed, items: await viewsOf(em, context, listed.items) };
    },
  );

  app.get(
    '/v1/parts/:partNumber',
    {
      config: { permission: 'parts.read', problems: ['PART_NOT_FOUND'] },
      schema: { tags: ['parts'], summary: 'One part', params: ByPartNumber, response: { 200: PartView } },
    },
    async (request, reply) => {
      const context = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const beholder = beholderOf(context);
      const part = await getPart(em, request.params.partNumber, beholder);
      if (!beholder.forDealer) setVersion(reply, part.version);
      return await viewOf(em, context, part);
    },
  );
}

function registerPartWrites(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/parts',
    {
      config: {
        permission: 'parts.write',
        problems: ['PART_NUMBER_TAKEN', 'PART_NUMBER_INVALID', ...FITTING_PROBLEMS],
      },
      schema: {
        tags: ['parts'],
        summary: 'Creates a part; parts that wait for its number as their successor are linked with it',
        body: NewPart,
        response: { 201: PartView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const part = await createPart(tx, context, { ...NEW_PART_DEFAULTS, ...request.body });
        setVersion(reply, part.version);
        return { status: 201, body: await viewOf(tx, context, part), location: partPath(part.partNumber) };
      }),
  );

  app.patch(
    '/v1/parts/:partNumber',
    {
      config: {
        permission: 'parts.write',
        problems: [
          'PART_NOT_FOUND',
          'VERSION_MISSING',
          'VERSION_CONFLICT',
          'PART_CLASS_IN_USE',
          'PART_UNIT_IN_USE',
          ...FITTING_PROBLEMS,
        ],
      },
      schema: {
        tags: ['parts'],
        summary: 'Changes a part; it becomes core only when it is neither priced nor stocked outside the factory',
        params: ByPartNumber,
        body: PartChange,
        response: { 200: PartView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { partNumber } = request.params;
        const part = await changePart(tx, context, partNumber, expectedVersion(request), request.body);
        setVersion(reply, part.version);
        return { status: 200, body: await viewOf(tx, context, part) };
      }),
  );
}

function registerPartCosts(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/parts/:partNumber/costs',
    {
      config: { permission: 'parts.write', problems: ['PART_NOT_FOUND', 'BUSINESS_DATE_INVALID'] },
      schema: {
        tags: ['parts'],
        summary: 'Sets the standard cost from a day on; the same day again replaces it (needs costs.read, too)',
        params: ByPartNumber,
        body: CostView,
        response: { 201: CostView },
      },
    },
    (request, reply) => {
      const { principal } = contextOf(dependencies, request);
      if (!principal.permissions.has('costs.read'))
        throw accessProblem('PERMISSION_MISSING', { permission: 'costs.read' });
      return command(dependencies, request, reply, async (tx, context) => {
        const { partNumber } = request.params;
        const cost = await setPartCost(tx, context, partNumber, request.body);
        return { status: 201, body: cost, location: partPath(partNumber) };
      });
    },
  );
}
