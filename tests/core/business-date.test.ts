import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  businessDate,
  businessDateAt,
  compareDates,
  daysBetween,
  daysInMonth,
  isTimeZone,
} from '../../src/core/business-date.ts';
import { dates } from './arbitraries.ts';
import { refusal } from './refusal.ts';

const day = businessDate;

describe('reading', () => {
  test.each(['1900-01-01', '2000-02-29', '2012-02-29', '2999-12-31'])('accepts %s', text => {
    expect(businessDate(text)).toBe(text);
  });

  test.each([
    '',
    '2011-02-29',
    '1900-02-29',
    '2011-04-31',
    '2011-13-01',
    '2011-00-10',
    '2011-01-00',
    '2011-1-1',
    '20110101',
    '1899-12-31',
    '3000-01-01',
    '2011-01-01T00:00:00Z',
    '2011-01-01\n',
    '01/02/2011',
    '２０１１-01-01',
  ])('refuses %j', text => {
    expect(refusal(() => businessDate(text))).toMatchObject({ code: 'BUSINESS_DATE_INVALID', status: 400 });
  });

  test('accepts exactly the days the calendar has', () => {
    const field = fc.tuple(
      fc.integer({ min: 1900, max: 2999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    fc.assert(
      fc.property(field, ([year, month, date]) => {
        const exists = new Date(Date.UTC(year, month - 1, date)).getUTCDate() === date;
        const text = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
        if (exists) expect(businessDate(text)).toBe(text);
        else expect(refusal(() => businessDate(text)).code).toBe('BUSINESS_DATE_INVALID');
      }),
    );
  });
});

describe('the day of an instant', () => {
  test.each([
    ['2011-03-31T15:59:59.999Z', 'Asia/Shanghai', '2011-03-31'],
    ['2011-03-31T16:00:00Z', 'Asia/Shanghai', '2011-04-01'],
    ['2011-03-31T16:00:00Z', 'UTC', '2011-03-31'],
    ['2011-03-27T23:30:00Z', 'Europe/London', '2011-03-28'],
    ['2011-01-01T04:59:59Z', 'America/New_York', '2010-12-31'],
  ])('%s in %s is %s', (instant, zone, expected) => {
    expect(businessDateAt(new Date(instant), zone)).toBe(expected);
  });

  test('in Shanghai starts at 16:00 UTC the day before', () => {
    const instants = fc.date({ min: new Date('1992-01-01'), max: new Date('2998-12-30'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, instant => {
        const shifted = new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
        expect(businessDateAt(instant, 'Asia/Shanghai')).toBe(shifted);
      }),
    );
  });

  test('needs a zone the runtime knows', () => {
    expect(['Asia/Shanghai', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+8'].every(isTimeZone)).toBe(true);
    expect(['', '+08:00', 'Mars/Base', 'Asia/Shanghai ', '../etc'].some(isTimeZone)).toBe(false);
    expect(() => businessDateAt(new Date(0), '+08:00')).toThrow('assertion failed');
  });
});

describe('moving', () => {
  test('counts days there and back', () => {
    fc.assert(
      fc.property(dates(), fc.integer({ min: -360, max: 360 }), (date, days) => {
        const moved = addDays(date, days);
        expect(daysBetween(date, moved)).toBe(days);
        expect(addDays(moved, -days)).toBe(date);
        expect(compareDates(moved, date)).toBe(Math.sign(days));
      }),
    );
  });

  test('crosses leap days and year ends', () => {
    expect(addDays(day('2012-02-28'), 1)).toBe('2012-02-29');
    expect(addDays(day('2011-02-28'), 1)).toBe('2011-03-01');
    expect(addDays(day('2011-01-01'), -1)).toBe('2010-12-31');
    expect(daysBetween(day('1900-01-01'), day('2000-01-01'))).toBe(36_524);
  });

  test('clamps to the end of a shorter month', () => {
    expect(addMonths(day('2011-01-31'), 1)).toBe('2011-02-28');
    expect(addMonths(day('2011-03-31'), -1)).toBe('2011-02-28');
    expect(addMonths(day('2012-02-29'), 12)).toBe('2013-02-28');
    expect(addMonths(day('2011-11-30'), 2)).toBe('2012-01-30');
    expect(addMonths(day('2011-01-15'), -13)).toBe('2009-12-15');
  });

  test('knows the length of every month', () => {
    const lengths = (year: number) => Array.from({ length: 12 }, (_, i) => daysInMonth(year, i + 1));
    expect(lengths(2011)).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    expect([1900, 2000, 2012, 2100].map(year => daysInMonth(year, 2))).toEqual([28, 29, 29, 28]);
  });

  test('does not leave the calendar', () => {
    for (const leave of [() => addDays(day('2999-12-31'), 1), () => addMonths(day('1900-01-31'), -1)]) {
      expect(refusal(leave).code).toBe('BUSINESS_DATE_INVALID');
    }
    expect(() => addDays(day('2011-01-01'), 0.5)).toThrow('assertion failed');
  });
});
