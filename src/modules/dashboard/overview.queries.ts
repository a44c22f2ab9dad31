import { inAllowedStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { availableOf, isLow } from '../../db/low-stock';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { Calendar } from './calendar.queries';
import { EVERYTHING, REVENUE_SUMS, revenueBy, type RevenueSums } from './revenue.queries';
import type { Days } from './scope.queries';

export interface OverviewRow {
  readonly allTime: RevenueSums;
  readonly thisMonth: RevenueSums;
  readonly sameDaysLastMonth: RevenueSums;
  readonly pendingOrders: number;
  readonly inventoryValue: string;
  readonly products: number;
  readonly lowStockItems: number;
}

export class OverviewQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  async read(calendar: Calendar, thisMonth: Days, sameDaysLastMonth: Days): Promise<OverviewRow> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const sums = (days?: Days): Prisma.Sql =>
      Prisma.sql`(SELECT ${REVENUE_SUMS} FROM (${revenueBy(EVERYTHING, { ...calendar, days })}) documents)`;
    const ofStores = inAllowedStores(Prisma.sql`store_id`);
    const text = await this.lane.text(Prisma.sql`
      SELECT (json_build_object(
        'allTime', ${sums()}, 'thisMonth', ${sums(thisMonth)}, 'sameDaysLastMonth', ${sums(sameDaysLastMonth)},
        'pendingOrders', (SELECT count(*) FROM orders WHERE organization_id = ${organization} AND status = 'pending' AND ${ofStores}),
        'inventoryValue', (SELECT coalesce(sum(value), 0)::text FROM stock_levels WHERE organization_id = ${organization} AND ${ofStores}),
        'products', (SELECT count(*) FROM products WHERE organization_id = ${organization} AND status <> 'archived'),
        'lowStockItems', (
          SELECT count(*) FROM products p
          LEFT JOIN (SELECT product_id, sum(${availableOf(Prisma.sql`stock_levels`)}) AS available
                     FROM stock_levels WHERE organization_id = ${organization} AND ${ofStores} GROUP BY product_id) l
            ON l.product_id = p.id
          WHERE p.organization_id = ${organization} AND ${isLow(Prisma.sql`p`, Prisma.sql`l.available`)})
        ))::text`);
    return JSON.parse(text!) as OverviewRow;
  }
}
