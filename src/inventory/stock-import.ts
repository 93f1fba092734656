/**
 * Opening stock: what a firm has on its shelves when it moves to Partledger, as lots with their first receipt.
 * A place, part and first receipt is brought once: the same file again changes nothing. R1.5, R5.2.
 */
import { appendAudit, type Context } from '../access/index.ts';
import type { Finding, ImportFindings, ImportKind, ImportSource } from '../exchange/index.ts';
import { copyRows } from '../platform/copy-rows.ts';
import { query, type Tx } from '../platform/database.ts';
import { closed } from '../platform/http/schemas.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { appendReceipt, type IncomingLine } from './append-receipt.ts';
import { OPENING_COLUMNS, type OpeningRow, readOpeningRow } from './opening-row.ts';

/** Lots a statement. */
const BATCH_LINES = 5_000;

const JUDGE = `with numbered as (
    select i.line, i.location_code, i.quantity, i.unit_cost, i.received_on, p.id as part_id, l.id as location_id, l.kind, l.active, p.part_class, u.fractional,
           row_number() over (partition by i.part_number, i.location_code, i.received_on order by i.line) as occurrence
    from stock_incoming i
    left join part p on p.part_number = i.part_number left join unit u on u.code = p.unit
    left join location l on l.code = i.location_code
  ), judged as (
    select n.line, n.part_id, n.location_id,
           case when n.part_id is null then 'PART_NOT_FOUND'
                when n.location_id is null then 'LOCATION_NOT_FOUND'
                when not n.active or n.kind not in ('warehouse', 'factory') then 'LOCATION_NOT_RECEIVING'
                when not n.fractional and n.quantity <> trunc(n.quantity) then 'QUANTITY_NOT_WHOLE'
                when n.part_class = 'core' and n.kind <> 'factory' then 'CORE_PART_BLOCKED'
                when n.occurrence > 1 then 'ROW_REPEATED'
                when there.id is not null and (there.quantity <> n.quantity or there.unit_cost <> n.unit_cost) then 'OPENING_STOCK_DIFFERS'
                when there.id is not null then 'unchanged'
                else 'created' end as outcome
    from numbered n
    left join stock_lot there on there.origin_kind = 'opening' and there.origin_document = 'OPENING-' || n.location_code
      and there.part_id = n.part_id and there.received_on = n.received_on
  )
  update stock_incoming i set outcome = j.outcome, part_id = j.part_id, location_id = j.location_id
  from judged j where j.line = i.line`;

export const stockImport: ImportKind = {
  kind: 'stock',
  permission: 'locations.write',
  columns: OPENING_COLUMNS,
  options: closed({}),
  run: importOpeningStock,
};

/** Reads, judges and books the whole file in sets. */
async function importOpeningStock(tx: Tx, context: Context, source: ImportSource): Promise<ImportFindings> {
  await query(tx, 'drop table if exists pg_temp.stock_incoming');
  await query(
    tx,
    `create temp table stock_incoming (line integer, part_number text, location_code text, quantity numeric(14, 3),
       unit_cost numeric(19, 4), received_on date, outcome text, part_id bigint, location_id bigint) on commit drop`,
  );
  const rejected: Finding[] = [];
  const columns = 'line, part_number, location_code, quantity, unit_cost, received_on';
  await copyRows(tx, `pg_temp.stock_incoming (${columns})`, readableRows(source, context.today, rejected));
  await query(tx, 'analyze pg_temp.stock_incoming');
  // one importer a place at a time: both would find the lot missing and one would fail on its unique key
  await query(
    tx,
    `select from location where code in (select location_code from stock_incoming) order by id for no key update`,
  );
  await query(tx, JUDGE);
  rejected.push(...(await refusedRows(tx)));
  rejected.sort((a, b) => a.line - b.line);
  const places = await createdPlaces(tx);
  for (const place of places) await bookPlace(tx, context, place);
  const [count] = await query<{ created: number; unchanged: number }>(
    tx,
    `select count(*) filter (where outcome = 'created')::integer as created,
            count(*) filter (where outcome = 'unchanged')::integer as unchanged from stock_incoming`,
  );
  const { created = 0, unchanged = 0 } = count ?? {};
  const accepted = created + unchanged;
  return {
    counts: {
      read: accepted + rejected.length,
      accepted,
      rejected: rejected.length,
      warned: 0,
      created,
      changed: 0,
      unchanged,
    },
    rejected,
    warned: [],
    notices: [],
  };
}

async function* readableRows(source: ImportSource, today: string, rejected: Finding[]) {
  for await (const batch of source.batches()) {
    const readable: OpeningRow[] = [];
    for (const row of batch) {
      const read = readOpeningRow(row, today);
      if ('code' in read) rejected.push(read);
      else readable.push(read);
    }
    yield readable;
  }
}

async function refusedRows(tx: Tx): Promise<Finding[]> {
  return await query<Finding>(
    tx,
    `select line, outcome as code, case when outcome like 'LOCATION%' then 'locationCode' when outcome like '%WHOLE' then 'quantity' else 'partNumber' end as "column",
            case when outcome like 'LOCATION%' then location_code when outcome like '%WHOLE' then quantity::text else part_number end as value
     from stock_incoming where outcome not in ('created', 'unchanged') order by line`,
  );
}

type Place = { locationId: string; document: string; lastLine: number; lots: number };

async function createdPlaces(tx: Tx): Promise<Place[]> {
  return await query<Place>(
    tx,
    `select i.location_id as "locationId", 'OPENING-' || i.location_code as document, count(*)::integer as lots,
            coalesce((select max(origin_line) from stock_lot where origin_document = 'OPENING-' || i.location_code), 0) as "lastLine"
     from stock_incoming i where outcome = 'created' group by i.location_id, i.location_code order by i.location_id`,
  );
}

/** Books what is new at one place, in the order of all stock moves. */
async function bookPlace(tx: Tx, context: Context, place: Place): Promise<void> {
  const { locationId, document } = place;
  for (let done = 0; done < place.lots; done += BATCH_LINES) {
    const lines = await query<IncomingLine>(
      tx,
      `select (row_number() over (order by part_id, line) + $2)::integer as line, part_id as "partId", quantity,
              unit_cost as "unitCost", received_on as "receivedOn"
       from stock_incoming where outcome = 'created' and location_id = $1 order by part_id, line offset $3 limit $4`,
      [locationId, place.lastLine, done, BATCH_LINES],
    );
    await appendReceipt(tx, context, {
      originKind: 'opening',
      document,
      locationId,
      businessOn: context.today,
      lines,
    });
  }
  await appendAudit(tx, context, {
    action: 'stock.opened',
    subjectKind: 'stock-receipt',
    subjectId: document,
    after: { lots: place.lots },
  });
  publish(tx, { stream: FIRM_STREAM, type: 'stock.opened', subject: { number: document, lots: place.lots } });
}
