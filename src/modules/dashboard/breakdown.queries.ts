import type { HotLane } from '../../db/hot-lane';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { minorUnits } from '../../kernel/money';
import {
  countingOrders,
  countingReturns,
  EVERYTHING,
  REVENUE_SUMS,
  refundsBy,
  revenueBy,
  type RevenueKey,
  type RevenueSums,
} from './revenue.queries';
import type { Scope } from './scope.queries';

export type Breakdown = 'product' | 'category' | 'customer' | 'country' | 'store';

export interface GroupSums extends RevenueSums {
  /** All three are null for what belongs to no group. Countries have a code only. */
  readonly id: string | null;
  readonly code: string | null;
  readonly name: string | null;
  /** Units ordered and not cancelled; of products only. */
  readonly quantity: string | null;
}

export interface BreakdownRow {
  /** How many there are in all. */
  readonly groups: number;
  readonly totals: RevenueSums;
  /** Those with the most revenue, the most first. */
  readonly rows: readonly GroupSums[];
}

export class BreakdownQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  async read(scope: Scope, by: Breakdown, limit: number): Promise<BreakdownRow> {
    const text = await this.lane.text(Prisma.sql`
      WITH grouped AS (
        SELECT key, sum(orders)::integer AS orders, sum(sales) AS sales, sum(returns) AS returns, sum(refunds) AS refunds, sum(quantity) AS quantity,
          row_number() OVER (ORDER BY sum(sales) - sum(returns) - sum(refunds) DESC, key) AS place
        FROM (${SOURCES[by](scope)}) documents GROUP BY key
      ) ${by === 'product' ? countedOrders(scope) : Prisma.empty}
      SELECT json_build_object(
        'groups', (SELECT count(*) FROM grouped),
        'totals', (SELECT ${REVENUE_SUMS} FROM (${revenueBy(EVERYTHING, scope)}) documents),
        'rows', (
          SELECT coalesce(json_agg(json_build_object('id', ${by === 'country' ? Prisma.sql`NULL` : Prisma.sql`g.key`}, 'code', n.code, 'name', n.name,
            'orders', ${by === 'product' ? ordersOfProduct() : Prisma.sql`g.orders`}, 'sales', g.sales::text, 'returns', g.returns::text, 'refunds', g.refunds::text, 'quantity', quantity_text(g.quantity)) ORDER BY g.place), '[]')
          FROM grouped g LEFT JOIN LATERAL (${NAMES[by]()}) n ON true
          WHERE g.place <= ${limit}::int))::text`);
    return JSON.parse(text!) as BreakdownRow;
  }
}

const SOURCES: Readonly<Record<Breakdown, (scope: Scope) => Prisma.Sql>> = {
  product: productLines,
  category: categoryLines,
  customer: (scope) =>
    headsBy(
      { order: Prisma.sql`o.customer_id`, return: Prisma.sql`r.customer_id`, refund: Prisma.sql`coalesce(o.customer_id, f.customer_id)` },
      scope,
    ),
  store: (scope) => headsBy({ order: Prisma.sql`o.store_id`, return: Prisma.sql`r.store_id`, refund: Prisma.sql`o.store_id` }, scope),
  country: (scope) => headsBy(countryKey(), scope),
};

const headsBy = (key: RevenueKey, scope: Scope): Prisma.Sql =>
  Prisma.sql`SELECT documents.*, NULL::numeric AS quantity FROM (${revenueBy(key, scope)}) documents`;

/** Where the goods went, else who was billed, else where the customer is; imported documents name a country of their own. */
function countryKey(): RevenueKey {
  const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
  const customer = (id: Prisma.Sql): Prisma.Sql =>
    Prisma.sql`LEFT JOIN customers c ON c.organization_id = ${organization} AND c.id = ${id}`;
  const ofOrder = Prisma.sql`o.country, o.shipping_address ->> 'country', o.billing_address ->> 'country'`;
  return {
    order: Prisma.sql`coalesce(${ofOrder}, c.country)`,
    return: Prisma.sql`coalesce(r.country, ${ofOrder}, c.country)`,
    refund: Prisma.sql`coalesce(${ofOrder}, c.country)`,
    joins: {
      order: customer(Prisma.sql`o.customer_id`),
      return: Prisma.sql`LEFT JOIN orders o ON o.organization_id = ${organization} AND o.id = r.order_id ${customer(Prisma.sql`r.customer_id`)}`,
      refund: customer(Prisma.sql`coalesce(o.customer_id, f.customer_id)`),
    },
  };
}

