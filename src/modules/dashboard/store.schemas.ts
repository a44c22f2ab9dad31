import {
  bool,
  currencyCode,
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
  price,
  quantityOrZero,
  quantitySum,
  shape,
  text,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { timeZone } from '../../http/fields/locale-fields';
import { LARGEST_PAGE, listQuery, paginationView } from '../../http/lists/paging';
import { count } from './shared.schemas';

const MOST_DAYS = 1_100;

export const storeDashboardQuery = listQuery(
  { sort: ['sku', 'name'], default: 'sku' },
  {
    storeId: describe(optional(id()), 'The oldest store in use when left out'),
    days: describe(withDefault(int(1, MOST_DAYS), 30), 'The days that avgDailySales looks at, today included'),
    lowStock: describe(optional(bool()), 'Only products that are low, or only those that are not'),
  },
);
export type StoreDashboardQuery = Infer<typeof storeDashboardQuery>;

const productView = named(
  'StoreProduct',
  shape({
    productId: id(),
    sku: text(64),
    name: text(200),
    status: oneOf('draft', 'published'),
    price: nullable(price()),
    currency: currencyCode(),
    unit: text(20),
    onHand: describe(quantitySum(), 'In this store'),
    reserved: quantitySum(),
    available: describe(quantitySum(), 'onHand − reserved, and never less than zero'),
    reorderLevel: nullable(quantityOrZero()),
    lowStock: describe(bool(), 'It tracks stock, and available is at or below its reorder level'),
    totalSold: describe(
      quantitySum(),
      'Σ of the quantities ordered in this store, less what of them was cancelled, of orders placed (not draft, not cancelled). All time; returns are not taken off',
    ),
    avgDailySales: describe(quantitySum(), 'The same of orders placed within the days, ÷ days, four decimals'),
  }),
);

export const storeDashboardView = named(
  'StoreDashboard',
  shape({
    store: shape({ id: id(), code: text(20), name: text(200), kind: oneOf('shop', 'warehouse'), currency: currencyCode() }),
    timeZone: timeZone(),
    from: day(),
    to: describe(day(), 'Today'),
    days: int(1, MOST_DAYS),
    stockValue: describe(moneySum(), 'Σ of the values of the stock levels of the store, at moving average cost'),
    stockCurrency: describe(currencyCode(), "The organization's: stock is valued in it"),
    lowStockItems: describe(count(), 'Products, not archived, that are low in this store'),
    products: describe(list(productView, { max: LARGEST_PAGE }), 'Of all products that are not archived'),
    pagination: paginationView,
  }),
);
export type StoreDashboardView = Infer<typeof storeDashboardView>;
