import type { HotLane } from '../../db/hot-lane';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { Grouping } from './domain/periods';

/** How the organization at hand counts days and money. */
export interface Calendar {
  readonly timeZone: string;
  readonly currency: string;
  /** The day it is there now, YYYY-MM-DD. */
  readonly today: string;
}

/** Amounts as exact decimal text, not yet rounded to the currency. */
export interface SalesRow {
  /** Start of the period. */
  readonly start: string;
  readonly orders: number;
  readonly sales: string;
  readonly returns: string;
  readonly refunds: string;
}

export interface OverviewRow {
  readonly revenue: string;
  readonly revenueThisMonth: string;
  readonly revenueSameDaysLastMonth: string;
  readonly orders: number;
  readonly pendingOrders: number;
  readonly inventoryValue: string;
  readonly products: number;
  readonly lowStockItems: number;
}

type Days = readonly [from: string, to: string];

interface DocumentsWanted {
  readonly calendar: Calendar;
  readonly days?: Days | undefined;
  readonly storeId?: string | undefined;
}

/** Read across modules' tables, which dashboards alone may do. */
export class DashboardQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  async calendar(now: Date): Promise<Calendar> {
    const text = await this.lane.text(Prisma.sql`
      SELECT json_build_object('timeZone', time_zone, 'currency', currency, 'today', (${now}::timestamptz AT TIME ZONE time_zone)::date)::text
      FROM organizations WHERE id = ${currentOrganizationId()}::uuid`);
    return JSON.parse(text!) as Calendar;
  }

  /** The currency of a store; undefined when there is no such store. */
  async storeCurrency(storeId: string): Promise<string | undefined> {
    const text = await this.lane.text(
      Prisma.sql`SELECT currency FROM stores WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${storeId}::uuid`,
    );
    return text ?? undefined;
  }

  /** Only periods in which something happened. */
  async sales(wanted: DocumentsWanted & { readonly days: Days; readonly grouping: Grouping }): Promise<SalesRow[]> {
    const text = await this.lane.text(Prisma.sql`
      SELECT coalesce(json_agg(json_build_object('start', start, 'orders', orders, 'sales', sales::text, 'returns', returns::text, 'refunds', refunds::text)), '[]')::text
      FROM (
        SELECT date_trunc(${wanted.grouping}::text, day::timestamp)::date AS start, sum(orders)::integer AS orders, sum(sales) AS sales, sum(returns) AS returns, sum(refunds) AS refunds
        FROM (${documentsByDay(wanted)}) days GROUP BY 1
      ) periods`);
    return JSON.parse(text!) as SalesRow[];
  }

  async overview(calendar: Calendar, thisMonth: Days, sameDaysLastMonth: Days): Promise<OverviewRow> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const within = ([from, to]: Days): Prisma.Sql => Prisma.sql`FILTER (WHERE day BETWEEN ${from}::date AND ${to}::date)`;
    const revenue = Prisma.sql`sum(sales - returns - refunds)`;
    const text = await this.lane.text(Prisma.sql`
      SELECT (json_build_object(
        'revenue', coalesce(d.total, 0)::text, 'revenueThisMonth', coalesce(d.this_month, 0)::text, 'revenueSameDaysLastMonth', coalesce(d.last_month, 0)::text,
        'orders', coalesce(d.orders, 0),
        'pendingOrders', (SELECT count(*) FROM orders WHERE organization_id = ${organization} AND status = 'pending'),
        'inventoryValue', (SELECT coalesce(sum(value), 0)::text FROM stock_levels WHERE organization_id = ${organization}),
        'products', (SELECT count(*) FROM products WHERE organization_id = ${organization} AND status <> 'archived'),
        'lowStockItems', (
          SELECT count(*) FROM products p
          LEFT JOIN (SELECT product_id, sum(greatest(on_hand - reserved, 0)) AS available FROM stock_levels WHERE organization_id = ${organization} GROUP BY product_id) l
            ON l.product_id = p.id
          WHERE p.organization_id = ${organization} AND p.status <> 'archived' AND p.tracks_stock AND p.reorder_level >= coalesce(l.available, 0))
        ))::text
      FROM (
        SELECT ${revenue} AS total, ${revenue} ${within(thisMonth)} AS this_month, ${revenue} ${within(sameDaysLastMonth)} AS last_month, sum(orders)::integer AS orders
        FROM (${documentsByDay({ calendar })}) days
      ) d`);
    return JSON.parse(text!) as OverviewRow;
  }
}

/**
 * Everything that makes or lessens revenue, by local day. The net of an order, Σ (line total − line tax), is taken from its own columns:
 * subtotal − discountTotal − taxIncluded is the same number, and a twenty-fifth of the rows.
 */
function documentsByDay({ calendar: { timeZone, currency }, days, storeId }: DocumentsWanted): Prisma.Sql {
  const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
  const dayOf = (column: Prisma.Sql): Prisma.Sql => Prisma.sql`(${column} AT TIME ZONE ${timeZone}::text)::date`;
  // No zone is further than 14 h from UTC: the wide bounds are for the index, the exact ones hold on days of 23 and 25 hours too.
  const within = (column: Prisma.Sql): Prisma.Sql =>
    days === undefined
      ? Prisma.empty
      : Prisma.sql`AND ${column} >= (${days[0]}::date - 1)::timestamp AT TIME ZONE 'UTC' AND ${column} < (${days[1]}::date + 2)::timestamp AT TIME ZONE 'UTC'
          AND ${dayOf(column)} BETWEEN ${days[0]}::date AND ${days[1]}::date`;
  const inStore = (column: Prisma.Sql): Prisma.Sql => (storeId === undefined ? Prisma.empty : Prisma.sql`AND ${column} = ${storeId}::uuid`);
  return Prisma.sql`
    SELECT ${dayOf(Prisma.sql`ordered_at`)} AS day, count(*) AS orders, sum(subtotal - discount_total - tax_included) AS sales, 0 AS returns, 0 AS refunds
    FROM orders
    WHERE organization_id = ${organization} AND status NOT IN ('draft', 'cancelled') AND currency = ${currency}
      ${within(Prisma.sql`ordered_at`)} ${inStore(Prisma.sql`store_id`)}
    GROUP BY 1
    UNION ALL
    SELECT ${dayOf(Prisma.sql`returned_at`)}, 0, 0, sum(total - tax_total), 0
    FROM returns
    WHERE organization_id = ${organization} AND currency = ${currency} ${within(Prisma.sql`returned_at`)} ${inStore(Prisma.sql`store_id`)}
    GROUP BY 1
    UNION ALL
    SELECT ${dayOf(Prisma.sql`r.refunded_at`)}, 0, 0, 0, sum(r.amount - r.tax_amount)
    FROM refunds r
    LEFT JOIN orders o ON o.organization_id = ${organization} AND o.id = r.order_id
    WHERE r.organization_id = ${organization} AND r.currency = ${currency} AND r.status = 'succeeded' AND r.return_id IS NULL
      AND (r.order_id IS NULL OR o.status <> 'cancelled') ${within(Prisma.sql`r.refunded_at`)} ${inStore(Prisma.sql`o.store_id`)}
    GROUP BY 1`;
}
