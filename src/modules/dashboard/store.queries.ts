import type { HotLane } from '../../db/hot-lane';
import { inAllowedStores } from '../../db/allowed-stores';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { availableOf, isLow } from '../../db/low-stock';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { dayOf, type Days } from './scope.queries';

export interface StoreHead {
  readonly store: { readonly id: string; readonly code: string; readonly name: string; readonly kind: string; readonly currency: string };
  readonly timeZone: string;
  readonly today: string;
  readonly stockValue: string;
  /** The organization's: stock is valued in it. */
  readonly stockCurrency: string;
  readonly lowStockItems: number;
}

export interface StoreProductsWanted extends PageWanted {
  readonly sortBy: 'sku' | 'name';
  readonly storeId: string;
  readonly timeZone: string;
  readonly days: Days;
  readonly dayCount: number;
  readonly lowStock?: boolean | undefined;
}

export const STORE_PRODUCT_SORTS: Sorts<StoreProductsWanted['sortBy']> = {
  sku: { key: Prisma.sql`f.sku_key`, kind: 'text' },
  name: { key: Prisma.sql`f.name`, kind: 'text' },
};

const AVAILABLE = availableOf(Prisma.sql`l`);
const LOW = isLow(Prisma.sql`f`, AVAILABLE);

export class StoreQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** Of the store, or of the oldest one in use that the caller may see; undefined when there is none. */
  async head(now: Date, storeId: string | undefined): Promise<StoreHead | undefined> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const wanted =
      storeId === undefined
        ? Prisma.sql`archived_at IS NULL AND ${inAllowedStores(Prisma.sql`id`)} ORDER BY created_at, id LIMIT 1`
        : Prisma.sql`id = ${storeId}::uuid`;
    const text = await this.lane.text(Prisma.sql`
      SELECT json_build_object(
        'store', json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'kind', s.kind, 'currency', s.currency),
        'timeZone', o.time_zone, 'today', (${now}::timestamptz AT TIME ZONE o.time_zone)::date,
        'stockValue', (SELECT money_text(coalesce(sum(value), 0), o.currency) FROM stock_levels WHERE organization_id = ${organization} AND store_id = s.id), 'stockCurrency', o.currency,
        'lowStockItems', (SELECT count(*) FROM products f LEFT JOIN stock_levels l ON l.organization_id = ${organization} AND l.product_id = f.id AND l.store_id = s.id
          WHERE f.organization_id = ${organization} AND ${LOW}))::text
      FROM (SELECT * FROM stores WHERE organization_id = ${organization} AND ${wanted}) s JOIN organizations o ON o.id = s.organization_id`);
    return text === null ? undefined : (JSON.parse(text) as StoreHead);
  }

  /** All products that are not archived, with what of them the store has and has sold. */
  products({ sortBy, storeId, timeZone, days: [from, to], dayCount, lowStock, ...wanted }: StoreProductsWanted): Promise<JsonPage> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const where = [Prisma.sql`f.organization_id = ${organization} AND f.status <> 'archived'`];
    if (lowStock !== undefined) where.push(lowStock ? LOW : Prisma.sql`NOT ${LOW}`);
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`products f LEFT JOIN stock_levels l ON l.organization_id = ${organization} AND l.product_id = f.id AND l.store_id = ${storeId}::uuid`,
        id: Prisma.sql`f.id`,
        sort: STORE_PRODUCT_SORTS[sortBy],
        where,
        columns: Prisma.sql`f.id, f.sku, f.name, f.status, f.price, f.currency, f.unit_id, f.reorder_level, coalesce(l.on_hand, 0) AS on_hand,
          coalesce(l.reserved, 0) AS reserved, coalesce(${AVAILABLE}, 0) AS available, ${LOW} AS low_stock`,
        view: Prisma.sql`(SELECT row_to_json(product_view) FROM (
          SELECT p.id AS "productId", p.sku, p.name, p.status, price_text(p.price, p.currency) AS price, p.currency, u.code AS unit, quantity_text(p.on_hand) AS "onHand",
            quantity_text(p.reserved) AS reserved, quantity_text(p.available) AS available, quantity_text(p.reorder_level) AS "reorderLevel",
            p.low_stock AS "lowStock", quantity_text(sold.total) AS "totalSold", quantity_text(round(sold.lately / ${dayCount}::int, 4)) AS "avgDailySales") product_view)`,
        joins: Prisma.sql`
          JOIN units u ON u.organization_id = ${organization} AND u.id = p.unit_id
          CROSS JOIN LATERAL (
            SELECT coalesce(sum(line.quantity - line.cancelled_quantity), 0) AS total, coalesce(sum(line.quantity - line.cancelled_quantity)
              FILTER (WHERE ${dayOf(Prisma.sql`o.ordered_at`, { timeZone })} BETWEEN ${from}::date AND ${to}::date), 0) AS lately
            FROM order_lines line JOIN orders o ON o.organization_id = ${organization} AND o.id = line.order_id
            WHERE line.organization_id = ${organization} AND line.product_id = p.id AND o.store_id = ${storeId}::uuid AND o.status NOT IN ('draft', 'cancelled')) sold`,
      },
      wanted,
    );
  }
}
