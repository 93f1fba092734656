import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { problem as accessProblem, command, type Principal } from '../access/index.ts';
import type { Language } from '../core/problem.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { languageOf } from '../platform/http/problem-handler.ts';
import { closed, Instant, nullable, oneOf, page, pageQuery, Uuid } from '../platform/http/schemas.ts';
import {
  createImport,
  type FindingRow,
  getImport,
  IMPORT_STATES,
  type Import,
  listFindings,
  listImports,
  requestApplication,
  SEVERITIES,
} from './import.ts';
import { getImportKind } from './import-command.ts';
import type { ImportKind } from './import-kind.ts';
import { JOB_STATES } from './job.ts';
import { idOfCursor } from './job-routes.ts';
import { ProblemView, problemView } from './problem-view.ts';
import { requireOptions } from './run-import.ts';
import { storeFile } from './stored-file.ts';
import { receiveUpload, UPLOAD_LIMITS, uploadOf } from './upload.ts';
import { wakeFor } from './wake.ts';

const FINDINGS_SHOWN = 20;

const Kind = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$', examples: ['parts'], description: 'Kind of file' });
const Options = Type.Record(
  Type.String({ pattern: '^[a-z][A-Za-z0-9]*$' }),
  Type.Union([Type.String(), Type.Boolean()]),
  {
    description: 'Options of the kind, as on the command line: `createMissing` is `--create-missing`',
  },
);
const Count = Type.Integer({ minimum: 0 });
const Counts = closed(
  { read: Count, accepted: Count, rejected: Count, warned: Count, created: Count, changed: Count, unchanged: Count },
  { description: 'read = accepted + rejected' },
);
const FindingView = Type.Object(
  {
    severity: oneOf(SEVERITIES),
    line: Type.Integer({ description: 'From 1 at the top of the file' }),
    code: Type.String(),
  },
  { additionalProperties: true, title: 'Finding' },
);
const ImportView = closed(
  {
    id: Uuid,
    kind: Kind,
    state: oneOf(IMPORT_STATES),
    fileName: Type.String(),
    sha256: Type.String(),
    options: Options,
    counts: nullable(Counts),
    result: nullable(Type.Object({}, { additionalProperties: true })),
    problem: nullable(ProblemView),
    requestedBy: Type.String(),
    createdAt: Instant,
    appliedAt: nullable(Instant),
    job: closed({ id: Uuid, state: oneOf(JOB_STATES) }),
  },
  { title: 'Import' },
);
const ImportWithFindings = closed(
  {
    ...ImportView.properties,
    findings: Type.Array(FindingView, { description: `The first ${FINDINGS_SHOWN}; all of them under /findings` }),
  },
  { title: 'ImportWithFindings' },
);
const ById = closed({ id: Uuid });
const Upload = closed({
  kind: Kind,
  options: Type.Optional(Options),
  file: Type.String({ format: 'binary', description: 'CSV (`.gz` too) or .xlsx, told by its content' }),
});

function view(found: Import, language: Language): Static<typeof ImportView> {
  const { jobId, jobState, ...shown } = found;
  return {
    ...shown,
    problem: problemView(found.problem, language),
    createdAt: isoInstant(found.createdAt),
    appliedAt: found.appliedAt && isoInstant(found.appliedAt),
    job: { id: jobId, state: jobState },
  };
}

function findingView({ ordinal: _, ...finding }: FindingRow): Static<typeof FindingView> {
  return finding;
}

/** Whoever may import a kind of file may do by hand what the file does. Throws PERMISSION_MISSING. */
function requirePermission(kind: ImportKind, principal: Principal): void {
  const { permission } = kind;
  if (!principal.permissions.has(permission)) throw accessProblem('PERMISSION_MISSING', { permission });
}

