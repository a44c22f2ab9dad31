import { inStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { availableOf, isLow } from '../../db/low-stock';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { withinDays, type Days, type Scope } from './scope.queries';

/** Quantities and amounts are exact decimal text. */
export interface StockItem {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly onHand: string;
  readonly available: string;
  readonly value: string;
  readonly reorderLevel: string | null;
  /** When a unit last left by a shipment or a sale; only of dead stock. */
  readonly lastSoldAt: string | null;
}

interface Listed {
  readonly products: number;
  readonly items: readonly StockItem[];
}

export interface StockStatusRow {
  readonly value: string;
  /** The value before the first of the days. */
  readonly openingValue: string;
  readonly costOfGoodsSold: string;
  readonly productsInStock: number;
  readonly lowStock: Listed;
  readonly outOfStock: Listed;
  readonly deadStock: Listed & { readonly value: string };
}

export class StockStatusQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** `days` end today: what is on hand now is what there was after them. At most `limit` items a list. */
  async read(scope: Scope & { readonly days: Days }, limit: number): Promise<StockStatusRow> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const lastSoldAt = Prisma.sql`(SELECT instant_text(max(m.occurred_at)) FROM stock_movements m
      WHERE m.organization_id = ${organization} AND m.product_id = s.id AND m.kind IN ('shipment', 'sale') AND ${inStores(Prisma.sql`m.store_id`, scope.storeId)})`;
    const text = await this.lane.text(Prisma.sql`
      WITH levels AS (
        SELECT product_id, sum(on_hand) AS on_hand, sum(${availableOf(Prisma.sql`stock_levels`)}) AS available, sum(value) AS value
        FROM stock_levels WHERE organization_id = ${organization} AND ${inStores(Prisma.sql`store_id`, scope.storeId)} GROUP BY product_id
      ), moved AS (
        SELECT product_id, sum(quantity) AS quantity, sum(value) AS value, bool_or(kind IN ('shipment', 'sale')) AS sold,
          coalesce(-sum(value) FILTER (WHERE kind IN ('shipment', 'sale', 'customer_return')), 0) AS cost_of_goods_sold
        FROM stock_movements
        WHERE organization_id = ${organization} ${withinDays(Prisma.sql`occurred_at`, scope)} AND ${inStores(Prisma.sql`store_id`, scope.storeId)} GROUP BY product_id
      ), stock AS (
        SELECT p.id, p.sku, p.sku_key, p.name, p.reorder_level, coalesce(l.on_hand, 0) AS on_hand, coalesce(l.available, 0) AS available,
          coalesce(l.value, 0) AS value, coalesce(m.value, 0) AS value_moved, coalesce(m.cost_of_goods_sold, 0) AS cost_of_goods_sold,
          ${isLow(Prisma.sql`p`, Prisma.sql`l.available`)} AS low, p.status <> 'archived' AND coalesce(l.available, 0) = 0 AS out,
          coalesce(l.on_hand, 0) > 0 AND l.on_hand - coalesce(m.quantity, 0) > 0 AND NOT coalesce(m.sold, false) AS dead
        FROM products p LEFT JOIN levels l ON l.product_id = p.id LEFT JOIN moved m ON m.product_id = p.id
        WHERE p.organization_id = ${organization} AND p.tracks_stock
      )
      SELECT json_build_object(
        'value', (SELECT coalesce(sum(value), 0)::text FROM stock), 'openingValue', (SELECT coalesce(sum(value - value_moved), 0)::text FROM stock),
        'costOfGoodsSold', (SELECT coalesce(sum(cost_of_goods_sold), 0)::text FROM stock),
        'productsInStock', (SELECT count(*) FROM stock WHERE on_hand > 0),
        'lowStock', ${listed(Prisma.sql`low`, Prisma.sql`available, sku_key`, limit, Prisma.sql`NULL`)},
        'outOfStock', ${listed(Prisma.sql`out`, Prisma.sql`sku_key`, limit, Prisma.sql`NULL`)},
        'deadStock', ${listed(Prisma.sql`dead`, Prisma.sql`value DESC, sku_key`, limit, lastSoldAt)})::text`);
    return JSON.parse(text!) as StockStatusRow;
  }
}

/** How many products are so, what they are worth, and the first of them. */
const listed = (which: Prisma.Sql, order: Prisma.Sql, limit: number, lastSoldAt: Prisma.Sql): Prisma.Sql => Prisma.sql`json_build_object(
  'products', (SELECT count(*) FROM stock WHERE ${which}), 'value', (SELECT coalesce(sum(value), 0)::text FROM stock WHERE ${which}),
  'items', (SELECT coalesce(json_agg(json_build_object('productId', s.id, 'sku', s.sku, 'name', s.name, 'onHand', quantity_text(s.on_hand),
    'available', quantity_text(s.available), 'value', s.value::text, 'reorderLevel', quantity_text(s.reorder_level), 'lastSoldAt', ${lastSoldAt}) ORDER BY s.place), '[]')
    FROM (SELECT stock.*, row_number() OVER (ORDER BY ${order}) AS place FROM stock WHERE ${which} ORDER BY ${order} LIMIT ${limit}::int) s))`;
