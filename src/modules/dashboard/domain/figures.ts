import { Decimal, sum, ZERO } from '../../../kernel/decimal';
import { formatMoney } from '../../../kernel/money';

/** What revenue is made of, as exact decimal text. */
export interface Sums {
  readonly orders: number;
  readonly sales: string;
  readonly returns: string;
  readonly refunds: string;
}

/** revenue = sales − returns − refunds */
export const revenueOf = ({ sales, returns, refunds }: Sums): Decimal => new Decimal(sales).minus(returns).minus(refunds);

/** The figures of some groups of documents together, rounded to the currency. */
export function figuresOf(rows: readonly Sums[], currency: string) {
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
export const changePercent = (current: Decimal, previous: Decimal): string | null =>
  previous.lte(ZERO) ? null : current.minus(previous).times(100).div(previous).toFixed(2, Decimal.ROUND_HALF_UP);

/** a ÷ b with two decimals; null where there is nothing to divide by. */
export const ratio = (a: Decimal, b: Decimal): string | null => (b.lte(ZERO) ? null : a.div(b).toFixed(2, Decimal.ROUND_HALF_UP));