export function registerImportRoutes(app: App, dependencies: Dependencies, kinds: readonly ImportKind[]): void {
  registerUpload(app, dependencies, kinds);
  registerImportReads(app, dependencies);
  app.post(
    '/v1/imports/:id/application',
    {
      config: { permission: 'imports.create', problems: ['NOT_FOUND', 'IMPORT_NOT_APPLICABLE'] },
      schema: {
        tags: ['imports'],
        summary: 'Loads a checked import, by a job',
        params: ById,
        response: { 202: ImportView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { id } = request.params;
        requirePermission(getImportKind(kinds, (await getImport(tx, id)).kind), context.principal);
        const found = await requestApplication(tx, context, id);
        return {
          status: 202,
          body: view(found, languageOf(request)),
          location: `/v1/imports/${id}`,
          committed: wakeFor(dependencies, found.jobId),
        };
      }),
  );
}

function registerUpload(app: App, dependencies: Dependencies, kinds: readonly ImportKind[]): void {
  app.register(async plain => {
    await plain.register(multipart, { limits: UPLOAD_LIMITS });
    const scope = plain.withTypeProvider<TypeBoxTypeProvider>();
    scope.post(
      '/v1/imports',
      {
        config: {
          permission: 'imports.create',
          problems: ['FILE_TOO_LARGE', 'IMPORT_KIND_UNKNOWN', 'IMPORT_OPTIONS_INVALID'],
        },
        schema: {
          tags: ['imports'],
          summary: 'Uploads a file and checks it, by a job; nothing is loaded yet',
          consumes: ['multipart/form-data'],
          body: Upload,
          response: { 202: ImportView },
        },
        preValidation: request => receiveUpload(request, dependencies.files),
      },
      (request, reply) =>
        command(dependencies, request, reply, async (tx, context) => {
          const kind = getImportKind(kinds, request.body.kind);
          requirePermission(kind, context.principal);
          const options = request.body.options ?? {};
          requireOptions(kind, options);
          const { content, name, mediaType } = uploadOf(request);
          const fileId = await storeFile(tx, dependencies.files, {
            content,
            name,
            mediaType,
            dealerId: null,
            createdBy: context.principal.name,
            now: context.now,
          });
          const made = await createImport(tx, context, { kind: kind.kind, fileId, options });
          return {
            status: 202,
            body: view(made, languageOf(request)),
            location: `/v1/imports/${made.id}`,
            committed: wakeFor(dependencies, made.jobId),
          };
        }),
    );
  });
}

function registerImportReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/imports',
    {
      config: { permission: 'imports.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['imports'],
        summary: 'Imports, newest first',
        querystring: closed({ ...pageQuery, kind: Type.Optional(Kind), state: Type.Optional(oneOf(IMPORT_STATES)) }),
        response: { 200: page(ImportView) },
      },
    },
    async request => {
      const { cursor, limit: wanted, kind, state } = request.query;
      const limit = pageLimit(wanted);
      const rows = await listImports(dependencies.database.reader(), {
        kind: kind ?? null,
        state: state ?? null,
        before: idOfCursor('imports', cursor),
        limit: limit + 1,
      });
      return toPage(
        'imports',
        rows,
        limit,
        row => [row.id],
        row => view(row, languageOf(request)),
      );
    },
  );
  app.get(
    '/v1/imports/:id',
    {
      config: { permission: 'imports.read', problems: ['NOT_FOUND'] },
      schema: {
        tags: ['imports'],
        summary: 'One import with its first findings',
        params: ById,
        response: { 200: ImportWithFindings },
      },
    },
    async request => {
      const reader = dependencies.database.reader();
      const found = await getImport(reader, request.params.id);
      const rows = await listFindings(reader, {
        importId: found.id,
        severity: null,
        after: null,
        limit: FINDINGS_SHOWN,
      });
      return { ...view(found, languageOf(request)), findings: rows.map(findingView) };
    },
  );
  registerFindings(app, dependencies);
}

function registerFindings(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/imports/:id/findings',
    {
      config: { permission: 'imports.read', problems: ['NOT_FOUND', 'CURSOR_INVALID'] },
      schema: {
        tags: ['imports'],
        summary: 'What was found in the file: rejected lines, then warnings, then notices',
        params: ById,
        querystring: closed({ ...pageQuery, severity: Type.Optional(oneOf(SEVERITIES)) }),
        response: { 200: page(FindingView) },
      },
    },
    async request => {
      const { cursor, limit: wanted, severity } = request.query;
      const reader = dependencies.database.reader();
      const { id: importId } = await getImport(reader, request.params.id);
      const list = `findings ${importId}`;
      const [after] = decodeCursor(list, cursor, 1) ?? [];
      const limit = pageLimit(wanted);
      const rows = await listFindings(reader, {
        importId,
        severity: severity ?? null,
        after: after === undefined ? null : cursorId(after),
        limit: limit + 1,
      });
      return toPage(list, rows, limit, row => [row.ordinal], findingView);
    },
  );
}
