/** Dealers: who buys parts. Master data, so never deleted, only made inactive. */
import { problem as accessProblem, appendAudit, type Context, forgetKeys } from '../access/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { requireVersion } from '../platform/http/etag.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { creditCodeIsValid } from './credit-code.ts';
import { problem } from './errors.ts';

export const DEALER_KINDS = ['dealer', 'authorised_service_station', 'own_branch'] as const;
export const TERMS = ['per_order', 'monthly', 'quarterly'] as const;

export type Dealer = {
  readonly id: string;
  readonly code: string;
  readonly dealerKind: (typeof DEALER_KINDS)[number];
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly currency: string;
  readonly zone: string | null;
  readonly terms: (typeof TERMS)[number];
  /** Gross, in the dealer's currency; null = no limit. */
  readonly creditLimit: string | null;
  /** 统一社会信用代码 for invoices. */
  readonly creditCode: string | null;
  readonly active: boolean;
  readonly version: number;
};

export type DealerDraft = Omit<Dealer, 'id' | 'active' | 'version' | 'creditCode'> & {
  readonly creditCode?: string | null;
};

const COLUMNS = `id, code, dealer_kind as "dealerKind", name_zh as "nameZh", name_en as "nameEn", currency, zone, terms,
  credit_limit as "creditLimit", credit_code as "creditCode", active, version`;

mapConstraints({
  dealer_code_unique: () => problem('DEALER_CODE_TAKEN'),
  dealer_named: () => problem('DEALER_UNNAMED'),
});

/** Creates a dealer and its account in its one currency. Throws DEALER_CODE_TAKEN, DEALER_UNNAMED, CREDIT_CODE_INVALID. R1.3 */
export async function createDealer(tx: Tx, context: Context, draft: DealerDraft): Promise<Dealer> {
  const creditCode = requireCreditCode(draft.creditCode ?? null);
  const dealer = (await queryOne<Dealer>(
    tx,
    `with made as (
       insert into dealer (code, dealer_kind, name_zh, name_en, currency, zone, terms, credit_limit, credit_code, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning *
     ), account as (
       insert into dealer_account (dealer_id, currency) select id, currency from made
     )
     select ${COLUMNS} from made`,
    [
      draft.code,
      draft.dealerKind,
      draft.nameZh,
      draft.nameEn,
      draft.currency,
      draft.zone,
      draft.terms,
      draft.creditLimit,
      creditCode,
      context.now.toISOString(),
    ],
  )) as Dealer;
  await appendAudit(tx, context, {
    action: 'dealer.created',
    subjectKind: 'dealer',
    subjectId: dealer.code,
    dealerCode: dealer.code,
    after: dealer,
  });
  publish(tx, { stream: dealer.code, type: 'dealer.created', subject: { code: dealer.code } });
  publish(tx, { stream: FIRM_STREAM, type: 'dealer.created', subject: { code: dealer.code } });
  return dealer;
}

function requireCreditCode(creditCode: string | null): string | null {
  if (creditCode !== null && !creditCodeIsValid(creditCode)) throw problem('CREDIT_CODE_INVALID', { creditCode });
  return creditCode;
}

/** The dealer of a code, if the caller may see it (`visible`: its own id, or null for all). Throws DEALER_NOT_FOUND. */
export async function getDealer(em: Reader, code: string, visible: string | null): Promise<Dealer> {
  const dealer = await queryOne<Dealer>(
    em,
    `select ${COLUMNS} from dealer where code = $1 and ($2::bigint is null or id = $2::bigint)`,
    [code, visible],
  );
  if (dealer === null) throw accessProblem('DEALER_NOT_FOUND', { dealerCode: code });
  return dealer;
}

/** Dealers by code, whoever asks; unknown ones are missing from the map. */
export async function findDealers(em: Reader, codes: readonly string[]): Promise<Map<string, Dealer>> {
  const rows = await query<Dealer>(em, `select ${COLUMNS} from dealer where code = any($1::text[])`, [codes]);
  return new Map(rows.map(dealer => [dealer.code, dealer]));
}

/** One page in order of code, after the code of the page before. */
export async function listDealers(
  em: Reader,
  filter: { visible: string | null; after: string | null; limit: number },
): Promise<Dealer[]> {
  return await query<Dealer>(
    em,
    `select ${COLUMNS} from dealer where ($1::bigint is null or id = $1::bigint) and ($2::text is null or code > $2)
     order by code limit $3`,
    [filter.visible, filter.after, filter.limit],
  );
}

/** Changes what may change; code and currency never do. Throws DEALER_NOT_FOUND, VERSION_CONFLICT, DEALER_UNNAMED, CREDIT_CODE_INVALID. */
export async function changeDealer(
  tx: Tx,
  context: Context,
  code: string,
  expectedVersion: number,
  change: Partial<Omit<Dealer, 'id' | 'code' | 'currency' | 'version'>>,
): Promise<Dealer> {
  const before = await queryOne<Dealer>(tx, `select ${COLUMNS} from dealer where code = $1 for update`, [code]);
  if (before === null) throw accessProblem('DEALER_NOT_FOUND', { dealerCode: code });
  requireVersion(before.version, expectedVersion);
  const next = { ...before, ...change };
  if (next.creditCode !== before.creditCode) requireCreditCode(next.creditCode);
  const after = (await queryOne<Dealer>(
    tx,
    `update dealer set dealer_kind = $2, name_zh = $3, name_en = $4, zone = $5, terms = $6, credit_limit = $7, credit_code = $8,
       active = $9, version = version + 1, updated_at = $10
     where id = $1 returning ${COLUMNS}`,
    [
      before.id,
      next.dealerKind,
      next.nameZh,
      next.nameEn,
      next.zone,
      next.terms,
      next.creditLimit,
      next.creditCode,
      next.active,
      context.now.toISOString(),
    ],
  )) as Dealer;
  if (before.active !== after.active) await forgetKeys(tx);
  await appendAudit(tx, context, {
    action: 'dealer.changed',
    subjectKind: 'dealer',
    subjectId: code,
    dealerCode: code,
    before,
    after,
  });
  publish(tx, { stream: code, type: 'dealer.changed', subject: { code, version: after.version } });
  return after;
}
