/** The append-only stock ledger as it is read: every move with its from, its to and the lot that moved (R5.1). */
import { query, type Reader } from '../platform/database.ts';

export type StockEntry = {
  readonly id: string;
  readonly partNumber: string;
  readonly fromLocationCode: string;
  readonly toLocationCode: string;
  readonly quantity: string;
  /** Net of VAT, in the firm's currency, per unit. */
  readonly unitCost: string;
  readonly businessOn: string;
  readonly postedAt: string;
  readonly documentKind: string;
  readonly document: string;
  readonly line: number;
  readonly actor: string;
  /** First receipt into the network: age is counted from here (R5.2). */
  readonly lotReceivedOn: string;
  readonly lotDocument: string;
};

export type StockEntryFilter = {
  readonly partNumber: string | null;
  readonly locationCode: string | null;
  readonly document: string | null;
  readonly before: string | null;
  readonly limit: number;
};

/** One page, latest first. */
export async function listStockEntries(em: Reader, filter: StockEntryFilter): Promise<StockEntry[]> {
  return await query<StockEntry>(
    em,
    `select e.id, p.part_number as "partNumber", f.code as "fromLocationCode", t.code as "toLocationCode", e.quantity,
            e.unit_cost as "unitCost", e.business_on as "businessOn", e.posted_at as "postedAt", e.document_kind as "documentKind",
            e.document, e.line, e.actor, s.received_on as "lotReceivedOn", s.origin_document as "lotDocument"
     from stock_entry e
     join part p on p.id = e.part_id join stock_lot s on s.id = e.lot_id
     join location f on f.id = e.from_location_id join location t on t.id = e.to_location_id
     where ($1::text is null or e.part_id = (select id from part where part_number = $1))
       and ($2::text is null or f.code = $2 or t.code = $2)
       and ($3::text is null or e.document = $3)
       and ($4::bigint is null or e.id < $4::bigint)
     order by e.id desc limit $5`,
    [filter.partNumber, filter.locationCode, filter.document, filter.before, filter.limit],
  );
}
