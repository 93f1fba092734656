import { type Static, Type } from 'typebox';
import { command, contextOf } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { Code, closed, nullable, PartNumber, page, pageQuery, Quantity } from '../platform/http/schemas.ts';
import { createMachineModel, getMachineModel, listMachineModels, type MachineModel } from './machine-model.ts';
import { PartName, Unit } from './part-view.ts';
import { beholderOf } from './part-visibility.ts';
import { addBomLines, BOM_LINES_MAX, type BomLine, listBomLines } from './service-bom.ts';

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Place = Type.String({ minLength: 1, maxLength: 40, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });
const ModelView = closed({ code: Code, nameZh: nullable(Name), nameEn: nullable(Name) }, { title: 'MachineModel' });
const NewModel = closed({
  code: Code,
  nameZh: Type.Optional(nullable(Name)),
  nameEn: Type.Optional(nullable(Name)),
});
const PlaceView = closed({ figure: Place, position: Place });
const place = { figure: Place, position: Place, partNumber: PartNumber };
const LineView = closed(
  {
    ...place,
    nameZh: nullable(PartName),
    nameEn: nullable(PartName),
    unit: Unit,
    quantity: Quantity,
    mainAssembly: Type.Boolean(),
    parent: nullable(PlaceView),
  },
  { title: 'ServiceBomLine' },
);
const NewLine = closed({
  ...place,
  quantity: Quantity,
  mainAssembly: Type.Optional(Type.Boolean()),
  parent: Type.Optional(nullable(PlaceView)),
});
const LinesView = closed({ items: Type.Array(LineView) }, { title: 'ServiceBom' });
const ByCode = closed({ code: Code });

function view({ id: _, ...model }: MachineModel): Static<typeof ModelView> {
  return model;
}

function linesView(lines: readonly BomLine[]): Static<typeof LinesView> {
  return { items: [...lines] };
}

export function registerMachineModelRoutes(app: App, dependencies: Dependencies): void {
  registerModels(app, dependencies);
  registerBomLines(app, dependencies);
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
      return toPage('machine-models', rows, limit, row => [row.code], view);
    },
  );

  app.get(
    '/v1/machine-models/:code',
    {
      config: { permission: 'machine-models.read', problems: ['MODEL_NOT_FOUND'] },
      schema: { tags: ['machine-models'], summary: 'One machine model', params: ByCode, response: { 200: ModelView } },
    },
    async request => view(await getMachineModel(dependencies.database.reader(), request.params.code)),
  );

  app.post(
    '/v1/machine-models',
    {
      config: { permission: 'parts.write', problems: ['MODEL_CODE_TAKEN', 'MODEL_UNNAMED'] },
      schema: {
        tags: ['machine-models'],
        summary: 'Creates a machine model without parts',
        body: NewModel,
        response: { 201: ModelView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const model = await createMachineModel(tx, context, { nameZh: null, nameEn: null, ...request.body });
        return { status: 201, body: view(model), location: `/v1/machine-models/${model.code}` };
      }),
  );
}

function registerBomLines(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/machine-models/:code/bom-lines',
    {
      config: { permission: 'machine-models.read', problems: ['MODEL_NOT_FOUND'] },
      schema: {
        tags: ['machine-models'],
        summary: 'The service BOM of a model; a dealer does not see core and unserviceable parts',
        params: ByCode,
        response: { 200: LinesView },
      },
    },
    async request => {
      const beholder = beholderOf(contextOf(dependencies, request));
      return linesView(await listBomLines(dependencies.database.reader(), request.params.code, beholder));
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
          'BOM_QUANTITY_NOT_POSITIVE',
          'BOM_PARENT_NOT_FOUND',
          'BOM_PLACE_TAKEN',
        ],
      },
      schema: {
        tags: ['machine-models'],
        summary: 'Adds lines to the service BOM; a line that stands with the same part takes the new quantity',
        params: ByCode,
        body: closed({ lines: Type.Array(NewLine, { minItems: 1, maxItems: BOM_LINES_MAX }) }),
        response: { 201: LinesView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { code } = request.params;
        const lines = request.body.lines.map(line => ({ mainAssembly: false, ...line }));
        await addBomLines(tx, context, code, lines);
        const body = linesView(await listBomLines(tx, code, beholderOf(context)));
        return { status: 201, body, location: `/v1/machine-models/${code}/bom-lines` };
      }),
  );
}
