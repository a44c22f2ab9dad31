import { inStores } from '../../db/allowed-stores';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { minorUnits } from '../../kernel/money';
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

/** Of an order `o`: without tax and shipping, and without what was cancelled. */
const NET_OF_SALE = Prisma.sql`(o.subtotal - o.discount_total - o.tax_included - (o.cancelled_amount - o.cancelled_tax))`;

export const EVERYTHING: RevenueKey = { order: Prisma.sql`1`, return: Prisma.sql`1`, refund: Prisma.sql`1` };

/** Conditions on orders `o` that count for revenue. */
export const countingOrders = (scope: Scope): Prisma.Sql => Prisma.sql`
  o.organization_id = ${currentOrganizationId()}::uuid AND o.status NOT IN ('draft', 'cancelled') AND o.currency = ${scope.currency}
  ${withinDays(Prisma.sql`o.ordered_at`, scope)} AND ${inStores(Prisma.sql`o.store_id`, scope.storeId)}`;

/** Conditions on returns `r`. */
export const countingReturns = (scope: Scope): Prisma.Sql => Prisma.sql`
  r.organization_id = ${currentOrganizationId()}::uuid AND r.currency = ${scope.currency}
  ${withinDays(Prisma.sql`r.returned_at`, scope)} AND ${inStores(Prisma.sql`r.store_id`, scope.storeId)}`;

/**
 * `key, sum(…)` of what refunds take back, on the day of each. An order whose money went back in full is no sale any more, so all of its refunds
 * together take back
 *
 *     net × kindness ÷ kept, rounded to the currency, where
 *     net      = the order's net, less that of what was cancelled and of what came back (both of which count already),
 *     kept     = total − cancelled − returned: what the customer keeps, with tax and shipping,
 *     kindness = what refunds that name no return gave beyond paid − (total − cancelled − (returned − refunded for returns)), what was paid too much,
 *
 * and each its share of that, cumulatively rounded, so that the shares add up to the cent and no order brings less than nothing. Refunds of no
 * order, which were imported, take back what they are without tax; refunds of cancelled orders nothing, because these are no sales.
 */
export function refundsBy(key: Prisma.Sql, scope: Scope, joins: Prisma.Sql = Prisma.empty): Prisma.Sql {
  const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
  const upTo = (amount: Prisma.Sql): Prisma.Sql =>
    Prisma.sql`coalesce(round(m.taken_back * ${amount} / nullif(m.refunded, 0), ${minorUnits(scope.currency)}::int), 0)`;
  // Of a few days only the orders that had a refund then are looked at, with all of their refunds.
  const ofTheDays =
    scope.days === undefined
      ? Prisma.empty
      : Prisma.sql`AND (order_id IS NULL OR order_id IN (SELECT order_id FROM refunds WHERE organization_id = ${organization} AND return_id IS NULL
          ${withinDays(Prisma.sql`refunded_at`, scope)}))`;
  return Prisma.sql`
    SELECT ${key} AS key, 0 AS orders, 0 AS sales, 0 AS returns,
      sum(CASE WHEN o.id IS NULL THEN f.amount - f.tax_amount ELSE ${upTo(Prisma.sql`f.so_far`)} - ${upTo(Prisma.sql`(f.so_far - f.amount)`)} END) AS refunds
    FROM (
      SELECT order_id, customer_id, currency, amount, tax_amount, refunded_at, sum(amount) OVER (PARTITION BY order_id ORDER BY refunded_at, id) AS so_far
      FROM refunds WHERE organization_id = ${organization} AND currency = ${scope.currency} AND status = 'succeeded' AND return_id IS NULL ${ofTheDays}) f
    LEFT JOIN orders o ON o.organization_id = ${organization} AND o.id = f.order_id
    LEFT JOIN LATERAL (
      SELECT a.refunded, coalesce(round(greatest(a.net, 0) * greatest(a.refunded - a.too_much, 0) / nullif(a.kept, 0), ${minorUnits(scope.currency)}::int), 0) AS taken_back
      FROM (SELECT ${NET_OF_SALE} - (o.returned_amount - o.returned_tax) AS net, o.total - o.cancelled_amount - o.returned_amount AS kept,
        o.refunded_amount - o.return_refunded_amount AS refunded,
        greatest(o.paid_amount - (o.total - o.cancelled_amount - (o.returned_amount - o.return_refunded_amount)), 0) AS too_much) a) m ON true
    ${joins}
    WHERE (f.order_id IS NULL OR o.status <> 'cancelled') ${withinDays(Prisma.sql`f.refunded_at`, scope)} AND ${inStores(Prisma.sql`o.store_id`, scope.storeId)}
    GROUP BY 1`;
}

/**
 * Everything that makes or lessens revenue: rows of (key, orders, sales, returns, refunds), up to three a key. The net of an order, Σ (line
 * total − line tax), is taken from its own columns: subtotal − discountTotal − taxIncluded is the same number, and a twenty-fifth of the rows.
 */
export function revenueBy(key: RevenueKey, scope: Scope): Prisma.Sql {
  return Prisma.sql`
    SELECT ${key.order} AS key, count(*) AS orders, sum(${NET_OF_SALE}) AS sales, 0 AS returns, 0 AS refunds
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
