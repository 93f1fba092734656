/** The steps of a release: submitted by one person, approved by another, published or withdrawn. R3.2, R12.1 */
import { problem as accessProblem, type Context } from '../access/index.ts';
import { queryOne, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import {
  auditRelease,
  createRelease,
  lockRelease,
  type PriceRelease,
  type ReleaseChange,
  type ReleaseDraft,
  type ReleaseState,
  requireState,
  saveRelease,
} from './price-release.ts';
import { publishPrices } from './publish-prices.ts';
import { type NewReleaseLine, writeLines } from './release-line.ts';

export type ReleaseStep = {
  readonly number: string;
  /** The version the step was decided on, where the caller says it. */
  readonly expectedVersion?: number | null;
};

mapConstraints({ price_release_second_person: () => accessProblem('SECOND_PERSON_REQUIRED') });

/** Begins a release, with lines or without. Throws PRICE_LIST_NOT_FOUND, BUSINESS_DATE_INVALID and as `addReleaseLines`. */
export async function draftRelease(
  tx: Tx,
  context: Context,
  draft: ReleaseDraft & { readonly lines?: readonly NewReleaseLine[] },
): Promise<PriceRelease> {
  const release = await createRelease(tx, context, draft);
  await writeLines(tx, release, draft.lines ?? []);
  return release;
}

/** Closes a draft for approval. Throws PRICE_RELEASE_NOT_FOUND, VERSION_CONFLICT, RELEASE_STATE, RELEASE_EMPTY. */
export async function submitRelease(tx: Tx, context: Context, step: ReleaseStep): Promise<PriceRelease> {
  return await take(tx, context, step, ['draft'], async release => {
    const line = await queryOne(tx, 'select 1 from price_release_line where release_id = $1 limit 1', [release.id]);
    if (line === null) throw problem('RELEASE_EMPTY', { number: release.number });
    return { state: 'submitted', submittedBy: context.principal.name };
  });
}

/**
 * Approves what somebody else made and submitted. Throws PRICE_RELEASE_NOT_FOUND, VERSION_CONFLICT, RELEASE_STATE,
 * SECOND_PERSON_REQUIRED.
 */
export async function approveRelease(tx: Tx, context: Context, step: ReleaseStep): Promise<PriceRelease> {
  return await take(tx, context, step, ['submitted'], async release => {
    const approver = context.principal.name;
    if (release.editedBy.includes(approver) || release.submittedBy === approver) {
      throw accessProblem('SECOND_PERSON_REQUIRED');
    }
    return { state: 'approved', approvedBy: approver };
  });
}

/**
 * Puts the prices in force from the effective date on. Throws PRICE_RELEASE_NOT_FOUND, VERSION_CONFLICT, RELEASE_STATE,
 * PART_CORE_IP, RELEASE_OVERTAKEN, RELEASE_BACKDATED.
 */
export async function publishRelease(tx: Tx, context: Context, step: ReleaseStep): Promise<PriceRelease> {
  return await take(tx, context, step, ['approved'], async release => {
    await publishPrices(tx, release, context.today);
    return { state: 'published', publishedBy: context.principal.name, publishedAt: context.now.toISOString() };
  });
}

/** Gives up a release that is not published. Throws PRICE_RELEASE_NOT_FOUND, VERSION_CONFLICT, RELEASE_STATE. */
export async function withdrawRelease(tx: Tx, context: Context, step: ReleaseStep): Promise<PriceRelease> {
  return await take(tx, context, step, ['draft', 'submitted', 'approved'], async () => {
    return { state: 'withdrawn', withdrawnBy: context.principal.name };
  });
}

async function take(
  tx: Tx,
  context: Context,
  { number, expectedVersion = null }: ReleaseStep,
  from: readonly ReleaseState[],
  decide: (release: PriceRelease) => Promise<ReleaseChange & { state: ReleaseState }>,
): Promise<PriceRelease> {
  const release = await lockRelease(tx, number);
  if (expectedVersion !== null) requireVersion(release.version, expectedVersion);
  requireState(release, from);
  const after = await saveRelease(tx, release, await decide(release));
  await auditRelease(tx, context, `price-release.${after.state}`, after);
  return after;
}
