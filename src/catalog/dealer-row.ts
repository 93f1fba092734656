/** One row of a dealers file, read by itself. */
import type { ImportColumn, SourceRow } from '../exchange/index.ts';
import { creditCodeIsValid } from './credit-code.ts';
import type { Dealer } from './dealer.ts';
import {
  CellRefused,
  type Cells,
  cellsOf,
  formCell,
  type ReadRow,
  readRow,
  textCell,
  wordCell,
} from './import-cells.ts';

export const DEALER_COLUMNS: readonly ImportColumn[] = [
  {
    key: 'code',
    headers: [
      'dealer',
      'dealer code',
      'dealer no',
      'customer',
      'customer id',
      '经销商编码',
      '经销商代码',
      '客户编码',
      '编码',
      '代码',
    ],
    required: true,
  },
  { key: 'dealerKind', headers: ['kind', 'type', '类型', '经销商类型', '性质'], required: false },
  {
    key: 'nameZh',
    headers: ['chinese name', '经销商名称', '名称', '中文名称', '单位名称', '公司名称', '客户名称'],
    required: false,
  },
  { key: 'nameEn', headers: ['name', 'english name', 'dealer name', '英文名称'], required: false },
  { key: 'currency', headers: ['币种', '货币'], required: false },
  { key: 'zone', headers: ['freight zone', 'region', '区域', '运费区域', '片区'], required: false },
  { key: 'terms', headers: ['settlement terms', 'payment terms', '结算方式', '结算周期', '账期'], required: false },
  { key: 'creditLimit', headers: ['信用额度', '授信额度'], required: false },
  { key: 'level', headers: ['dealer level', '级别', '经销商级别', '等级'], required: false },
  {
    key: 'creditCode',
    headers: ['unified social credit code', '统一社会信用代码', '信用代码', '税号'],
    required: false,
  },
];

/** What a row says; null where it says nothing. */
export type DealerRow = { readonly line: number; readonly code: string; readonly level: string | null } & {
  readonly [Key in 'dealerKind' | 'nameZh' | 'nameEn' | 'currency' | 'zone' | 'terms' | 'creditLimit' | 'creditCode']:
    | Dealer[Key]
    | null;
};

const KINDS: ReadonlyMap<string, Dealer['dealerKind']> = new Map([
  ...['dealer', '经销商'].map(word => [word, 'dealer'] as const),
  ...['authorised_service_station', 'service station', '授权维修机构', '服务站'].map(
    word => [word, 'authorised_service_station'] as const,
  ),
  ...['own_branch', 'branch', '直营分店', '直营'].map(word => [word, 'own_branch'] as const),
]);
const TERMS: ReadonlyMap<string, Dealer['terms']> = new Map([
  ...['per_order', 'per order', '单单结', '单结'].map(word => [word, 'per_order'] as const),
  ...['monthly', '月结'].map(word => [word, 'monthly'] as const),
  ...['quarterly', '季结'].map(word => [word, 'quarterly'] as const),
]);
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const CURRENCY = /^[A-Z]{3}$/;
const CREDIT_LIMIT = /^(0|[1-9][0-9]{0,16})(\.[0-9]{1,2}0*)?$/;
const LEVEL = /^[A-Z0-9]{1,10}$/;
const NAME_LENGTH_MAX = 200;
const ZONE_LENGTH_MAX = 40;

const cells = cellsOf(DEALER_COLUMNS);

/**
 * Codes: DEALER_CODE_MISSING, DEALER_CODE_INVALID, DEALER_KIND_UNKNOWN, NAME_INVALID, CURRENCY_INVALID, ZONE_INVALID,
 * TERMS_UNKNOWN, CREDIT_LIMIT_INVALID, LEVEL_INVALID, CREDIT_CODE_INVALID. R1.3, R1.5
 */
export function readDealerRow(source: SourceRow): ReadRow<DealerRow> {
  const row = cells(source.cells);
  return readRow(source.line, () => ({ line: source.line, ...readIdentity(row), ...readTerms(row) }));
}

function readIdentity(row: Cells) {
  const code = formCell(row, 'code', 'DEALER_CODE_INVALID', CODE);
  if (code === null) throw new CellRefused('DEALER_CODE_MISSING', 'code', null);
  const creditCode = row.get('creditCode')?.toUpperCase() ?? null;
  if (creditCode !== null && !creditCodeIsValid(creditCode))
    throw new CellRefused('CREDIT_CODE_INVALID', 'creditCode', creditCode);
  return {
    code,
    dealerKind: wordCell(row, 'dealerKind', 'DEALER_KIND_UNKNOWN', KINDS),
    nameZh: textCell(row, 'nameZh', 'NAME_INVALID', NAME_LENGTH_MAX),
    nameEn: textCell(row, 'nameEn', 'NAME_INVALID', NAME_LENGTH_MAX),
    creditCode,
  };
}

function readTerms(row: Cells) {
  return {
    currency: formCell(row, 'currency', 'CURRENCY_INVALID', CURRENCY),
    zone: textCell(row, 'zone', 'ZONE_INVALID', ZONE_LENGTH_MAX),
    terms: wordCell(row, 'terms', 'TERMS_UNKNOWN', TERMS),
    creditLimit: formCell(row, 'creditLimit', 'CREDIT_LIMIT_INVALID', CREDIT_LIMIT),
    level: formCell(row, 'level', 'LEVEL_INVALID', LEVEL),
  };
}
