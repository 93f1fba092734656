/** Price releases: the only way a list changes. draft → submitted → approved by a second person → published. R3.2 */
import { appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { nextDocumentNumber } from '../firm/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';
import { getPriceList } from './price-list.ts';

export type ReleaseState = 'draft' | 'submitted' | 'approved' | 'published' | 'withdrawn';

export type PriceRelease = {
  readonly id: string;
  readonly number: string;
  readonly priceListId: string;
  readonly priceList: string;
  readonly state: ReleaseState;
  /** The first business day of its prices. */
  readonly effectiveOn: string;
  readonly note: string | null;
  readonly createdBy: string;
  /** Everybody who had a hand in the lines, the creator first. */
  readonly editedBy: readonly string[];
  readonly submittedBy: string | null;
  readonly approvedBy: string | null;
  readonly publishedBy: string | null;
  readonly withdrawnBy: string | null;
  readonly createdAt: string;
  readonly publishedAt: string | null;
  readonly version: number;
};

export type ReleaseDraft = { readonly priceList: string; readonly effectiveOn: string; readonly note?: string | null };

/** To be selected `from price_release r join price_list l on l.id = r.price_list_id`. */
const COLUMNS = `r.id, r.number, r.price_list_id as "priceListId", l.code as "priceList", r.state, r.effective_on as "effectiveOn",
  r.note, r.created_by as "createdBy", r.edited_by as "editedBy", r.submitted_by as "submittedBy", r.approved_by as "approvedBy",
  r.published_by as "publishedBy", r.withdrawn_by as "withdrawnBy", r.created_at as "createdAt",
  r.published_at as "publishedAt", r.version`;
const FROM = 'price_release r join price_list l on l.id = r.price_list_id';

/** Begins an empty release of a list. Throws PRICE_LIST_NOT_FOUND, BUSINESS_DATE_INVALID. */
export async function createRelease(tx: Tx, context: Context, draft: ReleaseDraft): Promise<PriceRelease> {
  const list = await getPriceList(tx, draft.priceList);
  const release = (await queryOne<PriceRelease>(
    tx,
    `with r as (
       insert into price_release (number, price_list_id, effective_on, note, created_by, edited_by, created_at)
       values ($1, $2, $3, $4, $5, array[$5::text], $6) returning *
     )
     select ${COLUMNS} from r join price_list l on l.id = r.price_list_id`,
    [
      await nextDocumentNumber(tx, 'P', context.today),
      list.id,
      businessDate(draft.effectiveOn),
      draft.note ?? null,
      context.principal.name,
      context.now.toISOString(),
    ],
  )) as PriceRelease;
  await auditRelease(tx, context, 'price-release.drafted', release);
  return release;
}

/** Throws PRICE_RELEASE_NOT_FOUND. */
export async function getRelease(em: Reader, number: string): Promise<PriceRelease> {
  const release = await queryOne<PriceRelease>(em, `select ${COLUMNS} from ${FROM} where r.number = $1`, [number]);
  if (release === null) throw problem('PRICE_RELEASE_NOT_FOUND', { number });
  return release;
}

/** Takes the release for a change. Throws PRICE_RELEASE_NOT_FOUND. */
export async function lockRelease(tx: Tx, number: string): Promise<PriceRelease> {
  const release = await queryOne<PriceRelease>(
    tx,
    `select ${COLUMNS} from ${FROM} where r.number = $1 for no key update of r`,
    [number],
  );
  if (release === null) throw problem('PRICE_RELEASE_NOT_FOUND', { number });
  return release;
}

/** One page, latest first, before the id of the page before. */
export async function listReleases(
  em: Reader,
  filter: { priceList: string | null; state: ReleaseState | null; before: string | null; limit: number },
): Promise<PriceRelease[]> {
  return await query<PriceRelease>(
    em,
    `select ${COLUMNS} from ${FROM}
     where ($1::text is null or l.code = $1) and ($2::text is null or r.state = $2) and ($3::bigint is null or r.id < $3::bigint)
     order by r.id desc limit $4`,
    [filter.priceList, filter.state, filter.before, filter.limit],
  );
}

export type ReleaseChange = Partial<
  Pick<
    PriceRelease,
    'state' | 'editedBy' | 'submittedBy' | 'approvedBy' | 'publishedBy' | 'withdrawnBy' | 'publishedAt'
  >
>;

/** Writes what changed of a locked release, as its next version. */
export async function saveRelease(tx: Tx, release: PriceRelease, change: ReleaseChange): Promise<PriceRelease> {
  const next = { ...release, ...change };
  return (await queryOne<PriceRelease>(
    tx,
    `with r as (
       update price_release set state = $2, edited_by = $3, submitted_by = $4, approved_by = $5, published_by = $6,
         withdrawn_by = $7, published_at = $8, version = version + 1
       where id = $1 returning *
     )
     select ${COLUMNS} from r join price_list l on l.id = r.price_list_id`,
    [
      release.id,
      next.state,
      next.editedBy,
      next.submittedBy,
      next.approvedBy,
      next.publishedBy,
      next.withdrawnBy,
      next.publishedAt,
    ],
  )) as PriceRelease;
}

/** Throws RELEASE_STATE unless the release is in one of the states the step starts from. */
export function requireState(release: PriceRelease, needed: readonly ReleaseState[]): void {
  if (needed.includes(release.state)) return;
  throw problem('RELEASE_STATE', { number: release.number, state: release.state, needed: needed.join(' / ') });
}

/** One entry for one step of a release; `lines` counts what the step touched. */
export async function auditRelease(
  tx: Tx,
  context: Context,
  action: string,
  release: PriceRelease,
  lines?: number,
): Promise<void> {
  const { number, priceList, state, effectiveOn, version } = release;
  await appendAudit(tx, context, {
    action,
    subjectKind: 'price-release',
    subjectId: number,
    after: { priceList, state, effectiveOn, version, lines },
  });
}
