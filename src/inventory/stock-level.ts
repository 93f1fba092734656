/** What is where: on hand, reserved, available. Rows move by delta in the statement that appends to the ledger. */
import { query, type Reader, type Tx } from '../platform/database.ts';

export type Availability = { readonly onHand: string; readonly reserved: string; readonly available: string };

export type StockLevel = Availability & {
  readonly partNumber: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly unit: string;
  readonly locationCode: string;
};

export type StockLevelFilter = {
  readonly partNumber: string | null;
  readonly locationCode: string | null;
  /** Part number and location code of the last row of the page before. */
  readonly after: readonly [partNumber: string, locationCode: string] | null;
  readonly limit: number;
};

const NOTHING: Availability = { onHand: '0.000', reserved: '0.000', available: '0.000' };

/**
 * What can be promised of each part, by part id: at one place, or over all active warehouses. Quantities in the
 * part's unit; a part that is nowhere has zeros. R4.4.
 */
export async function availabilityOf(
  em: Reader,
  wanted: { partIds: readonly string[]; locationId?: string },
): Promise<Map<string, Availability>> {
  const rows = await query<Availability & { partId: string }>(
    em,
    `select s.part_id as "partId", sum(s.on_hand) as "onHand", sum(s.reserved) as reserved, sum(s.on_hand - s.reserved) as available
     from stock_level s join location l on l.id = s.location_id
     where s.part_id = any($1::bigint[]) and ($2::bigint is null and l.kind = 'warehouse' and l.active or l.id = $2::bigint)
     group by s.part_id`,
    [[...new Set(wanted.partIds)], wanted.locationId ?? null],
  );
  const found = new Map(rows.map(({ partId, ...availability }) => [partId, availability]));
  return new Map(wanted.partIds.map(partId => [partId, found.get(partId) ?? NOTHING]));
}

/** One page in order of part number and location code. */
export async function listStockLevels(em: Reader, filter: StockLevelFilter): Promise<StockLevel[]> {
  const [afterPart = null, afterLocation = null] = filter.after ?? [];
  return await query<StockLevel>(
    em,
    `select p.part_number as "partNumber", p.name_zh as "nameZh", p.name_en as "nameEn", p.unit, l.code as "locationCode",
            s.on_hand as "onHand", s.reserved, s.on_hand - s.reserved as available
     from part p join stock_level s on s.part_id = p.id join location l on l.id = s.location_id
     where ($1::text is null or p.part_number = $1) and ($2::text is null or l.code = $2)
       and ($3::text is null or (p.part_number >= $3 and (p.part_number, l.code) > ($3, $4::text)))
     order by p.part_number, l.code limit $5`,
    [filter.partNumber, filter.locationCode, afterPart, afterLocation, filter.limit],
  );
}

/**
 * Takes the levels of these parts at one place in the one order of all stock moves, before anything that depends
 * on them is read: under READ COMMITTED only a later statement sees what the holder before us committed. Returns the
 * parts whose level is held; one that comes into being meanwhile is not, and must not be touched.
 */
export async function lockLevels(tx: Tx, locationId: string, partIds: readonly string[]): Promise<Set<string>> {
  const rows = await query<{ part_id: string }>(
    tx,
    `select part_id from stock_level where location_id = $1 and part_id = any($2::bigint[]) order by location_id, part_id for update`,
    [locationId, [...new Set(partIds)]],
  );
  return new Set(rows.map(row => row.part_id));
}
