import {
  day,
  describe,
  id,
  int,
  list,
  moneySum,
  named,
  nullable,
  oneOf,
  optional,
  quantitySum,
  shape,
  signedMoneySum,
  text,
  union,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { currency, timeZone } from '../../http/fields/locale-fields';
import { MOST_GROUPS, MOST_PERIODS } from './sales.service';
import { count, figures } from './shared.schemas';

const PERIODS = ['day', 'week', 'month'] as const;
export const GROUPS = ['product', 'category', 'customer', 'country', 'store'] as const;

export const salesQuery = shape({
  groupBy: withDefault(oneOf(...PERIODS, ...GROUPS), 'month'),
  from: describe(optional(day()), 'First day. When left out: 12 weeks by week, 12 months by month, else 30 days; the last one included'),
  to: describe(optional(day()), 'Last day. Today when left out'),
  storeId: optional(id()),
  limit: describe(withDefault(int(1, MOST_GROUPS), 20), 'Groups to show, those with the most revenue first. Periods are all shown'),
});
export type SalesQuery = Infer<typeof salesQuery>;

const head = {
  from: day(),
  to: day(),
  timeZone: describe(timeZone(), 'Where the days begin and end'),
  currency: describe(currency(), "The organization's; with storeId, the store's. Documents in another one are left out"),
};

const periodsView = named(
  'SalesByPeriod',
  shape({
    groupBy: oneOf(...PERIODS),
    ...head,
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

const groupsView = named(
  'SalesByGroup',
  shape({
    groupBy: oneOf(...GROUPS),
    ...head,
    groups: describe(count(), 'Groups in which something happened'),
    data: describe(
      list(
        named(
          'SalesGroup',
          shape({
            id: describe(
              nullable(id()),
              'null for a country, and for what belongs to no group: products without a category, orders without a customer or a known country, ' +
                'refunds without a return, which name no product',
            ),
            code: describe(nullable(text(64)), 'SKU of a product, ISO 3166-1 alpha-2 of a country'),
            name: nullable(text(200)),
            ...figures,
            quantity: describe(
              nullable(quantitySum()),
              'Σ of the quantities ordered and not cancelled, in the stock unit; null unless by product',
            ),
          }),
        ),
        { max: MOST_GROUPS },
      ),
      'By revenue, the most first. Lines count for the product and its category of today; an order counts once in each group it has lines in',
    ),
    totals: describe(named('SalesFigures', shape(figures)), 'Of everything, also of groups that are not shown'),
  }),
);

export const salesView = union(periodsView, groupsView);

export const chartView = named(
  'ChartData',
  shape({
    groupBy: oneOf(...PERIODS, ...GROUPS),
    ...head,
    labels: describe(list(text(200), { max: MOST_PERIODS }), 'Of the points: the period, or the name of the group'),
    revenue: list(signedMoneySum(), { max: MOST_PERIODS }),
    orders: list(count(), { max: MOST_PERIODS }),
    averageOrderValue: list(nullable(moneySum()), { max: MOST_PERIODS }),
  }),
);
