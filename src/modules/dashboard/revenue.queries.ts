import { inStores } from '../../db/allowed-stores';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { withinDays, type Scope } from './scope.queries';

/** Sums of one group of documents: amounts as exact decimal text, not yet rounded to the currency. */
export interface RevenueSums {
  readonly orders: number;
  readonly sales: string;
  readonly returns: string;
  readonly refunds: string;
}

/** What documents are grouped by: an expression for orders `o`, returns `r` and refunds `f` (with their order `o`), and the joins it takes. */
export interface RevenueKey {
  readonly order: Prisma.Sql;
  readonly return: Prisma.Sql;
  readonly refund: Prisma.Sql;
  readonly joins?: { readonly order: Prisma.Sql; readonly return: Prisma.Sql; readonly refund: Prisma.Sql };
}

export const EVERYTHING: RevenueKey = { order: Prisma.sql`1`, return: Prisma.sql`1`, refund: Prisma.sql`1` };

/** Conditions on orders `o` that count for revenue. */
export const countingOrders = (scope: Scope): Prisma.Sql => Prisma.sql`
  o.organization_id = ${currentOrganizationId()}::uuid AND o.status NOT IN ('draft', 'cancelled') AND o.currency = ${scope.currency}
  ${withinDays(Prisma.sql`o.ordered_at`, scope)} AND ${inStores(Prisma.sql`o.store_id`, scope.storeId)}`;

/** Conditions on returns `r`. */
export const countingReturns = (scope: Scope): Prisma.Sql => Prisma.sql`
  r.organization_id = ${currentOrganizationId()}::uuid AND r.currency = ${scope.currency}
  ${withinDays(Prisma.sql`r.returned_at`, scope)} AND ${inStores(Prisma.sql`r.store_id`, scope.storeId)}`;

/** `key, sum(sales - taxes) …` of refunds that belong to no return and to no cancelled order. */
export const refundsBy = (key: Prisma.Sql, scope: Scope, joins: Prisma.Sql = Prisma.empty): Prisma.Sql => Prisma.sql`
  SELECT ${key} AS key, 0 AS orders, 0 AS sales, 0 AS returns, sum(f.amount - f.tax_amount) AS refunds
  FROM refunds f LEFT JOIN orders o ON o.organization_id = ${currentOrganizationId()}::uuid AND o.id = f.order_id ${joins}
  WHERE f.organization_id = ${currentOrganizationId()}::uuid AND f.currency = ${scope.currency} AND f.status = 'succeeded' AND f.return_id IS NULL
    AND (f.order_id IS NULL OR o.status <> 'cancelled') ${withinDays(Prisma.sql`f.refunded_at`, scope)} AND ${inStores(Prisma.sql`o.store_id`, scope.storeId)}
  GROUP BY 1`;

/**
 * Everything that makes or lessens revenue: rows of (key, orders, sales, returns, refunds), up to three a key. The net of an order, Σ (line
 * total − line tax), is taken from its own columns: subtotal − discountTotal − taxIncluded is the same number, and a twenty-fifth of the rows.
 */
export function revenueBy(key: RevenueKey, scope: Scope): Prisma.Sql {
  return Prisma.sql`
    SELECT ${key.order} AS key, count(*) AS orders, sum(o.subtotal - o.discount_total - o.tax_included) AS sales, 0 AS returns, 0 AS refunds
    FROM orders o ${key.joins?.order ?? Prisma.empty} WHERE ${countingOrders(scope)}
    GROUP BY 1
    UNION ALL
    SELECT ${key.return}, 0, 0, sum(r.total - r.tax_total), 0
    FROM returns r ${key.joins?.return ?? Prisma.empty} WHERE ${countingReturns(scope)}
    GROUP BY 1
    UNION ALL
    ${refundsBy(key.refund, scope, key.joins?.refund)}`;
}

/** A JSON object with the sums of such rows. */
export const REVENUE_SUMS = Prisma.sql`json_build_object('orders', coalesce(sum(orders), 0), 'sales', coalesce(sum(sales), 0)::text,
  'returns', coalesce(sum(returns), 0)::text, 'refunds', coalesce(sum(refunds), 0)::text)`;
