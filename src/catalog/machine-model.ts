/** Machine models and their service BOM: which parts a model consists of, by figure and position (R1.1). */
import { appendAudit, type Context } from '../access/index.ts';
import { quantity, requireWhole } from '../core/quantity.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import { findParts } from './part.ts';

export type MachineModel = {
  readonly id: string;
  readonly code: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
};

export type BomLineDraft = {
  readonly partNumber: string;
  readonly quantity: string;
  readonly figure: string | null;
  readonly position: string | null;
  readonly mainAssembly: boolean;
};

export type BomLine = BomLineDraft & {
  readonly id: string;
  readonly parentId: string | null;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly unit: string;
};

const COLUMNS = 'id, code, name_zh as "nameZh", name_en as "nameEn"';

mapConstraints({
  machine_model_code_unique: () => problem('MODEL_CODE_TAKEN'),
  machine_model_named: () => problem('MODEL_UNNAMED'),
});

/** Creates a model. Throws MODEL_CODE_TAKEN. */
export async function createMachineModel(
  tx: Tx,
  context: Context,
  draft: Omit<MachineModel, 'id'>,
): Promise<MachineModel> {
  const model = (await queryOne<MachineModel>(
    tx,
    `insert into machine_model (code, name_zh, name_en, created_at) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    [draft.code, draft.nameZh, draft.nameEn, context.now.toISOString()],
  )) as MachineModel;
  await appendAudit(tx, context, {
    action: 'machine-model.created',
    subjectKind: 'machine-model',
    subjectId: model.code,
    after: draft,
  });
  return model;
}

/** Throws MODEL_NOT_FOUND. */
export async function getMachineModel(em: Reader, code: string): Promise<MachineModel> {
  const model = await queryOne<MachineModel>(em, `select ${COLUMNS} from machine_model where code = $1`, [code]);
  if (model === null) throw problem('MODEL_NOT_FOUND', { modelCode: code });
  return model;
}

export async function listMachineModels(em: Reader, after: string | null, limit: number): Promise<MachineModel[]> {
  return await query<MachineModel>(
    em,
    `select ${COLUMNS} from machine_model where ($1::text is null or code > $1) order by code limit $2`,
    [after, limit],
  );
}

/** Adds lines at the top level of the BOM; a line that stands already keeps its place and takes the new quantity. Throws MODEL_NOT_FOUND, PART_NOT_FOUND, QUANTITY_NOT_WHOLE. */
export async function addBomLines(
  tx: Tx,
  context: Context,
  modelCode: string,
  lines: readonly BomLineDraft[],
): Promise<void> {
  const model = await getMachineModel(tx, modelCode);
  const parts = await findParts(
    tx,
    lines.map(line => line.partNumber),
  );
  for (const line of lines) {
    const part = parts.get(line.partNumber);
    if (part === undefined) throw problem('PART_NOT_FOUND', { partNumber: line.partNumber });
    requireWhole(quantity(line.quantity), part.unitFractional);
  }
  await query(
    tx,
    `insert into service_bom_line (model_id, part_id, quantity, figure, position, main_assembly)
     select $1, p.id, l.quantity, l.figure, l.position, l.main_assembly
     from unnest($2::text[], $3::numeric[], $4::text[], $5::text[], $6::boolean[]) as l(part_number, quantity, figure, position, main_assembly)
     join part p on p.part_number = l.part_number
     on conflict on constraint service_bom_line_place_unique do update set quantity = excluded.quantity, main_assembly = excluded.main_assembly`,
    [
      model.id,
      lines.map(line => line.partNumber),
      lines.map(line => line.quantity),
      lines.map(line => line.figure),
      lines.map(line => line.position),
      lines.map(line => line.mainAssembly),
    ],
  );
  await appendAudit(tx, context, {
    action: 'machine-model.bom-lines-added',
    subjectKind: 'machine-model',
    subjectId: modelCode,
    after: { lines: lines.length },
  });
}

/** Lines in order of figure and position; a dealer does not see core and unserviceable parts. Throws MODEL_NOT_FOUND. */
export async function listBomLines(em: Reader, modelCode: string, forDealer: boolean): Promise<BomLine[]> {
  const model = await getMachineModel(em, modelCode);
  return await query<BomLine>(
    em,
    `select b.id, b.parent_id as "parentId", p.part_number as "partNumber", p.name_zh as "nameZh", p.name_en as "nameEn", p.unit,
            b.quantity, b.figure, b.position, b.main_assembly as "mainAssembly"
     from service_bom_line b join part p on p.id = b.part_id
     where b.model_id = $1 and (not $2::boolean or (p.part_class <> 'core' and p.serviceable))
     order by b.figure nulls first, b.position nulls first, p.part_number`,
    [model.id, forDealer],
  );
}
