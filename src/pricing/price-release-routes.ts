import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type Context, command } from '../access/index.ts';
import { isoInstant, type Tx } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import {
  BusinessDate,
  Code,
  closed,
  DocumentNumber,
  Instant,
  nullable,
  oneOf,
  PartNumber,
  page,
  pageQuery,
  UnitPrice,
  Version,
} from '../platform/http/schemas.ts';
import { getRelease, listReleases, type PriceRelease } from './price-release.ts';
import {
  addReleaseLines,
  listReleaseLines,
  RELEASE_LINES_A_CALL_MAX,
  type ReleaseLine,
  releaseDiff,
} from './release-line.ts';
import {
  approveRelease,
  draftRelease,
  publishRelease,
  type ReleaseStep,
  submitRelease,
  withdrawRelease,
} from './release-steps.ts';

const State = oneOf(['draft', 'submitted', 'approved', 'published', 'withdrawn']);
const Person = Type.String({ description: '`person:<login>` or `machine:<name>`' });
const Percent = Type.String({ description: 'Percent of the former price, two decimals', examples: ['2.50'] });
const Note = Type.String({ minLength: 1, maxLength: 1000 });
const Count = Type.Integer({ minimum: 0 });

const identity = {
  number: DocumentNumber,
  priceList: Code,
  state: State,
  effectiveOn: BusinessDate,
  note: nullable(Note),
  createdBy: Person,
  submittedBy: nullable(Person),
  approvedBy: nullable(Person),
  publishedBy: nullable(Person),
  withdrawnBy: nullable(Person),
  createdAt: Instant,
  publishedAt: nullable(Instant),
  version: Version,
};
const ReleaseView = closed(identity, { title: 'PriceRelease' });
const Diff = closed({
  lines: Count,
  new: Count,
  raised: Count,
  lowered: Count,
  unchanged: Count,
  averageChangePercent: nullable(Percent),
  highestChangePercent: nullable(Percent),
  lowestChangePercent: nullable(Percent),
});
const ReleaseWithDiff = closed({ ...identity, diff: Diff }, { title: 'PriceReleaseWithDiff' });
const LineView = closed(
  {
    partNumber: PartNumber,
    nameZh: nullable(Type.String()),
    nameEn: nullable(Type.String()),
    unitPrice: UnitPrice,
    formerPrice: nullable(UnitPrice),
    changePercent: nullable(Percent),
  },
  { title: 'PriceReleaseLine' },
);
const NewLines = (minItems: number) =>
  Type.Array(closed({ partNumber: PartNumber, unitPrice: UnitPrice }), {
    minItems,
    maxItems: RELEASE_LINES_A_CALL_MAX,
  });
const NewRelease = closed({
  priceList: Code,
  effectiveOn: BusinessDate,
  note: Type.Optional(nullable(Note)),
  lines: Type.Optional(NewLines(0)),
});
const ByNumber = closed({ number: DocumentNumber });
const LINE_PROBLEMS = [
  'RELEASE_LINES_REPEATED',
  'PART_NOT_FOUND',
  'PART_CORE_IP',
  'PRICE_POSTS_AS_ZERO',
  'DECIMAL_TOO_LARGE',
];

function view({ id: _, priceListId: __, editedBy: ___, ...release }: PriceRelease): Static<typeof ReleaseView> {
  return {
    ...release,
    createdAt: isoInstant(release.createdAt),
    publishedAt: release.publishedAt === null ? null : isoInstant(release.publishedAt),
  };
}

function lineView({ partId: _, ...line }: ReleaseLine): Static<typeof LineView> {
  return line;
}

/** If-Match where it is sent; a POST is safe against repetition by its key. */
function versionIfSent(request: FastifyRequest): number | null {
  return request.headers['if-match'] === undefined ? null : expectedVersion(request);
}

export function registerPriceReleaseRoutes(app: App, dependencies: Dependencies): void {
  registerReading(app, dependencies);
  registerDrafting(app, dependencies);
  const step = registerStep(app, dependencies);
  step('submission', 'price-releases.write', 'Closes a draft for approval', submitRelease, ['RELEASE_EMPTY']);
  step('approval', 'price-releases.approve', 'Approves what somebody else made', approveRelease, [
    'SECOND_PERSON_REQUIRED',
  ]);
  step('publication', 'price-releases.write', 'Puts the prices in force', publishRelease, [
    'PART_CORE_IP',
    'RELEASE_OVERTAKEN',
    'RELEASE_BACKDATED',
  ]);
  step('withdrawal', 'price-releases.write', 'Gives up a release that is not published', withdrawRelease, []);
}