const orderLines = (): Prisma.Sql =>
  Prisma.sql`orders o JOIN order_lines l ON l.organization_id = ${currentOrganizationId()}::uuid AND l.order_id = o.id`;
/** Of an order line `l`, without what was cancelled of it: rounded as the order's cancelledAmount leaves it. */
function netOfLine({ currency }: Scope): Prisma.Sql {
  const kept = (money: Prisma.Sql): Prisma.Sql =>
    Prisma.sql`round(${money} * (l.quantity - l.cancelled_quantity) / l.quantity, ${minorUnits(currency)}::int)`;
  return Prisma.sql`CASE WHEN l.cancelled_quantity > 0 THEN ${kept(Prisma.sql`l.total`)} - ${kept(Prisma.sql`l.tax_amount`)} ELSE l.total - l.tax_amount END`;
}
const returnLines = (): Prisma.Sql =>
  Prisma.sql`returns r JOIN return_lines l ON l.organization_id = ${currentOrganizationId()}::uuid AND l.return_id = r.id`;
/** Refunds that belong to no return name no product, so they belong to no group. */
const otherRefunds = (scope: Scope): Prisma.Sql =>
  Prisma.sql`SELECT refunds.*, NULL FROM (${refundsBy(Prisma.sql`NULL::uuid`, scope)}) refunds`;

/** Without the number of orders: counting them takes many times as long as the sums, so that is done for the products that are shown. */
function productLines(scope: Scope): Prisma.Sql {
  return Prisma.sql`
    SELECT l.product_id AS key, 0 AS orders, sum(${netOfLine(scope)}) AS sales, 0 AS returns, 0 AS refunds, sum(l.quantity - l.cancelled_quantity) AS quantity
    FROM ${orderLines()} WHERE ${countingOrders(scope)} GROUP BY 1
    UNION ALL
    SELECT l.product_id, 0, 0, sum(l.total - l.tax_amount), 0, NULL FROM ${returnLines()} WHERE ${countingReturns(scope)} GROUP BY 1
    UNION ALL
    ${otherRefunds(scope)}`;
}
const countedOrders = (scope: Scope): Prisma.Sql =>
  Prisma.sql`, counted AS MATERIALIZED (SELECT o.id FROM orders o WHERE ${countingOrders(scope)})`;
const ordersOfProduct = (): Prisma.Sql => Prisma.sql`(SELECT count(DISTINCT l.order_id) FROM order_lines l
  WHERE l.organization_id = ${currentOrganizationId()}::uuid AND l.product_id = g.key AND l.order_id IN (SELECT id FROM counted))`;

/** An order and its lines of one category first: few, so that none has to be sorted to count the orders. */
function categoryLines(scope: Scope): Prisma.Sql {
  const products = Prisma.sql`JOIN products p ON p.organization_id = ${currentOrganizationId()}::uuid AND p.id = l.product_id`;
  return Prisma.sql`
    SELECT parts.key, count(*) AS orders, sum(parts.sales) AS sales, 0 AS returns, 0 AS refunds, NULL::numeric AS quantity
    FROM (SELECT p.category_id AS key, l.order_id, sum(${netOfLine(scope)}) AS sales FROM ${orderLines()} ${products} WHERE ${countingOrders(scope)} GROUP BY 1, 2) parts
    GROUP BY 1
    UNION ALL
    SELECT p.category_id, 0, 0, sum(l.total - l.tax_amount), 0, NULL FROM ${returnLines()} ${products} WHERE ${countingReturns(scope)} GROUP BY 1
    UNION ALL
    ${otherRefunds(scope)}`;
}

const named = (columns: Prisma.Sql, table: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`SELECT ${columns} FROM ${table} t WHERE t.organization_id = ${currentOrganizationId()}::uuid AND t.id = g.key`;

const NAMES: Readonly<Record<Breakdown, () => Prisma.Sql>> = {
  product: () => named(Prisma.sql`t.sku AS code, t.name`, Prisma.sql`products`),
  category: () => named(Prisma.sql`t.code, t.name`, Prisma.sql`categories`),
  customer: () => named(Prisma.sql`t.code, t.name`, Prisma.sql`customers`),
  store: () => named(Prisma.sql`t.code, t.name`, Prisma.sql`stores`),
  country: () => Prisma.sql`SELECT g.key AS code, NULL::text AS name`,
};
