/** The service BOM of a model: which parts it consists of, by figure and position; assemblies nest (R1.1). */
import { appendAudit, type Context } from '../access/index.ts';
import { assert } from '../core/assert.ts';
import { isPositive } from '../core/decimal.ts';
import { quantity, requireWhole } from '../core/quantity.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { problem } from './errors.ts';
import { getMachineModel } from './machine-model.ts';
import { findParts } from './part.ts';
import { type Beholder, visiblePart } from './part-visibility.ts';

export const BOM_LINES_MAX = 1_000;

/** A place in the catalog of a model. */
export type BomPlace = { readonly figure: string; readonly position: string };

export type BomLineDraft = BomPlace & {
  readonly partNumber: string;
  /** In the unit of the part, in one of the assembly it hangs on. */
  readonly quantity: string;
  readonly mainAssembly: boolean;
  /** The assembly it is part of; one that stands there already or earlier among the same lines. Null: the model itself. */
  readonly parent?: BomPlace | null;
};

export type BomLine = BomPlace & {
  readonly partNumber: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly unit: string;
  readonly quantity: string;
  readonly mainAssembly: boolean;
  readonly parent: BomPlace | null;
};

/**
 * Adds lines; one that stands with the same part takes the new quantity and keeps its place in the tree. Throws
 * MODEL_NOT_FOUND, PART_NOT_FOUND, QUANTITY_NOT_WHOLE, BOM_QUANTITY_NOT_POSITIVE, BOM_PARENT_NOT_FOUND, BOM_PLACE_TAKEN.
 */
export async function addBomLines(
  tx: Tx,
  context: Context,
  modelCode: string,
  lines: readonly BomLineDraft[],
): Promise<void> {
  assert(lines.length <= BOM_LINES_MAX, 'lines come in bounded numbers');
  const model = await getMachineModel(tx, modelCode);
  await query(tx, 'select 1 from machine_model where id = $1 for no key update', [model.id]);
  const parts = await findParts(
    tx,
    lines.map(line => line.partNumber),
  );
  for (const line of lines) {
    const part = parts.get(line.partNumber);
    if (part === undefined) throw problem('PART_NOT_FOUND', { partNumber: line.partNumber });
    if (!isPositive(requireWhole(quantity(line.quantity), part.unitFractional)))
      throw problem('BOM_QUANTITY_NOT_POSITIVE', { partNumber: line.partNumber });
    await addLine(tx, model.id, part.id, line);
  }
  await appendAudit(tx, context, {
    action: 'machine-model.bom-lines-added',
    subjectKind: 'machine-model',
    subjectId: modelCode,
    after: { lines },
  });
  publish(tx, {
    stream: FIRM_STREAM,
    type: 'machine-model.bom-changed',
    subject: { code: modelCode, lines: lines.length },
  });
}

async function addLine(tx: Tx, modelId: string, partId: string, line: BomLineDraft): Promise<void> {
  const { figure, position, parent = null, partNumber, mainAssembly } = line;
  const row = await queryOne<{ parent_id: string | null; added: boolean }>(
    tx,
    `with parent as (
       select id from service_bom_line where model_id = $1 and figure = $7 and position = $8
     ), added as (
       insert into service_bom_line as b (model_id, parent_id, part_id, quantity, figure, position, main_assembly)
       select $1, (select id from parent), $2, $3, $4, $5, $6 where $7::text is null or exists (select from parent)
       on conflict on constraint service_bom_line_place_unique do update
         set quantity = excluded.quantity, main_assembly = excluded.main_assembly where b.part_id = excluded.part_id
       returning 1
     )
     select (select id from parent) as parent_id, exists (select from added) as added`,
    [modelId, partId, line.quantity, figure, position, mainAssembly, parent?.figure ?? null, parent?.position ?? null],
  );
  if (parent !== null && row?.parent_id === null) throw problem('BOM_PARENT_NOT_FOUND', { ...parent });
  if (row?.added !== true) throw problem('BOM_PLACE_TAKEN', { figure, position, partNumber });
}

/**
 * The lines in order of figure and position, each with the assembly it hangs on. A dealer does not see lines of hidden
 * parts; what hangs on one of those is shown on the nearest assembly the dealer may see. Throws MODEL_NOT_FOUND.
 */
export async function listBomLines(em: Reader, modelCode: string, { forDealer, today }: Beholder): Promise<BomLine[]> {
  const model = await getMachineModel(em, modelCode);
  const rows = await query<BomLine & { id: string; parent_id: string | null; visible: boolean }>(
    em,
    `select b.id, b.parent_id, ${visiblePart('p')} as visible, p.part_number as "partNumber", p.name_zh as "nameZh",
            p.name_en as "nameEn", p.unit, b.quantity, b.figure, b.position, b.main_assembly as "mainAssembly"
     from service_bom_line b join part p on p.id = b.part_id
     where b.model_id = $3 order by b.figure, b.position`,
    [forDealer, today, model.id],
  );
  const byId = new Map(rows.map(row => [row.id, row]));
  const seenParent = (row: (typeof rows)[number]): BomPlace | null => {
    let at = byId.get(row.parent_id ?? '');
    while (at !== undefined && !at.visible) at = byId.get(at.parent_id ?? '');
    return at === undefined ? null : { figure: at.figure, position: at.position };
  };
  return rows
    .filter(row => row.visible)
    .map(row => {
      const { id: _, parent_id: __, visible: ___, ...line } = row;
      return { ...line, parent: seenParent(row) };
    });
}
