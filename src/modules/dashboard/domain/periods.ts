/** Calendar days are plain text, YYYY-MM-DD: which instants they cover is the time zone's affair, and the database's. */
export type Grouping = 'day' | 'week' | 'month';

export interface Period {
  /** 2026-11-21, 2026-W47 (ISO 8601: weeks start on Monday) or 2026-11. */
  readonly label: string;
  /** The day the period starts on, also when the report starts later. */
  readonly start: string;
  /** First and last day of it that the report covers. */
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;
const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const textOf = (date: Date): string => date.toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string => textOf(new Date(at(day).getTime() + days * DAY_MS));
/** Days from the first to the second, both counted. */
export const daysBetween = (from: string, to: string): number => Math.round((at(to).getTime() - at(from).getTime()) / DAY_MS) + 1;

const monthStart = (day: string, months = 0): string => {
  const date = at(day);
  return textOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)));
};
/** Monday is 0. */
const weekday = (day: string): number => (at(day).getUTCDay() + 6) % 7;

function startOf(day: string, grouping: Grouping): string {
  if (grouping === 'day') return day;
  return grouping === 'week' ? addDays(day, -weekday(day)) : monthStart(day);
}

function nextStart(start: string, grouping: Grouping): string {
  return grouping === 'month' ? monthStart(start, 1) : addDays(start, grouping === 'week' ? 7 : 1);
}

function labelOf(start: string, grouping: Grouping): string {
  if (grouping === 'day') return start;
  if (grouping === 'month') return start.slice(0, 7);
  // The year of a week is the year of its Thursday.
  const thursday = addDays(start, 3);
  const year = thursday.slice(0, 4);
  const week = Math.ceil(daysBetween(`${year}-01-01`, thursday) / 7);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** Every period that has a day within from..to, in order; none is left out for being empty. */
export function periodsWithin(from: string, to: string, grouping: Grouping): Period[] {
  const periods: Period[] = [];
  for (let start = startOf(from, grouping); start <= to; start = nextStart(start, grouping)) {
    const end = addDays(nextStart(start, grouping), -1);
    periods.push({ label: labelOf(start, grouping), start, from: start < from ? from : start, to: end > to ? to : end });
  }
  return periods;
}

/** Where a report starts when nobody says: 30 days, 12 weeks or 12 months, the current one included. */
export function standardStart(to: string, grouping: Grouping): string {
  if (grouping === 'day') return addDays(to, -29);
  return grouping === 'week' ? addDays(startOf(to, 'week'), -77) : monthStart(to, -11);
}

/** This month up to today, and the same days of last month (fewer, where last month is shorter). */
export function monthsToDate(today: string): { readonly current: readonly [string, string]; readonly previous: readonly [string, string] } {
  const start = monthStart(today);
  const previousStart = monthStart(today, -1);
  const sameDay = addDays(previousStart, Number(today.slice(8)) - 1);
  const previousEnd = addDays(start, -1);
  return { current: [start, today], previous: [previousStart, sameDay < previousEnd ? sameDay : previousEnd] };
}
