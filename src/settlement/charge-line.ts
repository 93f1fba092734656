/**
 * One line of a history file, read and judged by itself. Pure: the first reason why it cannot stand, in the order of the
 * rule (no customer, price not above zero, quantity zero, then whatever else is wrong), or its values as texts.
 */
import { businessDate } from '../core/business-date.ts';
import { type Decimal, hasScale, isPositive, isZero, decimal as toDecimal } from '../core/decimal.ts';
import { UNIT_PRICE_SCALE } from '../core/money.ts';
import { Problem } from '../core/problem.ts';
import { QUANTITY_SCALE } from '../core/quantity.ts';

export const CHARGE_COLUMNS = [
  {
    key: 'document',
    headers: [
      'InvoiceNo',
      'Invoice',
      'InvoiceNumber',
      'Document',
      'DocumentNo',
      'DocumentNumber',
      '发票号',
      '发票号码',
      '单据号',
      '单号',
      '凭证号',
    ],
    required: true,
  },
  {
    key: 'partNumber',
    headers: [
      'StockCode',
      'PartNumber',
      'PartNo',
      'Part',
      'Item',
      'ItemCode',
      'SKU',
      '配件编码',
      '配件号',
      '配件编号',
      '物料编码',
      '物料号',
      '货号',
    ],
    required: true,
  },
  {
    key: 'text',
    headers: ['Description', 'Text', 'PartName', 'ItemName', '描述', '品名', '名称', '配件名称', '摘要'],
    required: false,
  },
  { key: 'quantity', headers: ['Quantity', 'Qty', '数量'], required: true },
  {
    key: 'businessOn',
    headers: [
      'InvoiceDate',
      'Date',
      'BusinessDate',
      'BusinessOn',
      'DocumentDate',
      '日期',
      '发票日期',
      '开票日期',
      '业务日期',
      '单据日期',
    ],
    required: true,
  },
  { key: 'unitPrice', headers: ['UnitPrice', 'Price', '单价', '含税单价'], required: true },
  {
    key: 'dealer',
    headers: [
      'CustomerID',
      'Customer ID',
      'Customer',
      'CustomerNo',
      'CustomerCode',
      'Dealer',
      'DealerCode',
      '客户',
      '客户编码',
      '客户号',
      '经销商',
      '经销商编码',
    ],
    required: true,
  },
] as const;

export type ChargeColumn = (typeof CHARGE_COLUMNS)[number]['key'];

/** What stands in a line; decimals are texts as written, `businessOn` is the date part. */
export type ChargeLine = {
  readonly dealerCode: string;
  readonly document: string;
  readonly partNumber: string;
  readonly textZh: string | null;
  readonly textEn: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly businessOn: string;
};

export type LineRefusal = { readonly code: string; readonly column: ChargeColumn; readonly value: string };

