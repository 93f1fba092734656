/** The lines of a release: one new price per part, shown beside what is in force. */
import type { Context } from '../access/index.ts';
import { isPositive, roundTo } from '../core/decimal.ts';
import { AMOUNT_SCALE, formatUnitPrice, unitPrice } from '../core/money.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import { auditRelease, lockRelease, type PriceRelease, requireState, saveRelease } from './price-release.ts';
import { namedParts, problemOf, refuseParts } from './refusal.ts';

export const RELEASE_LINES_A_CALL_MAX = 5_000;

export type NewReleaseLine = { readonly partNumber: string; readonly unitPrice: string };

export type ReleaseLine = {
  readonly partId: string;
  readonly partNumber: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly unitPrice: string;
  /** In force on the day before the release; null for a part without a price. */
  readonly formerPrice: string | null;
  readonly changePercent: string | null;
};

export type ReleaseDiff = {
  readonly lines: number;
  readonly new: number;
  readonly raised: number;
  readonly lowered: number;
  readonly unchanged: number;
  /** Percent of the former price, two decimals; null when no line has a former price. */
  readonly averageChangePercent: string | null;
  readonly highestChangePercent: string | null;
  readonly lowestChangePercent: string | null;
};

mapConstraints({
  price_not_core: () => problem('PART_CORE_IP', { parts: '—' }),
  price_release_line_posts: () => problem('PRICE_POSTS_AS_ZERO', { parts: '—' }),
  price_release_line_draft: () => problem('RELEASE_STATE', { number: '—', state: '—', needed: 'draft' }),
});

/** Each line of a release with the price it replaces; `r`, `n` and `f` are release, new line and former price. */
const FROM_WITH_FORMER = `price_release r join price_release_line n on n.release_id = r.id
  left join price f on f.price_list_id = r.price_list_id and f.part_id = n.part_id and f.release_id <> r.id
    and lower(f.valid) < r.effective_on and (upper(f.valid) is null or upper(f.valid) >= r.effective_on)`;
const CHANGE = '(n.unit_price - f.unit_price) * 100 / f.unit_price';

/**
 * Adds lines to a draft, or gives parts already on it another price. Throws PRICE_RELEASE_NOT_FOUND, VERSION_CONFLICT,
 * RELEASE_STATE, RELEASE_LINES_REPEATED, PART_NOT_FOUND, PART_CORE_IP, PRICE_POSTS_AS_ZERO, DECIMAL_*.
 */
export async function addReleaseLines(
  tx: Tx,
  context: Context,
  number: string,
  lines: readonly NewReleaseLine[],
  expectedVersion: number | null = null,
): Promise<PriceRelease> {
  const release = await lockRelease(tx, number);
  if (expectedVersion !== null) requireVersion(release.version, expectedVersion);
  requireState(release, ['draft']);
  await writeLines(tx, release, lines);
  const editor = context.principal.name;
  const editedBy = release.editedBy.includes(editor) ? release.editedBy : [...release.editedBy, editor];
  const after = await saveRelease(tx, release, { editedBy });
  await auditRelease(tx, context, 'price-release.lines-added', after, lines.length);
  return after;
}

/** Writes checked lines of a release that is locked or just being made. Throws as `addReleaseLines`. */
export async function writeLines(tx: Tx, release: PriceRelease, lines: readonly NewReleaseLine[]): Promise<void> {
  if (lines.length === 0) return;
  const numbers = lines.map(line => line.partNumber);
  refuseParts('RELEASE_LINES_REPEATED', repeated(numbers));
  const prices = lines.map(line => unitPrice(line.unitPrice));
  await requirePriceableParts(tx, numbers);
  refuseParts(
    'PRICE_POSTS_AS_ZERO',
    numbers.filter((_, at) => !isPositive(roundTo(prices[at] as (typeof prices)[number], AMOUNT_SCALE))),
  );
  await query(
    tx,
    `insert into price_release_line (release_id, part_id, unit_price)
     select $1, part.id, asked.unit_price
     from unnest($2::text[], $3::numeric[]) as asked (part_number, unit_price) join part using (part_number)
     on conflict (release_id, part_id) do update set unit_price = excluded.unit_price`,
    [release.id, numbers, prices.map(formatUnitPrice)],
  );
}

/** Throws PART_NOT_FOUND, PART_CORE_IP with the part numbers. */
async function requirePriceableParts(tx: Tx, numbers: readonly string[]): Promise<void> {
  const rows = await query<{ part_number: string; core: boolean | null }>(
    tx,
    `select asked.part_number, part.part_class = 'core' as core
     from unnest($1::text[]) with ordinality as asked (part_number, ord) left join part using (part_number)
     where part.id is null or part.part_class = 'core' order by asked.ord`,
    [numbers],
  );
  const unknown = rows.filter(row => row.core === null).map(row => row.part_number);
  if (unknown[0] !== undefined) throw problemOf('PART_NOT_FOUND', { partNumber: unknown[0], ...namedParts(unknown) });
  refuseParts(
    'PART_CORE_IP',
    rows.map(row => row.part_number),
  );
}

function repeated(numbers: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(numbers.filter(number => seen.has(number) || !seen.add(number)))];
}

/** One page of lines in the order of the catalog, after the part id of the page before. */
export async function listReleaseLines(
  em: Reader,
  release: PriceRelease,
  after: string | null,
  limit: number,
): Promise<ReleaseLine[]> {
  return await query<ReleaseLine>(
    em,
    `select n.part_id as "partId", p.part_number as "partNumber", p.name_zh as "nameZh", p.name_en as "nameEn",
            n.unit_price as "unitPrice", f.unit_price as "formerPrice", round(${CHANGE}, 2) as "changePercent"
     from ${FROM_WITH_FORMER} join part p on p.id = n.part_id
     where r.id = $1 and ($2::bigint is null or n.part_id > $2::bigint) order by n.part_id limit $3`,
    [release.id, after, limit],
  );
}

/** What the release changes, over all its lines. R3.2 */
export async function releaseDiff(em: Reader, release: PriceRelease): Promise<ReleaseDiff> {
  return (await queryOne<ReleaseDiff>(
    em,
    `select count(*)::int as lines, count(*) filter (where f.id is null)::int as new,
            count(*) filter (where n.unit_price > f.unit_price)::int as raised,
            count(*) filter (where n.unit_price < f.unit_price)::int as lowered,
            count(*) filter (where n.unit_price = f.unit_price)::int as unchanged,
            round(avg(${CHANGE}), 2) as "averageChangePercent",
            round(max(${CHANGE}), 2) as "highestChangePercent", round(min(${CHANGE}), 2) as "lowestChangePercent"
     from ${FROM_WITH_FORMER} where r.id = $1`,
    [release.id],
  )) as ReleaseDiff;
}
