/** Price lists: one settlement and one guidance list per currency, with or without tax. Prices come by release only. */
import { appendAudit, type Context } from '../access/index.ts';
import { currency } from '../core/money.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

export type PriceListKind = 'settlement' | 'guidance';

export type PriceList = {
  readonly id: string;
  readonly code: string;
  readonly kind: PriceListKind;
  readonly currency: string;
  /** Do its prices contain tax? */
  readonly taxInclusive: boolean;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly version: number;
};

export type PriceListDraft = Pick<PriceList, 'code' | 'kind' | 'currency' | 'taxInclusive'> & {
  readonly nameZh?: string | null;
  readonly nameEn?: string | null;
};

const COLUMNS = `id, code, kind, currency, tax_inclusive as "taxInclusive", name_zh as "nameZh", name_en as "nameEn", version`;
const NAMES: Readonly<Record<PriceListKind, { nameZh: string; nameEn: string }>> = {
  settlement: { nameZh: '配件经销商结算价目表', nameEn: 'Dealer settlement price list' },
  guidance: { nameZh: '配件市场指导价目表', nameEn: 'Market guidance price list' },
};

mapConstraints({
  price_list_code_unique: () => problem('PRICE_LIST_CODE_TAKEN'),
  price_list_kind_currency_unique: () => problem('PRICE_LIST_EXISTS'),
});

/**
 * Makes an empty list; without a name it gets the one of its kind. Throws PRICE_LIST_CODE_TAKEN, PRICE_LIST_EXISTS,
 * CURRENCY_INVALID. R3.1
 */
export async function createPriceList(tx: Tx, context: Context, draft: PriceListDraft): Promise<PriceList> {
  const { nameZh = null, nameEn = null } = draft;
  const names = nameZh === null && nameEn === null ? NAMES[draft.kind] : { nameZh, nameEn };
  const list = (await queryOne<PriceList>(
    tx,
    `insert into price_list (code, kind, currency, tax_inclusive, name_zh, name_en, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [
      draft.code,
      draft.kind,
      currency(draft.currency),
      draft.taxInclusive,
      names.nameZh,
      names.nameEn,
      context.now.toISOString(),
    ],
  )) as PriceList;
  await appendAudit(tx, context, {
    action: 'price-list.created',
    subjectKind: 'price-list',
    subjectId: list.code,
    after: { ...list, id: undefined },
  });
  publish(tx, { stream: FIRM_STREAM, type: 'price-list.created', subject: { code: list.code } });
  return list;
}

/** The list of a code. Throws PRICE_LIST_NOT_FOUND. */
export async function getPriceList(em: Reader, code: string): Promise<PriceList> {
  const list = await queryOne<PriceList>(em, `select ${COLUMNS} from price_list where code = $1`, [code]);
  if (list === null) throw problem('PRICE_LIST_NOT_FOUND', { priceList: code });
  return list;
}

/** One page in order of code, after the code of the page before. */
export async function listPriceLists(em: Reader, after: string | null, limit: number): Promise<PriceList[]> {
  return await query<PriceList>(
    em,
    `select ${COLUMNS} from price_list where ($1::text is null or code > $1) order by code limit $2`,
    [after, limit],
  );
}
