import type { Clock } from '../../kernel/clock';
import { Decimal } from '../../kernel/decimal';
import { formatMoney } from '../../kernel/money';
import type { CalendarQueries } from './calendar.queries';
import { changePercent, revenueOf } from './domain/figures';
import { monthsToDate } from './domain/periods';
import type { OverviewQueries } from './overview.queries';

/** The organization at a glance, in its time zone. Amounts are decimal text in its currency. */
export class OverviewService {
  constructor(
    private readonly calendars: CalendarQueries,
    private readonly queries: OverviewQueries,
    private readonly clock: Clock,
  ) {}

  /** Two statements, whatever the data. */
  async read() {
    const calendar = await this.calendars.read(this.clock.now());
    const { current, previous } = monthsToDate(calendar.today);
    const row = await this.queries.read(calendar, current, previous);
    return {
      currency: calendar.currency,
      timeZone: calendar.timeZone,
      today: calendar.today,
      totalRevenue: formatMoney(revenueOf(row.allTime), calendar.currency),
      totalOrders: row.allTime.orders,
      totalInventoryValue: formatMoney(new Decimal(row.inventoryValue), calendar.currency),
      totalEmployees: 0,
      totalProducts: row.products,
      pendingOrders: row.pendingOrders,
      lowStockItems: row.lowStockItems,
      revenueChangePercent: changePercent(revenueOf(row.thisMonth), revenueOf(row.sameDaysLastMonth)),
      newHiresThisMonth: 0,
    };
  }
}
