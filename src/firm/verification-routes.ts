import { Type } from 'typebox';
import { appendAudit, command } from '../access/index.ts';
import { isUuid } from '../core/uuid.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { closed, Instant, page, pageQuery, Uuid } from '../platform/http/schemas.ts';
import { DISAGREEMENTS_MAX, getVerification, listVerifications, type Verification, verify } from './verification.ts';
import type { VerifyCheck } from './verify-check.ts';

const DisagreementView = closed({
  subject: Type.String({ description: 'What disagrees, by its number' }),
  expected: Type.String(),
  found: Type.String(),
});
const VerificationView = closed(
  {
    id: Uuid,
    requestedBy: Type.String(),
    startedAt: Instant,
    finishedAt: Instant,
    ok: Type.Boolean({ description: 'Every check agrees' }),
    checks: Type.Array(
      closed({
        name: Type.String({ examples: ['balances-match-postings'] }),
        ok: Type.Boolean(),
        disagreements: Type.Array(DisagreementView, { maxItems: DISAGREEMENTS_MAX }),
      }),
    ),
  },
  { title: 'Verification' },
);

function view(verification: Verification) {
  const checks = verification.checks.map(({ name, ok, disagreements }) => ({
    name,
    ok,
    disagreements: [...disagreements],
  }));
  return { ...verification, checks };
}

export function registerVerificationRoutes(app: App, dependencies: Dependencies, checks: readonly VerifyCheck[]): void {
  app.get(
    '/v1/verifications',
    {
      config: { permission: 'verifications.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['verifications'],
        summary: 'Proofs that were run, the latest first',
        querystring: closed(pageQuery),
        response: { 200: page(VerificationView) },
      },
    },
    async request => {
      const [before = null] = decodeCursor('verifications', request.query.cursor, 1) ?? [];
      if (before !== null && !isUuid(before)) throw platformProblem('CURSOR_INVALID');
      const limit = pageLimit(request.query.limit);
      const rows = await listVerifications(dependencies.database.reader(), { before, limit: limit + 1 });
      return toPage('verifications', rows, limit, ({ id }) => [id], view);
    },
  );

  app.get(
    '/v1/verifications/:id',
    {
      config: { permission: 'verifications.read', problems: ['NOT_FOUND'] },
      schema: {
        tags: ['verifications'],
        summary: 'One proof with every disagreement',
        params: closed({ id: Uuid }),
        response: { 200: VerificationView },
      },
    },
    async request => view(await getVerification(dependencies.database.reader(), request.params.id)),
  );

  app.post(
    '/v1/verifications',
    {
      config: { permission: 'verifications.create', problems: [] },
      schema: {
        tags: ['verifications'],
        summary: 'Proves now that the figures agree',
        response: { 201: VerificationView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const done = await verify(tx, checks, context.principal.name, dependencies.clock);
        await appendAudit(tx, context, {
          action: 'verification.run',
          subjectKind: 'verification',
          subjectId: done.id,
          after: { ok: done.ok },
        });
        return { status: 201, body: view(done), location: `/v1/verifications/${done.id}` };
      }),
  );
}
