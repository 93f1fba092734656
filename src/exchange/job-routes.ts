import { stat } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { command, contextOf, visibleDealer } from '../access/index.ts';
import type { Language } from '../core/problem.ts';
import { isUuid } from '../core/uuid.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { languageOf } from '../platform/http/problem-handler.ts';
import { closed, Instant, nullable, oneOf, page, pageQuery, Uuid } from '../platform/http/schemas.ts';
import { cancelJob, getJob, JOB_STATES, type JobFile, type JobRow, listJobs } from './job.ts';
import { ProblemView, problemView } from './problem-view.ts';

const Kind = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,39}$',
  examples: ['import-check'],
  description: 'Kind of work',
});
const AnyObject = Type.Object({}, { additionalProperties: true });

const JobView = closed(
  {
    id: Uuid,
    kind: Kind,
    state: oneOf(JOB_STATES),
    requestedBy: Type.String(),
    attempts: Type.Integer({ minimum: 0 }),
    progressDone: Type.Integer({ minimum: 0, description: 'Rows or documents done' }),
    progressTotal: nullable(Type.Integer({ minimum: 0 })),
    result: nullable(AnyObject),
    problem: nullable(ProblemView),
    file: nullable(closed({ name: Type.String(), mediaType: Type.String(), sizeBytes: Type.Integer() })),
    cancelAskedAt: nullable(Instant),
    createdAt: Instant,
    finishedAt: nullable(Instant),
  },
  { title: 'Job' },
);
const ById = closed({ id: Uuid });

function view(job: JobRow, language: Language): Static<typeof JobView> {
  return {
    id: job.id,
    kind: job.kind,
    state: job.state,
    requestedBy: job.requestedBy,
    attempts: job.attempts,
    progressDone: Number(job.progressDone),
    progressTotal: job.progressTotal === null ? null : Number(job.progressTotal),
    result: job.result,
    problem: problemView(job.problem, language),
    file: job.file && { name: job.file.name, mediaType: job.file.mediaType, sizeBytes: job.file.sizeBytes },
    cancelAskedAt: job.cancelAskedAt && isoInstant(job.cancelAskedAt),
    createdAt: isoInstant(job.createdAt),
    finishedAt: job.finishedAt && isoInstant(job.finishedAt),
  };
}

export function registerJobRoutes(app: App, dependencies: Dependencies): void {
  registerJobReads(app, dependencies);
  registerJobFile(app, dependencies);
  app.delete(
    '/v1/jobs/:id',
    {
      config: { permission: 'jobs.read', problems: ['NOT_FOUND', 'JOB_NOT_YOURS', 'JOB_FINISHED'] },
      schema: {
        tags: ['jobs'],
        summary: 'Cancels a job: at once while it waits; a running one ends at its next report, or is done before',
        params: ById,
        response: { 200: JobView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const job = await cancelJob(tx, context, request.params.id);
        return { status: 200, body: view(job, languageOf(request)) };
      }),
  );
}

function registerJobReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/jobs',
    {
      config: { permission: 'jobs.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['jobs'],
        summary: 'Jobs, newest first',
        querystring: closed({
          ...pageQuery,
          state: Type.Optional(oneOf(JOB_STATES)),
          kind: Type.Optional(Kind),
        }),
        response: { 200: page(JobView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const { cursor, limit: wanted, state, kind } = request.query;
      const limit = pageLimit(wanted);
      const rows = await listJobs(dependencies.database.reader(), {
        visible: visibleDealer(principal),
        state: state ?? null,
        kind: kind ?? null,
        before: idOfCursor('jobs', cursor),
        limit: limit + 1,
      });
      return toPage(
        'jobs',
        rows,
        limit,
        row => [row.id],
        row => view(row, languageOf(request)),
      );
    },
  );
  app.get(
    '/v1/jobs/:id',
    {
      config: { permission: 'jobs.read', problems: ['NOT_FOUND'] },
      schema: { tags: ['jobs'], summary: 'One job', params: ById, response: { 200: JobView } },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const job = await getJob(dependencies.database.reader(), request.params.id, visibleDealer(principal));
      return view(job, languageOf(request));
    },
  );
}

function registerJobFile(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/jobs/:id/file',
    {
      config: { permission: 'jobs.read', problems: ['NOT_FOUND'] },
      schema: {
        tags: ['jobs'],
        summary: 'The file a job made',
        params: ById,
        response: {
          200: {
            description: 'The file, of the media type the job names',
            content: { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } },
          },
        },
      },
    },
    async (request, reply) => {
      const { principal } = contextOf(dependencies, request);
      const { id } = request.params;
      const { file } = await getJob(dependencies.database.reader(), id, visibleDealer(principal));
      if (file === null) throw platformProblem('NOT_FOUND', { kind: 'file of job', id });
      return await sendFile(reply, dependencies, file);
    },
  );
}

async function sendFile(reply: FastifyReply, dependencies: Dependencies, file: JobFile): Promise<never> {
  // before the first byte is sent, so that a lost file is an error and not an empty download
  await stat(dependencies.files.pathOf(file.sha256));
  reply.header('content-length', file.sizeBytes);
  reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeFileName(file.name)}`);
  reply.header('etag', `"${file.sha256}"`);
  return reply.type(file.mediaType).send(dependencies.files.read(file.sha256)) as never;
}

/** RFC 8187 §3.2.1: what encodeURIComponent leaves and the header does not take. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The UUID on which a page ended. Throws CURSOR_INVALID. */
export function idOfCursor(list: string, cursor: string | undefined): string | null {
  const [id = null] = decodeCursor(list, cursor, 1) ?? [];
  if (id !== null && !isUuid(id)) throw platformProblem('CURSOR_INVALID');
  return id;
}
