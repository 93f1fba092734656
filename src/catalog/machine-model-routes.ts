import { Type } from 'typebox';
import { command, contextOf } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { Code, closed, nullable, PartNumber, page, pageQuery, Quantity } from '../platform/http/schemas.ts';
import {
  addBomLines,
  createMachineModel,
  getMachineModel,
  listBomLines,
  listMachineModels,
  type MachineModel,
} from './machine-model.ts';
import { UnitCode } from './part-view.ts';

const BOM_LINES_MAX = 500;
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Mark = Type.String({ minLength: 1, maxLength: 20 });
const ModelView = closed({ code: Code, nameZh: nullable(Name), nameEn: nullable(Name) }, { title: 'MachineModel' });
const ByCode = closed({ code: Code });
const NewBomLine = closed({
  partNumber: PartNumber,
  quantity: Quantity,
  figure: Type.Optional(Mark),
  position: Type.Optional(Mark),
  mainAssembly: Type.Optional(Type.Boolean()),
});
const BomLineView = closed({
  partNumber: PartNumber,
  nameZh: nullable(Type.String()),
  nameEn: nullable(Type.String()),
  unit: UnitCode,
  quantity: Quantity,
  figure: nullable(Mark),
  position: nullable(Mark),
  mainAssembly: Type.Boolean(),
});

const viewModel = ({ code, nameZh, nameEn }: MachineModel) => ({ code, nameZh, nameEn });

export function registerMachineModelRoutes(app: App, dependencies: Dependencies): void {
  registerModels(app, dependencies);
  registerBom(app, dependencies);
}

function registerModels(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/machine-models',
    {
      config: { permission: 'machine-models.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['machine-models'],
        summary: 'Machine models in order of code',
        querystring: closed(pageQuery),
        response: { 200: page(ModelView) },
      },
    },
    async request => {
      const [after = null] = decodeCursor('machine-models', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listMachineModels(dependencies.database.reader(), after, limit + 1);
      return toPage('machine-models', rows, limit, row => [row.code], viewModel);
    },
  );

  app.get(
    '/v1/machine-models/:code',
    {
      config: { permission: 'machine-models.read', problems: ['MODEL_NOT_FOUND'] },
      schema: { tags: ['machine-models'], summary: 'One machine model', params: ByCode, response: { 200: ModelView } },
    },
    async request => viewModel(await getMachineModel(dependencies.database.reader(), request.params.code)),
  );

  app.post(
    '/v1/machine-models',
    {
      config: { permission: 'parts.write', problems: ['MODEL_CODE_TAKEN', 'MODEL_UNNAMED'] },
      schema: {
        tags: ['machine-models'],
        summary: 'Creates a machine model',
        body: closed({ code: Code, nameZh: Type.Optional(nullable(Name)), nameEn: Type.Optional(nullable(Name)) }),
        response: { 201: ModelView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const model = await createMachineModel(tx, context, { nameZh: null, nameEn: null, ...request.body });
        return { status: 201, body: viewModel(model), location: `/v1/machine-models/${model.code}` };
      }),
  );
}

function registerBom(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/machine-models/:code/bom-lines',
    {
      config: { permission: 'machine-models.read', problems: ['MODEL_NOT_FOUND'] },
      schema: {
        tags: ['machine-models'],
        summary: 'Its service BOM by figure and position',
        params: ByCode,
        response: { 200: closed({ items: Type.Array(BomLineView) }) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const lines = await listBomLines(
        dependencies.database.reader(),
        request.params.code,
        principal.dealerId !== null,
      );
      return { items: lines.map(({ id: _, parentId: __, ...line }) => line) };
    },
  );

  app.post(
    '/v1/machine-models/:code/bom-lines',
    {
      config: {
        permission: 'parts.write',
        problems: [
          'MODEL_NOT_FOUND',
          'PART_NOT_FOUND',
          'QUANTITY_NOT_WHOLE',
          'QUANTITY_NOT_POSITIVE',
          'BOM_LINE_TWICE',
        ],
      },
      schema: {
        tags: ['machine-models'],
        summary: 'Adds lines; a line that stands already takes the new quantity',
        params: ByCode,
        body: closed({ lines: Type.Array(NewBomLine, { minItems: 1, maxItems: BOM_LINES_MAX }) }),
        response: { 201: closed({ lines: Type.Integer() }) },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const lines = request.body.lines.map(line => ({ figure: null, position: null, mainAssembly: false, ...line }));
        await addBomLines(tx, context, request.params.code, lines);
        return { status: 201, body: { lines: lines.length } };
      }),
  );
}