function registerReading(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/price-releases',
    {
      config: { permission: 'price-releases.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['price-releases'],
        summary: 'Releases, latest first',
        querystring: closed({ ...pageQuery, priceList: Type.Optional(Code), state: Type.Optional(State) }),
        response: { 200: page(ReleaseView) },
      },
    },
    async request => {
      const { cursor, priceList = null, state = null } = request.query;
      const [last] = decodeCursor('price-releases', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const before = last === undefined ? null : cursorId(last);
      const filter = { priceList, state, before, limit: limit + 1 };
      const rows = await listReleases(dependencies.database.reader(), filter);
      return toPage('price-releases', rows, limit, row => [row.id], view);
    },
  );

  app.get(
    '/v1/price-releases/:number',
    {
      config: { permission: 'price-releases.read', problems: ['PRICE_RELEASE_NOT_FOUND'] },
      schema: {
        tags: ['price-releases'],
        summary: 'One release with what it changes',
        params: ByNumber,
        response: { 200: ReleaseWithDiff },
      },
    },
    async (request, reply) => {
      const em = dependencies.database.reader();
      const release = await getRelease(em, request.params.number);
      setVersion(reply, release.version);
      return { ...view(release), diff: await releaseDiff(em, release) };
    },
  );

  app.get(
    '/v1/price-releases/:number/lines',
    {
      config: { permission: 'price-releases.read', problems: ['PRICE_RELEASE_NOT_FOUND', 'CURSOR_INVALID'] },
      schema: {
        tags: ['price-releases'],
        summary: 'Lines of a release beside the prices they replace',
        params: ByNumber,
        querystring: closed(pageQuery),
        response: { 200: page(LineView) },
      },
    },
    async request => {
      const em = dependencies.database.reader();
      const release = await getRelease(em, request.params.number);
      const list = `price-releases/${release.number}`;
      const [last] = decodeCursor(list, request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listReleaseLines(em, release, last === undefined ? null : cursorId(last), limit + 1);
      return toPage(list, rows, limit, row => [row.partId], lineView);
    },
  );
}

function registerDrafting(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/price-releases',
    {
      config: {
        permission: 'price-releases.write',
        problems: ['PRICE_LIST_NOT_FOUND', 'BUSINESS_DATE_INVALID', ...LINE_PROBLEMS],
      },
      schema: {
        tags: ['price-releases'],
        summary: 'Drafts a release of a price list',
        body: NewRelease,
        response: { 201: ReleaseView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const release = await draftRelease(tx, context, request.body);
        return { status: 201, body: view(release), location: `/v1/price-releases/${release.number}` };
      }),
  );

  app.post(
    '/v1/price-releases/:number/lines',
    {
      config: {
        permission: 'price-releases.write',
        problems: ['PRICE_RELEASE_NOT_FOUND', 'VERSION_CONFLICT', 'RELEASE_STATE', ...LINE_PROBLEMS],
      },
      schema: {
        tags: ['price-releases'],
        summary: 'Adds lines to a draft, or gives parts on it another price',
        params: ByNumber,
        body: closed({ lines: NewLines(1) }),
        response: { 200: ReleaseView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { number } = request.params;
        const release = await addReleaseLines(tx, context, number, request.body.lines, versionIfSent(request));
        setVersion(reply, release.version);
        return { status: 200, body: view(release) };
      }),
  );
}

type Step = (tx: Tx, context: Context, step: ReleaseStep) => Promise<PriceRelease>;

/** The steps differ in who may take them and what they do, not in how they are asked for. */
function registerStep(app: App, dependencies: Dependencies) {
  return (noun: string, permission: string, summary: string, verb: Step, problems: readonly string[]): void => {
    app.post(
      `/v1/price-releases/:number/${noun}`,
      {
        config: { permission, problems: ['PRICE_RELEASE_NOT_FOUND', 'VERSION_CONFLICT', 'RELEASE_STATE', ...problems] },
        schema: { tags: ['price-releases'], summary, params: ByNumber, response: { 200: ReleaseView } },
      },
      (request, reply) =>
        command(dependencies, request, reply, async (tx, context) => {
          const step = { number: request.params.number, expectedVersion: versionIfSent(request) };
          const release = await verb(tx, context, step);
          setVersion(reply, release.version);
          return { status: 200, body: view(release) };
        }),
    );
  };
}
