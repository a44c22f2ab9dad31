import { currency, timeZone } from '../../http/locale-fields';
import {
  day,
  describe,
  id,
  int,
  list,
  money,
  named,
  nullable,
  oneOf,
  optional,
  shape,
  signedMoney,
  text,
  withDefault,
  type Infer,
} from '../../http/fields';
import { MOST_PERIODS } from './dashboard.service';

const count = () => int(0, 2 ** 31 - 1);
const grouping = () => oneOf('day', 'week', 'month');

const REVENUE =
  'Σ of line totals without tax and shipping of orders placed (not draft, not cancelled), less the line totals without tax of returns by their own date, ' +
  'less refunds without tax that belong to no return (and to no cancelled order) by their own date. Documents in another currency are left out.';

export const overviewView = named(
  'DashboardOverview',
  shape({
    currency: currency(),
    timeZone: timeZone(),
    today: describe(day(), 'The day it is in the organization'),
    totalRevenue: describe(signedMoney(), `${REVENUE} All time.`),
    totalOrders: describe(count(), 'Orders that count for revenue: placed, not cancelled. All time.'),
    totalInventoryValue: describe(money(), 'Σ of the values of all stock levels, at moving average cost'),
    totalEmployees: describe(count(), '0 until there are employees to count'),
    totalProducts: describe(count(), 'Products that are not archived'),
    pendingOrders: describe(count(), 'Orders in status pending'),
    lowStockItems: describe(
      count(),
      'Products, not archived, that track stock and whose available quantity over all stores is at or below their reorder level',
    ),
    revenueChangePercent: describe(
      nullable(signedMoney()),
      'Revenue of this month up to and including today against the same days of last month: (this − last) ÷ last × 100, two decimals. null when there was none last month.',
    ),
    newHiresThisMonth: describe(count(), '0 until there are employees to count'),
  }),
);

export const salesQuery = shape({
  groupBy: withDefault(grouping(), 'month'),
  from: describe(optional(day()), 'First day. When left out: 30 days, 12 weeks or 12 months, the last one included'),
  to: describe(optional(day()), 'Last day. Today when left out'),
  storeId: optional(id()),
});
export type SalesQuery = Infer<typeof salesQuery>;

const figures = {
  orders: describe(count(), 'Orders placed in the period, not draft, not cancelled'),
  sales: describe(money(), 'Σ of their line totals without tax and shipping'),
  returns: describe(money(), 'Σ of line totals without tax of the returns received in the period'),
  refunds: describe(money(), 'Σ without tax of the refunds of the period that belong to no return and no cancelled order'),
  revenue: describe(signedMoney(), 'sales − returns − refunds'),
  averageOrderValue: describe(nullable(money()), 'sales ÷ orders, rounded to the currency; null without orders'),
};

export const salesView = named(
  'SalesReport',
  shape({
    groupBy: grouping(),
    from: day(),
    to: day(),
    timeZone: describe(timeZone(), 'Where the days begin and end'),
    currency: describe(currency(), "The organization's; with storeId, the store's. Documents in another one are left out"),
    data: describe(
      list(
        named(
          'SalesPeriod',
          shape({
            period: describe(text(10), '2026-11-21, 2026-W47 (ISO 8601) or 2026-11'),
            from: describe(day(), 'First day of the period within the report'),
            to: day(),
            ...figures,
          }),
        ),
        { max: MOST_PERIODS },
      ),
      'Every period from the first day to the last, also the empty ones',
    ),
    totals: named('SalesFigures', shape(figures)),
  }),
);
