import { Type } from 'typebox';
import { businessDate } from '../core/business-date.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { setVersion } from '../platform/http/etag.ts';
import {
  BusinessDate,
  closed,
  Instant,
  nullable,
  oneOf,
  PeriodName,
  page,
  pageQuery,
  Version,
} from '../platform/http/schemas.ts';
import { type FiscalPeriod, getPeriod, listPeriods } from './fiscal-period.ts';

const PeriodView = closed(
  {
    name: PeriodName,
    firstOn: BusinessDate,
    lastOn: BusinessDate,
    state: oneOf(['open', 'closed', 'locked']),
    closedAt: nullable(Instant),
    closedBy: nullable(Type.String()),
    version: Version,
  },
  { title: 'Period' },
);

/** Who closed it is the firm's own affair. */
function viewFor(seesActor: boolean) {
  return ({ id: _, closedAt, closedBy, ...period }: FiscalPeriod) => ({
    ...period,
    closedAt: closedAt === null ? null : isoInstant(closedAt),
    closedBy: seesActor ? closedBy : null,
  });
}

export function registerPeriodRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/periods',
    {
      config: { permission: 'periods.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['periods'],
        summary: 'Fiscal periods in order of time; a period exists from its first document on',
        querystring: closed(pageQuery),
        response: { 200: page(PeriodView) },
      },
    },
    async request => {
      const [after = null] = decodeCursor('periods', request.query.cursor, 1) ?? [];
      if (after !== null && !isDate(after)) throw platformProblem('CURSOR_INVALID');
      const limit = pageLimit(request.query.limit);
      const rows = await listPeriods(dependencies.database.reader(), { after, limit: limit + 1 });
      return toPage(
        'periods',
        rows,
        limit,
        ({ firstOn }) => [firstOn],
        viewFor(request.principal?.dealerCode === null),
      );
    },
  );

  app.get(
    '/v1/periods/:name',
    {
      config: { permission: 'periods.read', problems: ['PERIOD_NOT_FOUND'] },
      schema: {
        tags: ['periods'],
        summary: 'One fiscal period',
        params: closed({ name: PeriodName }),
        response: { 200: PeriodView },
      },
    },
    async (request, reply) => {
      const period = await getPeriod(dependencies.database.reader(), request.params.name);
      setVersion(reply, period.version);
      return viewFor(request.principal?.dealerCode === null)(period);
    },
  );
}

function isDate(text: string): boolean {
  try {
    return businessDate(text) === text;
  } catch {
    return false;
  }
}
