/**
 * Publication: the windows in force end where the release begins, and its own open, set-based. The row of the list is
 * held meanwhile, so that of two releases at once the second meets what the first has committed; the exclusion
 * constraint `price_one_a_day` has the last word.
 */
import { query, queryOne, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import type { PriceRelease } from './price-release.ts';
import { refuseParts } from './refusal.ts';

const STATEMENT_TIMEOUT_MS = 30 * 60_000;

mapConstraints({
  price_one_a_day: () => problem('RELEASE_OVERTAKEN', { count: '—', effectiveOn: '—', parts: '—' }),
  price_release_backdated: () => problem('RELEASE_BACKDATED', { count: '—', effectiveOn: '—', parts: '—' }),
});

/**
 * Opens the windows of an approved release that is locked. Throws PART_CORE_IP, RELEASE_OVERTAKEN, RELEASE_BACKDATED with
 * the parts.
 */
export async function publishPrices(tx: Tx, release: PriceRelease, today: string): Promise<void> {
  await query(tx, `select set_config('statement_timeout', $1, true)`, [String(STATEMENT_TIMEOUT_MS)]);
  await query(tx, 'select 1 from price_list where id = $1 for no key update', [release.priceListId]);
  await refuseCoreParts(tx, release);
  await refuseOvertaken(tx, release);
  if (release.effectiveOn < today) await refuseBackdated(tx, release);
  await query(
    tx,
    `update price p set valid = daterange(lower(p.valid), $3::date)
     from price_release_line n
     where n.release_id = $1 and p.price_list_id = $2 and p.part_id = n.part_id and p.valid @> $3::date`,
    [release.id, release.priceListId, release.effectiveOn],
  );
  const opened = await queryOne<{ count: number }>(
    tx,
    `with opened as (
       insert into price (price_list_id, part_id, unit_price, valid, release_id)
       select $2, part_id, unit_price, daterange($3::date, null), $1 from price_release_line where release_id = $1
       returning 1
     )
     select count(*)::int as count from opened`,
    [release.id, release.priceListId, release.effectiveOn],
  );
  publish(tx, {
    stream: FIRM_STREAM,
    type: 'price-release.published',
    subject: {
      number: release.number,
      priceList: release.priceList,
      effectiveOn: release.effectiveOn,
      lines: opened?.count ?? 0,
    },
  });
}

/** A part may have become core since it was put on the release. */
async function refuseCoreParts(tx: Tx, release: PriceRelease): Promise<void> {
  const rows = await query<{ part_number: string }>(
    tx,
    `select part.part_number from price_release_line n join part on part.id = n.part_id
     where n.release_id = $1 and part.part_class = 'core' order by part.id`,
    [release.id],
  );
  refuseParts(
    'PART_CORE_IP',
    rows.map(row => row.part_number),
  );
}

async function refuseOvertaken(tx: Tx, release: PriceRelease): Promise<void> {
  const rows = await query<{ part_number: string }>(
    tx,
    `select distinct part.id, part.part_number
     from price_release_line n
     join price p on p.price_list_id = $2 and p.part_id = n.part_id and lower(p.valid) >= $3::date
     join part on part.id = n.part_id
     where n.release_id = $1 order by part.id`,
    [release.id, release.priceListId, release.effectiveOn],
  );
  refuseParts(
    'RELEASE_OVERTAKEN',
    rows.map(row => row.part_number),
    { effectiveOn: release.effectiveOn },
  );
}

/** Days gone by keep the price that was in force on them; the first price of a part may begin in the past. */
async function refuseBackdated(tx: Tx, release: PriceRelease): Promise<void> {
  const rows = await query<{ part_number: string }>(
    tx,
    `select part.part_number
     from price_release_line n
     join price p on p.price_list_id = $2 and p.part_id = n.part_id and p.valid && daterange($3::date, null)
     join part on part.id = n.part_id
     where n.release_id = $1 group by part.id, part.part_number order by part.id`,
    [release.id, release.priceListId, release.effectiveOn],
  );
  refuseParts(
    'RELEASE_BACKDATED',
    rows.map(row => row.part_number),
    { effectiveOn: release.effectiveOn },
  );
}
