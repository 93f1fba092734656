/** A file of prices becomes the draft of a release: COPY into a staging table, then whole sets. What is in force as it stands in the file is left out. */
import { Type } from 'typebox';
import type { Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import type {
  Finding,
  ImportCounts,
  ImportFindings,
  ImportKind,
  ImportOptions,
  ImportSource,
} from '../exchange/index.ts';
import { type CopyRow, copyRows } from '../platform/copy-rows.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { BusinessDate, Code, closed } from '../platform/http/schemas.ts';
import { getPriceList, type PriceList } from './price-list.ts';
import { auditRelease, createRelease } from './price-release.ts';
import { readPrice } from './read-price.ts';

const VALUE_SHOWN_MAX = 100;

/** Prices of one list from one day on. Rejections: PRICE_INVALID, PRICE_POSTS_AS_ZERO, PART_NOT_FOUND, PART_CORE_IP, DUPLICATE_IN_FILE. */
export const pricesImport: ImportKind = {
  kind: 'prices',
  permission: 'price-releases.write',
  columns: [
    {
      key: 'partNumber',
      headers: [
        'part number',
        'part no',
        'part_number',
        'part',
        'item',
        'sku',
        '配件号',
        '配件编号',
        '件号',
        '图号',
        '物料号',
        '零件号',
      ],
      required: true,
    },
    {
      key: 'unitPrice',
      headers: [
        'unit price',
        'price',
        'settlement price',
        'guidance price',
        'list price',
        'unit_price',
        'net price',
        '结算价',
        '价格',
        '单价',
        '指导价',
        '市场指导价',
        '售价',
      ],
      required: true,
    },
  ],
  options: closed({
    priceList: Code,
    effectiveOn: Type.Optional(BusinessDate),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  }),
  run: importPrices,
};

/** Throws PRICE_LIST_NOT_FOUND, BUSINESS_DATE_INVALID; what is wrong with a line is its finding. R1.5, R3.2 */
async function importPrices(
  tx: Tx,
  context: Context,
  source: ImportSource,
  options: ImportOptions,
): Promise<ImportFindings> {
  const list = await getPriceList(tx, String(options['priceList']));
  const effectiveOn = businessDate(String(options['effectiveOn'] ?? context.today));
  const faults: Finding[] = [];
  const notices: Finding[] = [];
  await query(
    tx,
    'create temporary table price_row (line integer not null, part_number text not null, unit_price numeric(19, 4) not null) on commit drop',
  );
  const staged = await copyRows(
    tx,
    'price_row (line, part_number, unit_price)',
    readRows(source, list, faults, notices),
  );
  await checkRows(tx, list, effectiveOn);
  const rejected = [...faults, ...(await rejectedRows(tx))].sort((a, b) => a.line - b.line);
  const counts = await countRows(tx, staged + faults.length, rejected.length);
  const changes = counts.created + counts.changed > 0;
  const note = typeof options['note'] === 'string' ? options['note'] : source.fileName.slice(0, VALUE_SHOWN_MAX);
  const release = changes ? await draft(tx, context, list, effectiveOn, note) : null;
  await query(tx, 'drop table price_row, price_checked');
  const refused = new Set(rejected.map(({ line }) => line));
  return {
    counts,
    rejected,
    warned: [],
    notices: notices.filter(({ line }) => !refused.has(line)),
    result: { release },
  };
}

async function* readRows(
  source: ImportSource,
  list: PriceList,
  faults: Finding[],
  notices: Finding[],
): AsyncGenerator<CopyRow[]> {
  for await (const batch of source.batches()) {
    const rows: CopyRow[] = [];
    for (const { line, cells } of batch) {
      const partNumber = (cells[0] ?? '').trim();
      const written = cells[1] ?? '';
      const read = readPrice(written, list.currency);
      const value = written.slice(0, VALUE_SHOWN_MAX);
      if ('code' in read) faults.push({ line, column: 'unitPrice', value, ...read });
      else if (partNumber.includes('\u0000')) faults.push({ line, column: 'partNumber', code: 'PART_NOT_FOUND' });
      else rows.push([String(line), partNumber, read.price]);
      if ('repairs' in read) {
        for (const repair of read.repairs) {
          notices.push({ line, code: 'PRICE_REPAIRED', column: 'unitPrice', value, repair, readAs: read.price });
        }
      }
    }
    yield rows;
  }
}

async function checkRows(tx: Tx, list: PriceList, effectiveOn: string): Promise<void> {
  await query(tx, 'analyze price_row');
  await query(
    tx,
    'create temporary table price_checked (line integer, part_number text, part_id bigint, unit_price numeric(19, 4), in_force numeric(19, 4), first_line integer, code text) on commit drop',
  );
  await query(
    tx,
    `insert into price_checked
     select r.line, r.part_number, p.id, r.unit_price, v.unit_price, r.first_line,
       case when p.id is null then 'PART_NOT_FOUND' when p.part_class = 'core' then 'PART_CORE_IP'
            when r.line > r.first_line then 'DUPLICATE_IN_FILE' end
     from (select *, min(line) over (partition by part_number) as first_line from price_row) r
     left join part p on p.part_number = r.part_number
     left join price v on v.price_list_id = $1 and v.part_id = p.id and v.valid @> $2::date`,
    [list.id, effectiveOn],
  );
}

async function rejectedRows(tx: Tx): Promise<Finding[]> {
  const rows = await query<{ line: number; part_number: string; first_line: number; code: string }>(
    tx,
    'select line, part_number, first_line, code from price_checked where code is not null order by line',
  );
  return rows.map(({ line, part_number, first_line, code }) => ({
    line,
    code,
    column: 'partNumber',
    value: part_number.slice(0, VALUE_SHOWN_MAX),
    ...(code === 'DUPLICATE_IN_FILE' ? { firstLine: first_line } : {}),
  }));
}

async function countRows(tx: Tx, read: number, rejected: number): Promise<ImportCounts> {
  const row = await queryOne<{ created: number; changed: number; unchanged: number }>(
    tx,
    `select count(*) filter (where in_force is null)::int as created,
            count(*) filter (where in_force <> unit_price)::int as changed,
            count(*) filter (where in_force = unit_price)::int as unchanged
     from price_checked where code is null`,
  );
  const { created = 0, changed = 0, unchanged = 0 } = row ?? {};
  return { read, accepted: read - rejected, rejected, warned: 0, created, changed, unchanged };
}

async function draft(tx: Tx, context: Context, list: PriceList, effectiveOn: string, note: string): Promise<string> {
  const release = await createRelease(tx, context, { priceList: list.code, effectiveOn, note });
  const made = await queryOne<{ count: number }>(
    tx,
    `with made as (
       insert into price_release_line (release_id, part_id, unit_price)
       select $1, part_id, unit_price from price_checked
       where code is null and in_force is distinct from unit_price returning 1
     )
     select count(*)::int as count from made`,
    [release.id],
  );
  await auditRelease(tx, context, 'price-release.lines-added', release, made?.count ?? 0);
  return release.number;
}
