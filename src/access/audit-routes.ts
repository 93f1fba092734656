import { Type } from 'typebox';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { requireInstant } from '../platform/http/instant.ts';
import { closed, Instant, nullable, oneOf, page, pageQuery } from '../platform/http/schemas.ts';
import { listAuditEntries, type RecordedAuditEntry } from './audit.ts';

const Text = Type.String({ minLength: 1, maxLength: 200 });
const Snapshot = Type.Unknown({ description: 'The subject as it was; personal fields by name only' });
const AuditEntryView = closed(
  {
    at: Instant,
    actor: Type.String({ description: '`person:`, `machine:` or `system:` and the name' }),
    action: Type.String(),
    outcome: oneOf(['done', 'refused']),
    subjectKind: Type.String(),
    subjectId: Type.String(),
    dealerCode: nullable(Type.String()),
    before: Snapshot,
    after: Snapshot,
    requestId: nullable(Type.String()),
  },
  { title: 'AuditEntry' },
);
const AuditQuery = closed({
  ...pageQuery,
  actor: Type.Optional(Text),
  action: Type.Optional(Text),
  subjectKind: Type.Optional(Text),
  subjectId: Type.Optional(Text),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
});

function view({ id: _, ...entry }: RecordedAuditEntry) {
  return entry;
}

export function registerAuditRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/audit-entries',
    {
      config: { permission: 'audit.read', problems: ['CURSOR_INVALID', 'INSTANT_INVALID'] },
      schema: {
        tags: ['audit-entries'],
        summary: 'Who did what, latest first',
        querystring: AuditQuery,
        response: { 200: page(AuditEntryView) },
      },
    },
    async request => {
      const { cursor, limit: asked, from, to, ...filter } = request.query;
      const [before] = decodeCursor('audit-entries', cursor, 1) ?? [];
      const limit = pageLimit(asked);
      const rows = await listAuditEntries(dependencies.database.reader(), {
        ...filter,
        ...(from === undefined ? {} : { from: requireInstant(from) }),
        ...(to === undefined ? {} : { to: requireInstant(to) }),
        before: before === undefined ? null : cursorId(before),
        limit: limit + 1,
      });
      return toPage('audit-entries', rows, limit, row => [row.id], view);
    },
  );
}
