import {
  day,
  describe,
  id,
  instantView,
  int,
  list,
  moneySum,
  named,
  nullable,
  optional,
  quantityOrZero,
  quantitySum,
  shape,
  signedMoneySum,
  text,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { currency, timeZone } from '../../http/fields/locale-fields';
import { count } from './shared.schemas';

const MOST_ITEMS = 200;
const MOST_DAYS = 1_100;

export const stockStatusQuery = shape({
  storeId: optional(id()),
  days: describe(withDefault(int(1, MOST_DAYS), 90), 'The days that turnover and dead stock look at, today included'),
  limit: describe(withDefault(int(1, MOST_ITEMS), 20), 'Items of each list; /inventory/low-stock has all of them, page by page'),
});
export type StockStatusQuery = Infer<typeof stockStatusQuery>;

const item = named(
  'StockStatusItem',
  shape({
    productId: id(),
    sku: text(64),
    name: text(200),
    onHand: quantitySum(),
    available: describe(quantitySum(), 'onHand − reserved, store by store never less than zero'),
    value: describe(moneySum(), 'At moving average cost'),
    reorderLevel: nullable(quantityOrZero()),
    lastSoldAt: describe(nullable(instantView()), 'When a unit last left by a shipment or a sale. Told of dead stock only, null elsewhere'),
  }),
);
const items = () => list(item, { max: MOST_ITEMS });

/** Like money, but no amount. */
const number = () => moneySum();
const signedNumber = () => signedMoneySum();

export const stockStatusView = named(
  'StockStatus',
  shape({
    currency: currency(),
    timeZone: timeZone(),
    from: day(),
    to: describe(day(), 'Today'),
    days: int(1, MOST_DAYS),
    totalValue: describe(moneySum(), 'Σ of the values of stock levels now, at moving average cost'),
    productsInStock: describe(count(), 'Products with any quantity on hand'),
    costOfGoodsSold: describe(
      signedMoneySum(),
      'What shipments and sales of the days took from the value of stock, less what customer returns brought back: negative when that was more',
    ),
    openingValue: describe(moneySum(), 'totalValue less every change of value of the days'),
    averageValue: describe(moneySum(), '(openingValue + totalValue) ÷ 2'),
    turnover: describe(
      nullable(signedNumber()),
      'How often the stock is sold a year: costOfGoodsSold ÷ averageValue × 365 ÷ days, two decimals. null when averageValue is 0.',
    ),
    daysOfStock: describe(
      nullable(number()),
      'How long the stock lasts at the pace of the days: totalValue ÷ (costOfGoodsSold ÷ days), two decimals. null when nothing was sold, or no more than came back.',
    ),
    lowStock: describe(
      shape({ products: count(), items: items() }),
      'Products, not archived, that track stock and whose available quantity is at or below their reorder level. The least available first',
    ),
    outOfStock: describe(
      shape({ products: count(), items: items() }),
      'Products, not archived, that track stock and of which nothing is available. By SKU',
    ),
    deadStock: describe(
      shape({ products: count(), items: items(), value: moneySum() }),
      'Products that were on hand before the days began and still are, and of which none left by a shipment or a sale in the days. The most valuable first',
    ),
  }),
);
