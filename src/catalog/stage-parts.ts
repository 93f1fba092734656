/** A parts file into a temporary table: rows that cannot stand by themselves are refused here, the rest is judged in sets. */
import type { Finding, ImportSource } from '../exchange/index.ts';
import { type CopyRow, copyRows } from '../platform/copy-rows.ts';
import { query, type Tx } from '../platform/database.ts';
import { type PartRow, type PartWords, readPartRow } from './part-row.ts';

export type StagedParts = {
  readonly read: number;
  readonly refused: readonly Finding[];
  /** Lines whose description says USE without being readable as a supersession. */
  readonly mentions: readonly Finding[];
};

const CREATE = `
create temporary table part_row (
  line integer not null, part_number text not null, name_zh text, name_en text, part_class text, unit text, goods_code text,
  goods_short_name text, tax_class text, weight_kg numeric(12, 3), pack_quantity numeric(14, 3), serviceable boolean,
  cost numeric(19, 4), successor text
) on commit drop`;
const UNIT_WORDS: Readonly<Record<string, readonly string[]>> = {
  piece: ['pc', 'pcs', 'ea', 'each', '个', '只', '支', '根', '条', '块'],
  set: ['kit'],
  pair: ['对', '双'],
  metre: ['m', 'meter'],
  litre: ['l', 'liter'],
  kilogram: ['kg', '公斤'],
};

/** Fills `part_row`, dropped at commit. */
export async function stageParts(tx: Tx, source: ImportSource): Promise<StagedParts> {
  const words = await readWords(tx);
  const staged = { read: 0, refused: [] as Finding[], mentions: [] as Finding[] };
  await tx.execute('drop table if exists pg_temp.part_row');
  await tx.execute(CREATE);
  const rows = async function* (): AsyncGenerator<CopyRow[]> {
    for await (const batch of source.batches()) {
      staged.read += batch.length;
      const good: CopyRow[] = [];
      for (const sourceRow of batch) {
        const { row, fault } = readPartRow(sourceRow, words);
        if (fault !== null) {
          staged.refused.push(fault);
          continue;
        }
        good.push(copyRow(row));
        if (row.mentionsSuccessor) staged.mentions.push(mention(row));
      }
      yield good;
    }
  };
  await copyRows(tx, 'part_row', rows());
  await tx.execute('analyze part_row');
  return staged;
}

function mention({ line, partNumber, nameEn, nameZh }: PartRow): Finding {
  return { line, code: 'SUPERSESSION_NOT_READ', column: 'description', value: nameEn ?? nameZh ?? '', partNumber };
}

function copyRow(row: PartRow): CopyRow {
  return [
    String(row.line),
    row.partNumber,
    row.nameZh,
    row.nameEn,
    row.partClass,
    row.unit,
    row.goodsCode,
    row.goodsShortName,
    row.taxClass,
    row.weightKg,
    row.packQuantity,
    row.serviceable === null ? null : String(row.serviceable),
    row.cost,
    row.successor,
  ];
}

async function readWords(tx: Tx): Promise<PartWords> {
  const units = await query<{ code: string; name_zh: string; name_en: string }>(
    tx,
    'select code, name_zh, name_en from unit',
  );
  const taxClasses = await query<{ tax_class: string }>(tx, 'select distinct tax_class from tax_rate');
  const words = units.flatMap(({ code, name_zh, name_en }) =>
    [code, name_zh, name_en, ...(UNIT_WORDS[code] ?? [])].map(word => [word, code] as const),
  );
  return { units: new Map(words), taxClasses: new Set(taxClasses.map(row => row.tax_class)) };
}
