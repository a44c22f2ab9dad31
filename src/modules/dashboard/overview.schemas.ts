import { day, describe, moneySum, named, nullable, shape, signedMoneySum } from '../../http/fields/fields';
import { currency, timeZone } from '../../http/fields/locale-fields';
import { count, REVENUE } from './shared.schemas';

export const overviewView = named(
  'DashboardOverview',
  shape({
    currency: currency(),
    timeZone: timeZone(),
    today: describe(day(), 'The day it is in the organization'),
    totalRevenue: describe(signedMoneySum(), `${REVENUE} All time.`),
    totalOrders: describe(count(), 'Orders that count for revenue: placed, not cancelled. All time.'),
    totalInventoryValue: describe(moneySum(), 'Σ of the values of all stock levels, at moving average cost'),
    totalEmployees: describe(count(), '0 until there are employees to count'),
    totalProducts: describe(count(), 'Products that are not archived'),
    pendingOrders: describe(count(), 'Orders in status pending'),
    lowStockItems: describe(
      count(),
      'Products, not archived, that track stock and whose available quantity over all stores is at or below their reorder level',
    ),
    revenueChangePercent: describe(
      nullable(signedMoneySum()),
      'Revenue of this month up to and including today against the same days of last month: (this − last) ÷ last × 100, two decimals. null when there was none last month.',
    ),
    newHiresThisMonth: describe(count(), '0 until there are employees to count'),
  }),
);
