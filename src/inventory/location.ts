/** Places parts are at, and the edges where they come from and go to. A place's kind decides what may come there. */
import { appendAudit, type Context } from '../access/index.ts';
import { getDealer } from '../catalog/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

export const LOCATION_KINDS = [
  'warehouse',
  'factory',
  'in_transit',
  'in_transit_to_factory',
  'consigned',
  'supplier',
  'customer',
  'scrap',
  'factory_scrap',
  'count_difference',
  'factory_count_difference',
  'fitted_at_factory',
] as const;

export type Location = {
  readonly id: string;
  readonly code: string;
  readonly kind: (typeof LOCATION_KINDS)[number];
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly dealerCode: string | null;
  /** Stock is counted here; the other kinds are the edges of the firm's stock. */
  readonly counted: boolean;
  readonly active: boolean;
};

export type NewLocation = Pick<Location, 'code' | 'kind' | 'nameZh' | 'nameEn' | 'dealerCode'>;

const SELECT = `select l.id, l.code, l.kind, l.name_zh as "nameZh", l.name_en as "nameEn", d.code as "dealerCode", l.counted, l.active
  from location l left join dealer d on d.id = l.dealer_id`;

mapConstraints({
  location_code_unique: () => problem('LOCATION_CODE_TAKEN'),
  location_consigned_dealer: () => problem('LOCATION_DEALER_RULE'),
});

/** Creates a place. Throws LOCATION_CODE_TAKEN, LOCATION_DEALER_RULE, DEALER_NOT_FOUND. S1 §8.5, R5.1, R5.7. */
export async function createLocation(tx: Tx, context: Context, draft: NewLocation): Promise<Location> {
  const dealer = draft.dealerCode === null ? null : await getDealer(tx, draft.dealerCode, null);
  await query(
    tx,
    'insert into location (code, kind, name_zh, name_en, dealer_id, created_at) values ($1, $2, $3, $4, $5, $6)',
    [draft.code, draft.kind, draft.nameZh, draft.nameEn, dealer?.id ?? null, context.now.toISOString()],
  );
  const location = await getLocation(tx, draft.code);
  const { id: _, ...after } = location;
  await appendAudit(tx, context, {
    action: 'location.created',
    subjectKind: 'location',
    subjectId: location.code,
    dealerCode: location.dealerCode,
    after,
  });
  publish(tx, {
    stream: FIRM_STREAM,
    type: 'location.created',
    subject: { code: location.code, kind: location.kind },
  });
  return location;
}

/** The place of a code. Throws LOCATION_NOT_FOUND. */
export async function getLocation(em: Reader, code: string): Promise<Location> {
  const location = await queryOne<Location>(em, `${SELECT} where l.code = $1`, [code]);
  if (location === null) throw problem('LOCATION_NOT_FOUND', { locationCode: code });
  return location;
}

/** The place orders are filled from unless one is named: the first active warehouse by code. Throws LOCATION_NOT_FOUND. */
export async function defaultWarehouse(em: Reader): Promise<Location> {
  const location = await queryOne<Location>(
    em,
    `${SELECT} where l.kind = 'warehouse' and l.active order by l.code limit 1`,
  );
  if (location === null) throw problem('LOCATION_NOT_FOUND', { locationCode: 'warehouse' });
  return location;
}

/** One page in order of code, after the code of the page before. */
export async function listLocations(
  em: Reader,
  filter: { kind: string | null; after: string | null; limit: number },
): Promise<Location[]> {
  return await query<Location>(
    em,
    `${SELECT} where ($1::text is null or l.kind = $1) and ($2::text is null or l.code > $2) order by l.code limit $3`,
    [filter.kind, filter.after, filter.limit],
  );
}
