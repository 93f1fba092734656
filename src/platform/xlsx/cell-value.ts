import { assert } from '../../core/assert.ts';

/** Excel's own limit. */
const CELL_CHARACTERS_MAX = 32_767;
/** A spreadsheet keeps numbers as binary floating point and shows 15 digits of them. */
const EXACT_DIGITS_MAX = 15;
const DECIMAL = /^-?(\d+)(?:\.(\d+))?$/;

/** What XML cannot carry (controls, CR, noncharacters) and what looks like its escape, as ISO 29500 §22.9.2.19 writes it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const NOT_IN_XML = /[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;

/** Text as a shared string of a workbook: read back by a spreadsheet it is the same text. */
export function escapeCellText(text: string): string {
  assert(text.length <= CELL_CHARACTERS_MAX, `a cell holds at most ${CELL_CHARACTERS_MAX} characters`);
  return text
    .toWellFormed()
    .replace(NOT_IN_XML, character => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** The number a decimal text becomes in a cell; null when a spreadsheet would not keep every digit: then it stays text. */
export function exactNumber(decimal: string): number | null {
  const [, whole = '', fraction = ''] = DECIMAL.exec(decimal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  if (whole === '' || digits.length > EXACT_DIGITS_MAX) return null;
  const number = Number(decimal);
  return number.toFixed(fraction.length) === decimal ? number : null;
}

const shortest = new Intl.NumberFormat('en-US', { useGrouping: false, maximumSignificantDigits: EXACT_DIGITS_MAX });

/** The decimal text a spreadsheet shows for a number: at most 15 significant digits, no exponent, no −0. */
export function decimalOf(number: number): string {
  const text = shortest.format(number);
  return text === '-0' ? '0' : text;
}

/** Midnight UTC of a business date: how exceljs takes an Excel date without a time zone. */
export function dateOf(businessOn: string): Date {
  const date = new Date(`${businessOn}T00:00:00Z`);
  assert(!Number.isNaN(date.getTime()), `${businessOn} is a date`);
  return date;
}