const TEXT_LENGTH_MAX = 400;
const VALUE_SHOWN_MAX = 80;
/** Gross of one line has at most this many digits before the point, so that sums of a file fit numeric(19,2). */
const GROSS_INTEGER_DIGITS_MAX = 12;

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
/** A spreadsheet has made a decimal number of a customer number: 17850.0 is 17850. */
const NUMBER_AS_DECIMAL = /^(\d+)\.0+$/;
/** What nearly every cell looks like; anything else is read with decimals proper. */
const PLAIN_POSITIVE = /^[1-9]\d{0,8}(?:\.\d{1,3})?$/;
const TIME = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?[AaPp][Mm])?(?:Z| ?[+-]\d{2}:?\d{2})?`;
/** The year comes first or the date is refused: 03/04/2011 is two different days. */
const DATES = [
  new RegExp(String.raw`^(\d{4})[-](\d{1,2})[-](\d{1,2})(?:[T ]${TIME})?$`),
  new RegExp(String.raw`^(\d{4})[/](\d{1,2})[/](\d{1,2})(?: ${TIME})?$`),
  new RegExp(String.raw`^(\d{4})[.](\d{1,2})[.](\d{1,2})(?: ${TIME})?$`),
  new RegExp(String.raw`^(\d{4})年(\d{1,2})月(\d{1,2})日(?: ?${TIME})?$`),
  /^(\d{4})(\d{2})(\d{2})$/,
];
/** No dealer's ledger reaches further back. */
const FIRST_ON = '1990-01-01';
const DATES_REMEMBERED_MAX = 50_000;
const HAN = /\p{Script=Han}/u;
const CONTROL = /\p{Cc}/u;
// line breaks and tabs are blanks of a text; other control characters have no place in one
const CONTROL_IN_TEXT = /[\p{Cc}--[\t\n\r]]/v;

/** Reads one line; `cells` in the order of CHARGE_COLUMNS. A date after `today` or before 1990 is a mistyped year. */
export function readChargeLine(cells: readonly string[], today: string): ChargeLine | LineRefusal {
  const [document = '', partNumber = '', text = '', quantity = '', date = '', unitPrice = '', customer = ''] =
    cells.map(trimmed);
  const dealerCode = customer.replace(NUMBER_AS_DECIMAL, '$1');
  if (dealerCode === '') return refusal('DEALER_MISSING', 'dealer', customer);
  if (!CODE.test(dealerCode)) return refusal('DEALER_CODE_INVALID', 'dealer', customer);
  const priceFault = faultOfPrice(unitPrice);
  if (priceFault !== null) return refusal(priceFault, 'unitPrice', unitPrice);
  const quantityFault = faultOfQuantity(quantity);
  if (quantityFault !== null) return refusal(quantityFault, 'quantity', quantity);
  const businessOn = readDate(date);
  if (businessOn === null || businessOn < FIRST_ON) return refusal('DATE_INVALID', 'businessOn', date);
  if (businessOn > today) return refusal('DATE_IN_FUTURE', 'businessOn', date);
  if (document === '') return refusal('DOCUMENT_MISSING', 'document', document);
  if (document.length > 64 || CONTROL.test(document)) return refusal('DOCUMENT_INVALID', 'document', document);
  if (partNumber === '') return refusal('PART_MISSING', 'partNumber', partNumber);
  if (partNumber.length > 64 || CONTROL.test(partNumber))
    return refusal('PART_NUMBER_INVALID', 'partNumber', partNumber);
  if (text.length > TEXT_LENGTH_MAX || CONTROL_IN_TEXT.test(text)) return refusal('TEXT_INVALID', 'text', text);
  if (integerDigits(unitPrice) + integerDigits(quantity) > GROSS_INTEGER_DIGITS_MAX)
    return refusal('AMOUNT_TOO_LARGE', 'quantity', quantity);
  const [textZh, textEn] = HAN.test(text) ? [text, null] : [null, text === '' ? partNumber : text];
  return { dealerCode, document, partNumber, textZh, textEn, quantity, unitPrice, businessOn };
}

function refusal(code: string, column: ChargeColumn, value: string): LineRefusal {
  return { code, column, value: value.slice(0, VALUE_SHOWN_MAX) };
}

function trimmed(cell: string): string {
  return cell.trim();
}

function faultOfPrice(text: string): string | null {
  if (PLAIN_POSITIVE.test(text)) return null;
  const price = readDecimal(text);
  if (price === null) return 'PRICE_INVALID';
  if (!isPositive(price)) return 'PRICE_NOT_POSITIVE';
  return hasScale(price, UNIT_PRICE_SCALE) ? null : 'PRICE_SCALE';
}

function faultOfQuantity(text: string): string | null {
  if (PLAIN_POSITIVE.test(text)) return null;
  const quantity = readDecimal(text);
  if (quantity === null) return 'QUANTITY_INVALID';
  if (isZero(quantity)) return 'QUANTITY_ZERO';
  return hasScale(quantity, QUANTITY_SCALE) ? null : 'QUANTITY_SCALE';
}

function readDecimal(text: string): Decimal | null {
  try {
    return toDecimal(text);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function integerDigits(text: string): number {
  const point = text.indexOf('.');
  return (point === -1 ? text.length : point) - (text.startsWith('-') ? 1 : 0);
}

const datesRead = new Map<string, string | null>();

/** The day as written, whatever the time of day and its zone. */
function readDate(text: string): string | null {
  const known = datesRead.get(text);
  if (known !== undefined) return known;
  if (datesRead.size >= DATES_REMEMBERED_MAX) datesRead.clear();
  const read = parseDate(text);
  datesRead.set(text, read);
  return read;
}

function parseDate(text: string): string | null {
  for (const shape of DATES) {
    const [, year, month = '', day = ''] = shape.exec(text) ?? [];
    if (year === undefined) continue;
    try {
      return businessDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
    } catch (error) {
      if (error instanceof Problem) return null;
      throw error;
    }
  }
  return null;
}
