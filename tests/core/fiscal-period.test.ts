import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, businessDate, daysBetween } from '../../src/core/business-date.ts';
import {
  type CutDay,
  nextPeriod,
  periodContaining,
  periodName,
  periodNamed,
  previousPeriod,
} from '../../src/core/fiscal-period.ts';
import { dates } from './arbitraries.ts';
import { refusal } from './refusal.ts';

const cutDays: CutDay[] = ['month_end', ...Array.from({ length: 28 }, (_, i) => i + 1)];

test('is the natural month by default', () => {
  expect(periodContaining(businessDate('2012-02-29'))).toEqual({
    name: '2012-02',
    firstOn: '2012-02-01',
    lastOn: '2012-02-29',
  });
});

test('cut at the 25th runs from the 26th to the 25th', () => {
  const march = { name: '2011-03', firstOn: '2011-02-26', lastOn: '2011-03-25' };
  expect(periodNamed(periodName('2011-03'), 25)).toEqual(march);
  expect(periodContaining(businessDate('2011-02-26'), 25)).toEqual(march);
  expect(periodContaining(businessDate('2011-03-25'), 25)).toEqual(march);
  expect(periodContaining(businessDate('2010-12-26'), 25).name).toBe('2011-01');
  expect(periodContaining(businessDate('2011-01-31'), 28)).toMatchObject({ name: '2011-02', firstOn: '2011-01-29' });
});

describe.each(cutDays)('cut at %s, periods', cutDay => {
  test('tile the calendar without gap or overlap', () => {
    let period = periodNamed(periodName('1999-11'), cutDay);
    for (let i = 0; i < 200; i += 1) {
      const next = nextPeriod(period.name, cutDay);
      expect(next.firstOn).toBe(addDays(period.lastOn, 1));
      expect(previousPeriod(next.name, cutDay)).toEqual(period);
      const days = daysBetween(period.firstOn, period.lastOn) + 1;
      expect(days).toBeGreaterThanOrEqual(28);
      expect(days).toBeLessThanOrEqual(31);
      period = next;
    }
    expect(period.name).toBe('2016-07');
  });

  test('contain each day exactly once', () => {
    fc.assert(
      fc.property(dates(), date => {
        const period = periodContaining(date, cutDay);
        expect(period.firstOn <= date && date <= period.lastOn).toBe(true);
        expect(period.lastOn.slice(0, 7)).toBe(period.name);
        expect(periodNamed(period.name, cutDay)).toEqual(period);
      }),
    );
  });
});

test.each(['', '2011', '2011-3', '2011-13', '2011-00', '2011-03-01', '201103', '1899-12', '3000-01', '2011-03\n'])(
  'refuses %j as a name',
  text => {
    expect(refusal(() => periodName(text))).toMatchObject({ code: 'PERIOD_NAME_INVALID', status: 400 });
  },
);

test('ends with the calendar', () => {
  expect(refusal(() => nextPeriod(periodName('2999-12')))).toMatchObject({ code: 'BUSINESS_DATE_INVALID' });
  expect(refusal(() => previousPeriod(periodName('1900-01')))).toMatchObject({ code: 'BUSINESS_DATE_INVALID' });
  expect(refusal(() => periodNamed(periodName('1900-01'), 25))).toMatchObject({ code: 'BUSINESS_DATE_INVALID' });
});

test('needs a cut day every month has', () => {
  for (const cutDay of [0, 29, 1.5])
    expect(() => periodNamed(periodName('2011-03'), cutDay)).toThrow('assertion failed');
});
