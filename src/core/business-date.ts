/** Business dates: the day a posting counts for, in the firm's time zone; never an instant. */
import { assert } from './assert.ts';
import { problem } from './errors.ts';

declare const businessDateBrand: unique symbol;
/** A real calendar day 'YYYY-MM-DD' of the years 1900–2999; as text it sorts by time. */
export type BusinessDate = string & { readonly [businessDateBrand]: true };

const DAY_MS = 86_400_000;
const SHIFT_DAYS_MAX = 1_000_000;
const PATTERN = /^(?:19|2\d)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
// An offset such as +08:00 is refused: PostgreSQL reads its sign the other way round.
const ZONE_NAME = /^[A-Za-z]\w*(?:[/+-]\w+)*$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Reads a date. Throws BUSINESS_DATE_INVALID. */
export function businessDate(text: string): BusinessDate {
  if (!PATTERN.test(text) || dayOf(text) > daysInMonth(yearOf(text), monthOf(text))) {
    throw problem('BUSINESS_DATE_INVALID', { value: text.slice(0, 30) });
  }
  return text as BusinessDate;
}

/** The day an instant falls on in an IANA time zone. Throws BUSINESS_DATE_INVALID outside 1900–2999. */
export function businessDateAt(instant: Date, timeZone: string): BusinessDate {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(instant)) part[type] = value;
  return businessDate(`${part.year?.padStart(4, '0')}-${part.month}-${part.day}`);
}

/** The date so many days later, or earlier when negative. Throws BUSINESS_DATE_INVALID outside 1900–2999. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  assert(Number.isInteger(days) && Math.abs(days) <= SHIFT_DAYS_MAX, 'a shift is a whole number of days');
  return businessDate(new Date((epochDay(date) + days) * DAY_MS).toISOString().slice(0, 10));
}

/** The same day so many months later, or the month's last day where it is shorter. Throws BUSINESS_DATE_INVALID. */
export function addMonths(date: BusinessDate, months: number): BusinessDate {
  assert(Number.isInteger(months), 'a shift is a whole number of months');
  const index = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const day = Math.min(dayOf(date), daysInMonth(year, month));
  return businessDate(`${year}-${twoDigits(month)}-${twoDigits(day)}`);
}

/** Order in time: −1, 0 or 1, as Array.sort wants it. */
export function compareDates(a: BusinessDate, b: BusinessDate): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Days from one date to another: 1 from today to tomorrow, negative backwards. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return epochDay(to) - epochDay(from);
}

/** The number of days of a month, 1–12, in the Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

/** Is it an IANA zone name such as Asia/Shanghai? Bare offsets are not. */
export function isTimeZone(text: string): boolean {
  if (!ZONE_NAME.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    assert(isTimeZone(timeZone), `${timeZone} is a time zone`);
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { timeZone, ...fields });
    formats.set(timeZone, format);
  }
  return format;
}

function epochDay(date: BusinessDate): number {
  return Date.UTC(yearOf(date), monthOf(date) - 1, dayOf(date)) / DAY_MS;
}

function yearOf(text: string): number {
  return Number(text.slice(0, 4));
}

function monthOf(text: string): number {
  return Number(text.slice(5, 7));
}

function dayOf(text: string): number {
  return Number(text.slice(8, 10));
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
