/** A history file into a temporary table: lines that can be judged alone are refused here, the rest waits for its set. */
import type { Finding, ImportSource, SourceRow } from '../exchange/index.ts';
import { type CopyRow, copyRows } from '../platform/copy-rows.ts';
import type { Tx } from '../platform/database.ts';
import { CHARGE_COLUMNS, readChargeLine } from './charge-line.ts';

export type StagedHistory = { readonly read: number; readonly refused: readonly Finding[] };

const CREATE = `
create temporary table history_line (
  line integer not null, ordinal integer not null, same_as integer, dealer_code text not null, document text not null,
  part_number text not null, text_zh text, text_en text, quantity numeric(14, 3) not null, unit_price numeric(19, 4) not null,
  business_on date not null, gross numeric(19, 2) not null generated always as (round(quantity * unit_price, 2)) stored
) on commit drop`;
/** The dates of the file, few, with the period each falls in. */
const CREATE_DAYS = `
create temporary table history_day on commit drop as
select distinct business_on, null::bigint as period_id, null::text as state from history_line`;
const COLUMNS =
  'history_line (line, ordinal, same_as, dealer_code, document, part_number, text_zh, text_en, quantity, unit_price, business_on)';

const DOCUMENT = CHARGE_COLUMNS.findIndex(({ key }) => key === 'document');
const CELL_SEPARATOR = '\u001f';

/** Fills `history_line` and `history_day` (dropped at commit). `ordinal` counts the records of an invoice in the file, refused ones too, so it is the same each time. */
export async function stageHistory(tx: Tx, source: ImportSource, today: string): Promise<StagedHistory> {
  await tx.execute('drop table if exists pg_temp.history_line, pg_temp.history_day');
  await tx.execute(CREATE);
  const stage = {
    today,
    read: 0,
    refused: [] as Finding[],
    ordinals: new Map<string, number>(),
    seen: new Map<string, number>(),
  };
  const rows = async function* (): AsyncGenerator<CopyRow[]> {
    for await (const batch of source.batches()) {
      stage.read += batch.length;
      yield batch.flatMap(row => stageRow(row, stage));
    }
  };
  await copyRows(tx, COLUMNS, rows());
  await tx.execute('analyze history_line');
  await tx.execute(CREATE_DAYS);
  return { read: stage.read, refused: stage.refused };
}

type Stage = { today: string; refused: Finding[]; ordinals: Map<string, number>; seen: Map<string, number> };

function stageRow({ line, cells, record }: SourceRow, stage: Stage): [CopyRow] | [] {
  const invoice = (cells[DOCUMENT] ?? '').trim();
  const ordinal = (stage.ordinals.get(invoice) ?? 0) + 1;
  stage.ordinals.set(invoice, ordinal);
  const read = readChargeLine(cells, stage.today);
  if ('code' in read) {
    stage.refused.push({ line, ...read, document: invoice });
    return [];
  }
  const whole = record.join(CELL_SEPARATOR);
  const sameAs = stage.seen.get(whole);
  if (sameAs === undefined) stage.seen.set(whole, line);
  return [
    [
      String(line),
      String(ordinal),
      sameAs === undefined ? null : String(sameAs),
      read.dealerCode,
      read.document,
      read.partNumber,
      read.textZh,
      read.textEn,
      read.quantity,
      read.unitPrice,
      read.businessOn,
    ],
  ];
}
