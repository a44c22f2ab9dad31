import { DateTime } from 'luxon';
import * as fc from 'fast-check';
import { addDays, daysBetween, monthsToDate, periodsWithin, standardStart } from '../../../src/modules/dashboard/domain/periods';

const day = fc.integer({ min: 0, max: 60_000 }).map((n) => addDays('1950-01-01', n));
const FORMAT = { day: 'yyyy-MM-dd', week: "kkkk-'W'WW", month: 'yyyy-MM' } as const;

describe('periods of a report', () => {
  it('clips the first and the last period to the days asked for', () => {
    expect(periodsWithin('2026-01-15', '2026-03-02', 'month')).toEqual([
      { label: '2026-01', start: '2026-01-01', from: '2026-01-15', to: '2026-01-31' },
      { label: '2026-02', start: '2026-02-01', from: '2026-02-01', to: '2026-02-28' },
      { label: '2026-03', start: '2026-03-01', from: '2026-03-01', to: '2026-03-02' },
    ]);
    expect(periodsWithin('2027-01-01', '2027-01-01', 'week')).toEqual([
      { label: '2026-W53', start: '2026-12-28', from: '2027-01-01', to: '2027-01-01' },
    ]);
  });

  it('covers every day once, with the labels of ISO 8601', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 800 }), fc.constantFrom('day', 'week', 'month'), (from, length, grouping) => {
        const to = addDays(from, length);
        const periods = periodsWithin(from, to, grouping);
        expect(periods[0]!.from).toBe(from);
        expect(periods.at(-1)!.to).toBe(to);
        expect(periods.reduce((days, period) => days + daysBetween(period.from, period.to), 0)).toBe(length + 1);
        for (const [index, period] of periods.entries()) {
          if (index > 0) expect(period.from).toBe(addDays(periods[index - 1]!.to, 1));
          expect(period.label).toBe(DateTime.fromISO(period.from).toFormat(FORMAT[grouping]));
          expect(period.label).toBe(DateTime.fromISO(period.to).toFormat(FORMAT[grouping]));
          expect(period.start).toBe(DateTime.fromISO(period.from).startOf(grouping).toISODate());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('starts, when nobody says where, so that the last period is the 30th, 12th or 12th', () => {
    expect(periodsWithin(standardStart('2026-03-01', 'day'), '2026-03-01', 'day')).toHaveLength(30);
    expect(periodsWithin(standardStart('2026-03-01', 'week'), '2026-03-01', 'week')).toHaveLength(12);
    expect(periodsWithin(standardStart('2026-03-31', 'month'), '2026-03-31', 'month')).toHaveLength(12);
    expect(standardStart('2026-03-31', 'month')).toBe('2025-04-01');
  });

  it.each([
    ['2026-11-21', ['2026-11-01', '2026-11-21'], ['2026-10-01', '2026-10-21']],
    ['2026-03-31', ['2026-03-01', '2026-03-31'], ['2026-02-01', '2026-02-28']],
    ['2028-03-29', ['2028-03-01', '2028-03-29'], ['2028-02-01', '2028-02-29']],
    ['2026-01-01', ['2026-01-01', '2026-01-01'], ['2025-12-01', '2025-12-01']],
  ])('compares the month up to %s with the same days of the month before', (today, current, previous) => {
    expect(monthsToDate(today)).toEqual({ current, previous });
  });
});
