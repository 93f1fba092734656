/** The firm's fiscal periods: natural months, or months that end on a fixed day such as the 25th (R9.2). */
import { assert } from './assert.ts';
import { addDays, addMonths, type BusinessDate, businessDate, daysInMonth } from './business-date.ts';
import { problem } from './errors.ts';

declare const periodNameBrand: unique symbol;
/** 'YYYY-MM', years 1900–2999; as text it sorts by time. */
export type PeriodName = string & { readonly [periodNameBrand]: true };

/** The last day of a period: the month's own, or a day 1–28 that every month has. */
export type CutDay = 'month_end' | number;

export type FiscalPeriod = {
  /** The month in which the period ends. */
  readonly name: PeriodName;
  readonly firstOn: BusinessDate;
  readonly lastOn: BusinessDate;
};

const PATTERN = /^(?:19|2\d)\d{2}-(?:0[1-9]|1[0-2])$/;

/** Reads a period name. Throws PERIOD_NAME_INVALID. */
export function periodName(text: string): PeriodName {
  if (!PATTERN.test(text)) throw problem('PERIOD_NAME_INVALID', { value: text.slice(0, 30) });
  return text as PeriodName;
}

/** The period a day falls in. Throws BUSINESS_DATE_INVALID where the period leaves the years 1900–2999. */
export function periodContaining(date: BusinessDate, cutDay: CutDay = 'month_end'): FiscalPeriod {
  const pastCut = cutDay !== 'month_end' && Number(date.slice(8)) > cutDay;
  return periodNamed(monthOf(pastCut ? addMonths(date, 1) : date), cutDay);
}

/** First and last day of a period. Throws BUSINESS_DATE_INVALID where it leaves the years 1900–2999. */
export function periodNamed(name: PeriodName, cutDay: CutDay = 'month_end'): FiscalPeriod {
  if (cutDay === 'month_end') {
    const lastDay = daysInMonth(Number(name.slice(0, 4)), Number(name.slice(5)));
    return { name, firstOn: businessDate(`${name}-01`), lastOn: businessDate(`${name}-${lastDay}`) };
  }
  assert(Number.isInteger(cutDay) && cutDay >= 1 && cutDay <= 28, 'every month has the cut day');
  const lastOn = businessDate(`${name}-${String(cutDay).padStart(2, '0')}`);
  return { name, firstOn: addDays(addMonths(lastOn, -1), 1), lastOn };
}

/** The period after the one of that name. Throws BUSINESS_DATE_INVALID after 2999-12. */
export function nextPeriod(name: PeriodName, cutDay: CutDay = 'month_end'): FiscalPeriod {
  return neighbour(name, 1, cutDay);
}

/** The period before the one of that name. Throws BUSINESS_DATE_INVALID before 1900-01. */
export function previousPeriod(name: PeriodName, cutDay: CutDay = 'month_end'): FiscalPeriod {
  return neighbour(name, -1, cutDay);
}

function neighbour(name: PeriodName, months: number, cutDay: CutDay): FiscalPeriod {
  return periodNamed(monthOf(addMonths(businessDate(`${name}-01`), months)), cutDay);
}

function monthOf(date: BusinessDate): PeriodName {
  return date.slice(0, 7) as PeriodName;
}
