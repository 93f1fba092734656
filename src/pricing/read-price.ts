/** Prices as people write them in files: read where only one reading is possible, each repair named, else refused. */
import { decimal, hasScale, isPositive, roundTo, toFixed } from '../core/decimal.ts';
import { AMOUNT_SCALE, UNIT_PRICE_SCALE } from '../core/money.ts';

export type PriceRepair = 'FULL_WIDTH' | 'CURRENCY_SIGN' | 'THOUSANDS_SEPARATOR' | 'DECIMAL_COMMA';
export type PriceFault = 'EMPTY' | 'NOT_A_NUMBER' | 'AMBIGUOUS' | 'NEGATIVE' | 'TOO_MANY_DECIMALS' | 'TOO_LARGE';

export type ReadPrice =
  | { readonly price: string; readonly repairs: readonly PriceRepair[] }
  | { readonly code: 'PRICE_INVALID'; readonly reason: PriceFault }
  | { readonly code: 'PRICE_POSTS_AS_ZERO' };

const PLAIN = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,4})?$/;
const FULL_WIDTH = /[\uff01-\uff5e\uffe5\u3000]/g;
/** 12,345.60 · 1,234,567 · 12 345.60 · 12'345: no other reading. One group alone (1,234) could be a decimal comma. */
const GROUPED_BY_COMMA = /^\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$/;
const GROUPED_BY_BLANK = /^\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+(?:\.\d+)?$/;
/** 1.234,50 and 12,50. */
const GROUPED_BY_POINT = /^\d{1,3}(?:\.\d{3})+,\d+$/;
const DECIMAL_COMMA = /^\d+,(?:\d{1,2}|\d{4,})$/;
const ONE_GROUP = /^\d{1,3},\d{3}$/;
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  CNY: ['¥', 'RMB', '元'],
  JPY: ['¥', '円'],
  GBP: ['£'],
  EUR: ['€'],
  USD: ['$'],
};

/** Reads one cell as a unit price in the currency of its list: four decimals as text. */
export function readPrice(cell: string, currency: string): ReadPrice {
  const written = cell.trim();
  if (PLAIN.test(written)) return positive(written, []);
  if (written === '') return fault('EMPTY');
  const repairs: PriceRepair[] = [];
  let text = written.replace(FULL_WIDTH, halfWidth);
  if (text !== written) repairs.push('FULL_WIDTH');
  const bare = withoutSign(text.trim(), currency);
  if (bare !== text.trim()) repairs.push('CURRENCY_SIGN');
  text = bare;
  if (GROUPED_BY_COMMA.test(text) || GROUPED_BY_BLANK.test(text)) {
    repairs.push('THOUSANDS_SEPARATOR');
    text = text.replace(/[^\d.]/g, '');
  } else if (GROUPED_BY_POINT.test(text)) {
    repairs.push('THOUSANDS_SEPARATOR', 'DECIMAL_COMMA');
    text = text.replaceAll('.', '').replace(',', '.');
  } else if (DECIMAL_COMMA.test(text)) {
    repairs.push('DECIMAL_COMMA');
    text = text.replace(',', '.');
  }
  return read(text, repairs);
}

function read(text: string, repairs: readonly PriceRepair[]): ReadPrice {
  if (ONE_GROUP.test(text)) return fault('AMBIGUOUS');
  if (/^-\s*\d/.test(text)) return fault('NEGATIVE');
  if (!/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return fault('NOT_A_NUMBER');
  if (text.length > 30) return fault('TOO_LARGE');
  const price = decimal(text);
  if (!hasScale(price, UNIT_PRICE_SCALE)) return fault('TOO_MANY_DECIMALS');
  const plain = toFixed(price, UNIT_PRICE_SCALE);
  return PLAIN.test(plain) ? positive(plain, repairs) : fault('TOO_LARGE');
}

/** A price below half a cent posts as 0.00. */
function positive(text: string, repairs: readonly PriceRepair[]): ReadPrice {
  if (text.startsWith('0') && !isPositive(roundTo(decimal(text), AMOUNT_SCALE))) return { code: 'PRICE_POSTS_AS_ZERO' };
  return { price: text, repairs };
}

function fault(reason: PriceFault): ReadPrice {
  return { code: 'PRICE_INVALID', reason };
}

function withoutSign(text: string, currency: string): string {
  for (const sign of [currency, ...(SIGNS[currency] ?? [])]) {
    if (text.startsWith(sign)) return text.slice(sign.length).trim();
    if (text.endsWith(sign)) return text.slice(0, -sign.length).trim();
  }
  return text;
}

function halfWidth(character: string): string {
  if (character === '\u3000') return ' ';
  if (character === '\uffe5') return '¥';
  return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}
