import { Type } from 'typebox';
import { contextOf, visibleDealer } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { closed, DocumentNumber, oneOf } from '../platform/http/schemas.ts';
import type { FrozenStatement } from './frozen-statement.ts';
import { getStatement, loadStatements, requireUnaltered } from './statement.ts';
import { renderStatement, type StatementFormat, statementFileName } from './statement-document.ts';

const MEDIA_TYPES: Readonly<Record<StatementFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
};
const Binary = { schema: Type.String({ format: 'binary' }) };

export function registerStatementFileRoute(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/statements/:number/file',
    {
      config: { permission: 'statements.read', problems: ['STATEMENT_NOT_FOUND', 'STATEMENT_ALTERED'] },
      schema: {
        tags: ['statements'],
        summary: 'The statement as a file, from its frozen rows; the CSV is what the content hash is of',
        params: closed({ number: DocumentNumber }),
        querystring: closed({
          format: oneOf(['xlsx', 'pdf', 'csv']),
          language: Type.Optional(oneOf(['zh', 'en'], 'Chinese unless told; CSV holds both')),
        }),
        response: {
          200: {
            description: 'The file; its ETag is the content hash of the statement',
            content: { [MEDIA_TYPES.xlsx]: Binary, [MEDIA_TYPES.pdf]: Binary, 'text/csv': Binary },
          },
          304: { description: 'The file of If-None-Match is still the one', type: 'null' },
        },
      },
    },
    async (request, reply) => {
      const { principal } = contextOf(dependencies, request);
      const { format, language = 'zh' } = request.query;
      const em = dependencies.database.reader();
      const { id, contentHash } = await getStatement(em, request.params.number, visibleDealer(principal));
      reply.header('etag', `"${contentHash}"`).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === `"${contentHash}"`)
        return reply
          .code(304)
          .type(MEDIA_TYPES[format])
          .send('' as never) as never;
      const [statement] = (await loadStatements(em, [id], language)) as [FrozenStatement];
      requireUnaltered(statement);
      const file = await renderStatement(statement, format, language);
      const name = encodeURIComponent(statementFileName(statement, format)).replace(/['()*]/g, percent);
      reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`);
      return reply.type(MEDIA_TYPES[format]).send(file as never) as never;
    },
  );
}

/** RFC 8187 §3.2.1: what encodeURIComponent leaves and the header does not take. */
function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}
