import { invalidField } from '../../kernel/common-errors';
import type { Clock } from '../../kernel/clock';
import { Decimal, sum, ZERO } from '../../kernel/decimal';
import { formatMoney } from '../../kernel/money';
import type { DashboardQueries, SalesRow } from './dashboard.queries';
import { daysBetween, monthsToDate, periodsWithin, standardStart, type Grouping } from './domain/periods';

/** Periods of one report. */
export const MOST_PERIODS = 1_100;
const MOST_DAYS: Readonly<Record<Grouping, number>> = { day: MOST_PERIODS, week: 7 * (MOST_PERIODS - 1), month: 28 * MOST_PERIODS };

/** Outside of these lie typing errors. */
const EARLIEST = '1900-01-01';
const LATEST = '2999-12-31';

export interface SalesWanted {
  readonly groupBy: Grouping;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly storeId?: string | undefined;
}

/** Exact figures at a glance, in the organization's time zone. Amounts are decimal text in one currency. */
export class DashboardService {
  constructor(
    private readonly queries: DashboardQueries,
    private readonly clock: Clock,
  ) {}

  /** Two statements, whatever the data. */
  async overview() {
    const calendar = await this.queries.calendar(this.clock.now());
    const { current, previous } = monthsToDate(calendar.today);
    const row = await this.queries.overview(calendar, current, previous);
    return {
      currency: calendar.currency,
      timeZone: calendar.timeZone,
      today: calendar.today,
      totalRevenue: formatMoney(new Decimal(row.revenue), calendar.currency),
      totalOrders: row.orders,
      totalInventoryValue: formatMoney(new Decimal(row.inventoryValue), calendar.currency),
      totalEmployees: 0,
      totalProducts: row.products,
      pendingOrders: row.pendingOrders,
      lowStockItems: row.lowStockItems,
      revenueChangePercent: changePercent(new Decimal(row.revenueThisMonth), new Decimal(row.revenueSameDaysLastMonth)),
      newHiresThisMonth: 0,
    };
  }

  /** At most three statements. @throws InvalidInput when the days are upside down or too many */
  async sales({ groupBy, storeId, ...wanted }: SalesWanted) {
    const own = await this.queries.calendar(this.clock.now());
    const currency = storeId === undefined ? undefined : await this.queries.storeCurrency(storeId);
    const calendar = { ...own, currency: currency ?? own.currency };
    const to = wanted.to ?? (wanted.from !== undefined && wanted.from > calendar.today ? wanted.from : calendar.today);
    const from = wanted.from ?? standardStart(to, groupBy);
    if (from < EARLIEST) throw invalidField('query.from', `must not be before ${EARLIEST}`);
    if (to > LATEST) throw invalidField('query.to', `must not be after ${LATEST}`);
    if (from > to) throw invalidField('query.from', `must not be after ${to}`);
    if (daysBetween(from, to) > MOST_DAYS[groupBy]) throw invalidField('query.from', `makes more than ${MOST_PERIODS} periods`);

    const rows = await this.queries.sales({ calendar, days: [from, to], grouping: groupBy, storeId });
    const found = new Map(rows.map((row) => [row.start, row]));
    const figures = (some: readonly SalesRow[]) => figuresOf(some, calendar.currency);
    return {
      groupBy,
      from,
      to,
      timeZone: calendar.timeZone,
      currency: calendar.currency,
      data: periodsWithin(from, to, groupBy).map(({ label, start, from, to }) => {
        const row = found.get(start);
        return { period: label, from, to, ...figures(row === undefined ? [] : [row]) };
      }),
      totals: figures(rows),
    };
  }
}

function figuresOf(rows: readonly SalesRow[], currency: string) {
  const total = (key: 'sales' | 'returns' | 'refunds'): Decimal => sum(rows.map((row) => new Decimal(row[key])));
  const orders = rows.reduce((count, row) => count + row.orders, 0);
  const [sales, returns, refunds] = [total('sales'), total('returns'), total('refunds')];
  return {
    orders,
    sales: formatMoney(sales, currency),
    returns: formatMoney(returns, currency),
    refunds: formatMoney(refunds, currency),
    revenue: formatMoney(sales.minus(returns).minus(refunds), currency),
    averageOrderValue: orders === 0 ? null : formatMoney(sales.div(orders), currency),
  };
}

/** Nothing to compare with when there was no revenue, or when returns ate it up. */
const changePercent = (current: Decimal, previous: Decimal): string | null =>
  previous.lte(ZERO) ? null : current.minus(previous).times(100).div(previous).toFixed(2, Decimal.ROUND_HALF_UP);
