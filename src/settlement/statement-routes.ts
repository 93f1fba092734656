import { type Static, Type } from 'typebox';
import { contextOf, visibleDealer } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import {
  Amount,
  BusinessDate,
  Code,
  Currency,
  closed,
  DocumentNumber,
  Instant,
  nullable,
  PartNumber,
  PeriodName,
  page,
  pageQuery,
} from '../platform/http/schemas.ts';
import { AnyDocument, SignedQuantity } from './charge-routes.ts';
import { getStatement, listStatementLines, listStatements, type StatementHeader } from './statement.ts';

const LineText = nullable(Type.String());

const StatementView = closed(
  {
    number: DocumentNumber,
    dealerCode: Code,
    period: PeriodName,
    firstOn: BusinessDate,
    lastOn: BusinessDate,
    currency: Currency,
    opening: Amount,
    movements: Amount,
    closing: Amount,
    lineCount: Type.Integer({ minimum: 0 }),
    hashVersion: Type.String({ examples: ['partledger-statement-1'] }),
    contentHash: Type.String({ description: 'SHA-256 of the CSV file of the statement: `sha256sum` proves it' }),
    frozenAt: Instant,
  },
  { title: 'Statement', description: 'opening + movements = closing, gross amounts' },
);
const LineView = closed(
  {
    position: Type.Integer({ minimum: 1 }),
    document: AnyDocument,
    line: Type.Integer({ minimum: 1 }),
    businessOn: BusinessDate,
    textZh: LineText,
    textEn: LineText,
    partNumber: nullable(PartNumber),
    quantity: SignedQuantity,
    unit: nullable(Type.String()),
    net: Amount,
    tax: Amount,
    gross: Amount,
  },
  { title: 'StatementLine' },
);
const ByNumber = closed({ number: DocumentNumber });

function view({ id: _, frozenAt, ...statement }: StatementHeader): Static<typeof StatementView> {
  return { ...statement, frozenAt: isoInstant(frozenAt) };
}

export function registerStatementRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/statements',
    {
      config: { permission: 'statements.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['statements'],
        summary: 'Frozen statements of account in order of period and dealer',
        querystring: closed({
          ...pageQuery,
          period: Type.Optional(PeriodName),
          dealerCode: Type.Optional(Code),
        }),
        response: { 200: page(StatementView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const { cursor, limit: wanted, period = null, dealerCode = null } = request.query;
      const limit = pageLimit(wanted);
      const rows = await listStatements(dependencies.database.reader(), {
        visible: visibleDealer(principal),
        period,
        dealerCode,
        after: keyOf(decodeCursor('statements', cursor, 2)),
        limit: limit + 1,
      });
      return toPage('statements', rows, limit, row => [row.firstOn, row.dealerCode], view);
    },
  );

  app.get(
    '/v1/statements/:number',
    {
      config: { permission: 'statements.read', problems: ['STATEMENT_NOT_FOUND'] },
      schema: {
        tags: ['statements'],
        summary: 'One frozen statement',
        params: ByNumber,
        response: { 200: StatementView },
      },
    },
    async (request, reply) => {
      const { principal } = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const statement = await getStatement(em, request.params.number, visibleDealer(principal));
      reply.header('etag', `"${statement.contentHash}"`);
      return view(statement);
    },
  );
  registerLines(app, dependencies);
}

function registerLines(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/statements/:number/lines',
    {
      config: { permission: 'statements.read', problems: ['STATEMENT_NOT_FOUND', 'CURSOR_INVALID'] },
      schema: {
        tags: ['statements'],
        summary: 'The lines of a statement in order',
        params: ByNumber,
        querystring: closed(pageQuery),
        response: { 200: page(LineView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const { id, number } = await getStatement(em, request.params.number, visibleDealer(principal));
      const list = `lines ${number}`;
      const [after = '0'] = decodeCursor(list, request.query.cursor, 1) ?? [];
      if (!/^\d{1,9}$/.test(after)) throw platformProblem('CURSOR_INVALID');
      const limit = pageLimit(request.query.limit);
      const rows = await listStatementLines(em, { statementId: id, after: Number(after), limit: limit + 1 });
      return toPage(
        list,
        rows,
        limit,
        ({ position }) => [String(position)],
        line => line,
      );
    },
  );
}

function keyOf(key: readonly string[] | null): { firstOn: string; dealerCode: string } | null {
  if (key === null) return null;
  const [firstOn = '', dealerCode = ''] = key;
  try {
    return { firstOn: businessDate(firstOn), dealerCode };
  } catch {
    throw platformProblem('CURSOR_INVALID');
  }
}
