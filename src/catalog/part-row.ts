/** One row of a parts file, read by itself: what it says of a part, or the first thing that is wrong with it. */
import type { ImportColumn, SourceRow } from '../exchange/index.ts';
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
import type { PartClass } from './part.ts';
import { mentionsSuccessor, readSupersession } from './read-supersession.ts';

export const PART_COLUMNS: readonly ImportColumn[] = [
  {
    key: 'partNumber',
    headers: [
      'part number',
      'part no',
      'partno',
      'part',
      'item',
      'item number',
      'stock code',
      'sku',
      '配件编码',
      '配件号',
      '配件编号',
      '件号',
      '图号',
      '物料号',
      '物料编码',
      '零件号',
      '零件图号',
    ],
    required: true,
  },
  {
    key: 'description',
    headers: ['desc', 'name', 'part name', 'designation', '描述', '配件描述', '说明'],
    required: false,
  },
  {
    key: 'nameZh',
    headers: ['chinese name', 'name chinese', '配件名称', '名称', '品名', '零件名称', '物料名称', '中文名称', '中文名'],
    required: false,
  },
  { key: 'nameEn', headers: ['english name', 'name english', '英文名称', '英文名'], required: false },
  { key: 'partClass', headers: ['class', '类别', '配件类别', '分类'], required: false },
  { key: 'unit', headers: ['uom', 'unit of measure', '单位', '计量单位'], required: false },
  { key: 'goodsCode', headers: ['tax code', '税收分类编码', '商品编码'], required: false },
  { key: 'goodsShortName', headers: ['税收分类简称', '商品简称'], required: false },
  { key: 'taxClass', headers: ['tax category', '税类'], required: false },
  { key: 'weightKg', headers: ['weight', 'weight (kg)', '重量', '重量(kg)', '单重'], required: false },
  { key: 'packQuantity', headers: ['pack', 'pack size', '包装数量', '包装量', '最小包装'], required: false },
  { key: 'serviceable', headers: ['可服务配件标识', '可服务', '可供应'], required: false },
  { key: 'cost', headers: ['standard cost', 'unit cost', '成本', '标准成本', '成本价'], required: false },
  {
    key: 'successor',
    headers: ['successor number', 'superseded by', 'replaced by', '替代件', '替代件号', '替代配件号'],
    required: false,
  },
];

/** What a row says; null where it says nothing. */
export type PartRow = {
  readonly line: number;
  readonly partNumber: string;
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly partClass: PartClass | null;
  readonly unit: string | null;
  readonly goodsCode: string | null;
  readonly goodsShortName: string | null;
  readonly taxClass: string | null;
  readonly weightKg: string | null;
  readonly packQuantity: string | null;
  readonly serviceable: boolean | null;
  readonly cost: string | null;
  readonly successor: string | null;
  /** The description says USE, but not as a supersession that can be read. */
  readonly mentionsSuccessor: boolean;
};

export type PartWords = {
  /** Words for units in either language → code of the unit. */
  readonly units: ReadonlyMap<string, string>;
  readonly taxClasses: ReadonlySet<string>;
};

const CLASSES: ReadonlyMap<string, PartClass> = new Map([
  ...(['standard', '标准件', '标准'] as const).map(word => [word, 'standard'] as const),
  ...(['wear', '易损件', '易损'] as const).map(word => [word, 'wear'] as const),
  ...(['functional', '功能件', '功能'] as const).map(word => [word, 'functional'] as const),
  ...(['core', 'core-ip', '核心件', '核心'] as const).map(word => [word, 'core'] as const),
]);
const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'y', 'true', '1', '是', '√'].map(word => [word, true] as const),
  ...['no', 'n', 'false', '0', '否', '×'].map(word => [word, false] as const),
]);
const PART_NUMBER_LENGTH_MAX = 64;
const NAME_LENGTH_MAX = 400;
const GOODS_SHORT_NAME_LENGTH_MAX = 100;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const HAN = /\p{Script=Han}/u;
const GOODS_CODE = /^[0-9]{19}$/;
const WEIGHT = /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3}0*)?$/;
const PACK = /^(?=.*[1-9])(0|[1-9][0-9]{0,10})(\.[0-9]{1,3}0*)?$/;
const COST = /^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4}0*)?$/;

const cells = cellsOf(PART_COLUMNS);

/**
 * Codes: PART_NUMBER_MISSING, PART_NUMBER_INVALID, NAME_INVALID, CLASS_UNKNOWN, UNIT_UNKNOWN, GOODS_CODE_INVALID,
 * TAX_CLASS_UNKNOWN, WEIGHT_INVALID, PACK_INVALID, SERVICEABLE_INVALID, COST_INVALID, SUCCESSOR_INVALID. R1.2, R1.5
 */
export function readPartRow(source: SourceRow, words: PartWords): ReadRow<PartRow> {
  const row = cells(source.cells);
  return readRow(source.line, () => ({ line: source.line, ...readNames(row), ...readFacts(row, words) }));
}

function readNames(row: Cells) {
  const partNumber = numberCell(row, 'partNumber', 'PART_NUMBER_INVALID');
  if (partNumber === null) throw new CellRefused('PART_NUMBER_MISSING', 'partNumber', null);
  const description = textCell(row, 'description', 'NAME_INVALID', NAME_LENGTH_MAX);
  const nameZh = textCell(row, 'nameZh', 'NAME_INVALID', NAME_LENGTH_MAX);
  const nameEn = textCell(row, 'nameEn', 'NAME_INVALID', NAME_LENGTH_MAX);
  const chinese = description !== null && HAN.test(description);
  const told = description ?? nameEn ?? '';
  return {
    partNumber,
    nameZh: nameZh ?? (chinese ? description : null),
    nameEn: nameEn ?? (chinese ? null : description),
    successor: numberCell(row, 'successor', 'SUCCESSOR_INVALID') ?? readSupersession(told),
    mentionsSuccessor: row.get('successor') === null && mentionsSuccessor(told),
  };
}

function readFacts(row: Cells, { units, taxClasses }: PartWords) {
  const taxClass = row.get('taxClass');
  if (taxClass !== null && !taxClasses.has(taxClass)) throw new CellRefused('TAX_CLASS_UNKNOWN', 'taxClass', taxClass);
  return {
    partClass: wordCell(row, 'partClass', 'CLASS_UNKNOWN', CLASSES),
    unit: wordCell(row, 'unit', 'UNIT_UNKNOWN', units),
    goodsCode: formCell(row, 'goodsCode', 'GOODS_CODE_INVALID', GOODS_CODE),
    goodsShortName: textCell(row, 'goodsShortName', 'GOODS_SHORT_NAME_INVALID', GOODS_SHORT_NAME_LENGTH_MAX),
    taxClass,
    weightKg: formCell(row, 'weightKg', 'WEIGHT_INVALID', WEIGHT),
    packQuantity: formCell(row, 'packQuantity', 'PACK_INVALID', PACK),
    serviceable: wordCell(row, 'serviceable', 'SERVICEABLE_INVALID', YES_NO),
    cost: formCell(row, 'cost', 'COST_INVALID', COST),
  };
}

function numberCell(row: Cells, column: string, code: string): string | null {
  const number = row.get(column);
  if (number !== null && (CONTROL.test(number) || [...number].length > PART_NUMBER_LENGTH_MAX))
    throw new CellRefused(code, column, number);
  return number;
}
