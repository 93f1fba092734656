/** One row of an opening-stock file, read and judged by itself. Pure: the first thing that cannot be read, or its values. */
import { businessDate } from '../core/business-date.ts';
import { isPositive } from '../core/decimal.ts';
import { unitPrice } from '../core/money.ts';
import { Problem } from '../core/problem.ts';
import { quantity } from '../core/quantity.ts';
import type { Finding, ImportColumn, SourceRow } from '../exchange/index.ts';

export const OPENING_COLUMNS = [
  {
    key: 'partNumber',
    headers: ['PartNumber', 'Part', 'PartNo', 'Item', 'SKU', '配件号', '配件编码', '物料编码', '货号'],
    required: true,
  },
  {
    key: 'locationCode',
    headers: ['LocationCode', 'Location', 'Warehouse', '库位', '仓库', '仓库编码', '库位编码'],
    required: true,
  },
  { key: 'quantity', headers: ['Quantity', 'Qty', 'OnHand', '数量', '库存数量', '现存量'], required: true },
  { key: 'unitCost', headers: ['UnitCost', 'Cost', '单位成本', '成本单价', '成本'], required: true },
  {
    key: 'receivedOn',
    headers: ['ReceivedOn', 'FirstReceivedOn', 'ReceiptDate', 'Date', '首次入库日期', '入库日期', '日期'],
    required: true,
  },
] as const satisfies readonly ImportColumn[];

/** Texts as PostgreSQL reads them, in the order line, part number, location, quantity, unit cost, first receipt. */
export type OpeningRow = readonly [
  line: string,
  partNumber: string,
  locationCode: string,
  quantity: string,
  unitCost: string,
  receivedOn: string,
];

const VALUE_SHOWN_MAX = 80;
/** The year comes first or the date is refused: 03/04/2011 is two different days. A workbook adds midnight. */
const DATE = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/;

/** Reads a row; `today` is the last day stock can have come in. */
export function readOpeningRow(row: SourceRow, today: string): OpeningRow | Finding {
  const [partNumber = '', locationCode = '', count = '', cost = '', date = ''] = row.cells.map(cell => cell.trim());
  const refuse = (code: string, column: string, value: string): Finding => ({
    line: row.line,
    code,
    column,
    value: value.slice(0, VALUE_SHOWN_MAX),
  });
  if (partNumber === '') return refuse('PART_NOT_FOUND', 'partNumber', partNumber);
  if (locationCode === '') return refuse('LOCATION_NOT_FOUND', 'locationCode', locationCode);
  const wanted = codeOf(() => quantity(count));
  if (typeof wanted === 'string') return refuse(wanted, 'quantity', count);
  if (!isPositive(wanted)) return refuse('QUANTITY_NOT_POSITIVE', 'quantity', count);
  const unitCost = codeOf(() => unitPrice(cost));
  if (typeof unitCost === 'string') return refuse(unitCost, 'unitCost', cost);
  if (cost.startsWith('-')) return refuse('COST_NEGATIVE', 'unitCost', cost);
  const [, year = '', month = '', day = ''] = DATE.exec(date) ?? [];
  const receivedOn = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const judged = codeOf(() => businessDate(receivedOn));
  if (judged !== receivedOn) return refuse('BUSINESS_DATE_INVALID', 'receivedOn', date);
  if (receivedOn > today) return refuse('RECEIPT_DATE_INVALID', 'receivedOn', date);
  return [String(row.line), partNumber, locationCode, count, cost, receivedOn];
}

/** What a reader of core makes of a cell, or the code of its refusal. */
function codeOf<Value>(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}
