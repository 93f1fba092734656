/** Machine models: what the firm makes; their parts stand in the service BOM (R1.1). */
import { appendAudit, type Context } from '../access/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

export type MachineModel = {
  readonly id: string;
  readonly code: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
};

const COLUMNS = 'id, code, name_zh as "nameZh", name_en as "nameEn"';

mapConstraints({
  machine_model_code_unique: () => problem('MODEL_CODE_TAKEN'),
  machine_model_named: () => problem('MODEL_UNNAMED'),
});

/** Creates a model without parts. Throws MODEL_CODE_TAKEN, MODEL_UNNAMED. */
export async function createMachineModel(
  tx: Tx,
  context: Context,
  draft: Omit<MachineModel, 'id'>,
): Promise<MachineModel> {
  const { code, nameZh, nameEn } = draft;
  const model = (await queryOne<MachineModel>(
    tx,
    `insert into machine_model (code, name_zh, name_en, created_at) values ($1, $2, $3, $4) returning ${COLUMNS}`,
    [code, nameZh, nameEn, context.now.toISOString()],
  )) as MachineModel;
  await appendAudit(tx, context, {
    action: 'machine-model.created',
    subjectKind: 'machine-model',
    subjectId: code,
    after: { code, nameZh, nameEn },
  });
  publish(tx, { stream: FIRM_STREAM, type: 'machine-model.created', subject: { code } });
  return model;
}

/** Throws MODEL_NOT_FOUND. */
export async function getMachineModel(em: Reader, code: string): Promise<MachineModel> {
  const model = await queryOne<MachineModel>(em, `select ${COLUMNS} from machine_model where code = $1`, [code]);
  if (model === null) throw problem('MODEL_NOT_FOUND', { modelCode: code });
  return model;
}

/** One page in order of code, after the code of the page before. */
export async function listMachineModels(em: Reader, after: string | null, limit: number): Promise<MachineModel[]> {
  return await query<MachineModel>(
    em,
    `select ${COLUMNS} from machine_model where ($1::text is null or code > $1) order by code limit $2`,
    [after, limit],
  );
}
