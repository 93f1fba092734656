/** Levels of dealers: dated, so that a price of any day knows the level of that day (R1.3, R3.1). */
import { problem as accessProblem, appendAudit, type Context } from '../access/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';

export type DealerLevel = {
  /** One to ten capital letters and digits. */
  readonly level: string;
  /** Business date; in force until the next one. */
  readonly fromOn: string;
};

/** Sets a dealer's level from a day on; the same day again replaces it. Throws DEALER_NOT_FOUND. R1.3 */
export async function setDealerLevel(
  tx: Tx,
  context: Context,
  dealerCode: string,
  { level, fromOn }: DealerLevel,
): Promise<DealerLevel> {
  // held, so that what the audit calls before is what this replaces
  const dealer = await queryOne<{ id: string }>(tx, 'select id from dealer where code = $1 for no key update', [
    dealerCode,
  ]);
  if (dealer === null) throw accessProblem('DEALER_NOT_FOUND', { dealerCode });
  const before = await queryOne<DealerLevel>(
    tx,
    'select level, from_on as "fromOn" from dealer_level where dealer_id = $1 and from_on = $2::date',
    [dealer.id, fromOn],
  );
  const after = (await queryOne<DealerLevel>(
    tx,
    `insert into dealer_level (dealer_id, from_on, level) values ($1, $2::date, $3)
     on conflict (dealer_id, from_on) do update set level = excluded.level returning level, from_on as "fromOn"`,
    [dealer.id, fromOn, level],
  )) as DealerLevel;
  await appendAudit(tx, context, {
    action: 'dealer-level.set',
    subjectKind: 'dealer',
    subjectId: dealerCode,
    dealerCode,
    ...(before === null ? {} : { before }),
    after,
  });
  const subject = { code: dealerCode, ...after };
  publish(tx, { stream: dealerCode, type: 'dealer.level-set', subject });
  publish(tx, { stream: FIRM_STREAM, type: 'dealer.level-set', subject });
  return after;
}

/** The level in force on a day for each of these dealers (internal ids); a dealer without one is missing from the map. */
export async function levelsOn(em: Reader, dealerIds: readonly string[], on: string): Promise<Map<string, string>> {
  const rows = await query<{ dealer_id: string; level: string }>(
    em,
    `select distinct on (dealer_id) dealer_id, level from dealer_level
     where dealer_id = any($1::bigint[]) and from_on <= $2::date order by dealer_id, from_on desc`,
    [dealerIds, on],
  );
  return new Map(rows.map(({ dealer_id, level }) => [dealer_id, level]));
}
