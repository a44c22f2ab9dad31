import { invalidField } from '../../kernel/common-errors';
import type { Clock } from '../../kernel/clock';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { Breakdown, BreakdownQueries, GroupSums } from './breakdown.queries';
import type { Calendar, CalendarQueries } from './calendar.queries';
import { figuresOf } from './domain/figures';
import { daysBetween, periodsWithin, standardStart, type Grouping } from './domain/periods';
import type { SalesQueries } from './sales.queries';
import type { Days } from './scope.queries';

/** Periods of one report. */
export const MOST_PERIODS = 1_100;
const MOST_DAYS: Readonly<Record<Grouping, number>> = { day: MOST_PERIODS, week: 7 * (MOST_PERIODS - 1), month: 28 * MOST_PERIODS };
/** Groups of one breakdown. */
export const MOST_GROUPS = 200;

/** Outside of these lie typing errors. */
const EARLIEST = '1900-01-01';
const LATEST = '2999-12-31';

interface SalesWanted {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly storeId?: string | undefined;
}
export interface PeriodsWanted extends SalesWanted {
  readonly groupBy: Grouping;
}
export interface BreakdownWanted extends SalesWanted {
  readonly groupBy: Breakdown;
  readonly limit: number;
}

/** Sales of some days, by period or by what was sold to whom and where. One snapshot of two statements each, whatever the data. */
export class SalesService {
  constructor(
    private readonly unitOfWork: Pick<UnitOfWork, 'read'>,
    private readonly calendars: CalendarQueries,
    private readonly sales: SalesQueries,
    private readonly breakdowns: BreakdownQueries,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidInput when the days are upside down or too many */
  async byPeriod({ groupBy, ...wanted }: PeriodsWanted) {
    return this.unitOfWork.read(async () => {
      const { head, scope } = await this.opening(wanted, groupBy);
      const rows = await this.sales.byPeriod(scope, groupBy);
      const found = new Map(rows.map((row) => [row.start, row]));
      return {
        groupBy,
        ...head,
        data: periodsWithin(head.from, head.to, groupBy).map(({ label, start, from, to }) => {
          const row = found.get(start);
          return { period: label, from, to, ...figuresOf(row === undefined ? [] : [row], head.currency) };
        }),
        totals: figuresOf(rows, head.currency),
      };
    });
  }

  /** @throws InvalidInput when the days are upside down or too many */
  async byGroup({ groupBy, limit, ...wanted }: BreakdownWanted) {
    return this.unitOfWork.read(async () => {
      const { head, scope } = await this.opening(wanted, 'day', MOST_DAYS.month);
      const { groups, totals, rows } = await this.breakdowns.read(scope, groupBy, limit);
      return {
        groupBy,
        ...head,
        groups,
        data: rows.map((row) => ({ ...nameOf(row, groupBy), ...figuresOf([row], head.currency), quantity: row.quantity })),
        totals: figuresOf([totals], head.currency),
      };
    });
  }

  private async opening({ storeId, ...wanted }: SalesWanted, grouping: Grouping, mostDays = MOST_DAYS[grouping]) {
    const calendar = await this.calendars.read(this.clock.now(), storeId);
    const days = daysOf(wanted, calendar, grouping, mostDays);
    const { timeZone, currency } = calendar;
    return {
      head: { from: days[0], to: days[1], timeZone, currency },
      scope: { timeZone, currency, days, storeId },
    };
  }
}

function daysOf(
  wanted: { from?: string | undefined; to?: string | undefined },
  { today }: Calendar,
  grouping: Grouping,
  mostDays: number,
): Days {
  const to = wanted.to ?? (wanted.from !== undefined && wanted.from > today ? wanted.from : today);
  const from = wanted.from ?? standardStart(to, grouping);
  if (from < EARLIEST) throw invalidField('query.from', `must not be before ${EARLIEST}`);
  if (to > LATEST) throw invalidField('query.to', `must not be after ${LATEST}`);
  if (from > to) throw invalidField('query.from', `must not be after ${to}`);
  const days = daysBetween(from, to);
  if (days > mostDays) throw invalidField('query.from', `makes more than ${MOST_PERIODS} periods`);
  return [from, to];
}

let english: Intl.DisplayNames | undefined;
function nameOf({ id, code, name }: GroupSums, groupBy: Breakdown): Pick<GroupSums, 'id' | 'code' | 'name'> {
  if (groupBy !== 'country' || code === null) return { id, code, name };
  english ??= new Intl.DisplayNames(['en'], { type: 'region' });
  return { id, code, name: english.of(code) ?? code };
}
