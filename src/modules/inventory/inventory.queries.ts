import { inAllowedStores, inStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { availableOf, isLow } from '../../db/low-stock';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { ProductNotFound } from '../catalogue/catalogue.errors';
import type { LevelKey } from './domain/stock-level';

export interface LevelsWanted extends PageWanted {
  readonly storeId?: string | undefined;
  readonly productId?: string | undefined;
  /** Part of name, SKU or barcode, without regard to case. */
  readonly q?: string | undefined;
  readonly lowStock?: boolean | undefined;
}

export interface LowStockWanted extends PageWanted {
  readonly sortBy: 'sku' | 'name';
  /** Only what is in this store counts. */
  readonly storeId?: string | undefined;
}

export const LEVEL_SORTS: Sorts<'sku'> = { sku: { key: Prisma.sql`f.sku_key`, kind: 'text' } };

export const LOW_STOCK_SORTS: Sorts<LowStockWanted['sortBy']> = {
  sku: { key: Prisma.sql`f.sku_key`, kind: 'text' },
  name: { key: Prisma.sql`f.name`, kind: 'text' },
};

/** Transfers and purchase orders will fill these two; until then nothing is under way. */
const UNDER_WAY = Prisma.sql`'0' AS "inTransit", '0' AS "onOrder"`;

/** Of a level under that alias, its `product` and its `store`. */
const levelView = (l: Prisma.Sql): Prisma.Sql => Prisma.sql`(SELECT row_to_json(level_view) FROM (
  SELECT product.id AS "productId", product.sku, product.name, store.id AS "storeId", store.code AS "storeCode",
    quantity_text(${l}.on_hand) AS "onHand", quantity_text(${l}.reserved) AS reserved, quantity_text(${availableOf(l)}) AS available, ${UNDER_WAY},
    money_text(${l}.value, product.currency) AS value, product.currency, quantity_text(product.reorder_level) AS "reorderLevel",
    instant_text(${l}.updated_at) AS "updatedAt") level_view)`;

const F = Prisma.sql`f`;
const L = Prisma.sql`l`;
const AVAILABLE = availableOf(L);
const STORE = Prisma.sql`l.store_id`;

/** Of a `product`: sums over its levels, and each of them. */
const PRODUCT_STOCK_VIEW = Prisma.sql`(SELECT row_to_json(stock_view) FROM (
  SELECT product.id AS "productId", product.sku, product.name, u.code AS unit, product.currency,
  product.tracks_stock AS "tracksStock", product.allows_backorder AS "allowsBackorder",
  quantity_text(product.reorder_level) AS "reorderLevel", quantity_text(product.reorder_quantity) AS "reorderQuantity",
  quantity_text(t.on_hand) AS "onHand", quantity_text(t.reserved) AS reserved, quantity_text(t.available) AS available, ${UNDER_WAY},
  money_text(t.value, product.currency) AS value, t.levels) stock_view)`;

const LOW_STOCK_VIEW = Prisma.sql`(SELECT row_to_json(low_view) FROM (SELECT p.id AS "productId", p.sku, p.name, p.supplier,
  quantity_text(p.on_hand) AS "onHand", quantity_text(p.reserved) AS reserved, quantity_text(p.available) AS available, ${UNDER_WAY},
  quantity_text(p.reorder_level) AS "reorderLevel", quantity_text(p.reorder_quantity) AS "reorderQuantity") low_view)`;

/** Levels, read in one statement each; PostgreSQL builds the JSON. The ledger has queries of its own. */
export class InventoryQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** By SKU, then store: a product has one level a store, so the two make a key. @throws StoreForbidden */
  levels({ storeId, productId, q, lowStock, ...wanted }: LevelsWanted): Promise<JsonPage> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const where = [
      Prisma.sql`f.organization_id = ${organization}`,
      Prisma.sql`l.organization_id = ${organization}`,
      inStores(STORE, storeId),
    ];
    if (productId !== undefined) where.push(Prisma.sql`f.id = ${productId}::uuid`);
    if (q !== undefined)
      where.push(
        Prisma.sql`(strpos(lower(f.name), lower(${q})) > 0 OR strpos(f.sku_key, lower(${q})) > 0 OR strpos(lower(f.barcode), lower(${q})) > 0)`,
      );
    const low = isLow(F, AVAILABLE);
    if (lowStock !== undefined) where.push(lowStock ? low : Prisma.sql`NOT ${low}`);
    if (wanted.seek !== undefined) where.push(fromSku(wanted));
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`products f JOIN stock_levels l ON l.product_id = f.id`,
        id: Prisma.sql`l.store_id`,
        sort: LEVEL_SORTS.sku,
        where,
        columns: Prisma.sql`l.store_id AS id, l.product_id, l.on_hand, l.reserved, l.value, l.updated_at`,
        view: levelView(Prisma.sql`p`),
        joins: Prisma.sql`
          JOIN products product ON product.organization_id = ${organization} AND product.id = p.product_id
          JOIN stores store ON store.organization_id = ${organization} AND store.id = p.id`,
      },
      wanted,
    );
  }

  /** @throws ProductNotFound */
  async product(productId: string): Promise<string> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const view = await this.lane.text(Prisma.sql`
      SELECT ${PRODUCT_STOCK_VIEW}::text
      FROM products product
      JOIN units u ON u.organization_id = ${organization} AND u.id = product.unit_id
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(l.on_hand), 0) AS on_hand, coalesce(sum(l.reserved), 0) AS reserved, coalesce(sum(${AVAILABLE}), 0) AS available,
          coalesce(sum(l.value), 0) AS value, coalesce(json_agg(${levelView(L)} ORDER BY store.code), '[]') AS levels
        FROM stock_levels l JOIN stores store ON store.organization_id = ${organization} AND store.id = l.store_id
        WHERE l.organization_id = ${organization} AND l.product_id = product.id AND ${inAllowedStores(STORE)}) t
      WHERE product.organization_id = ${organization} AND product.id = ${productId}::uuid`);
    if (view === null) throw productNotFound(productId);
    return view;
  }

  /** @throws ProductNotFound */
  async requireProduct(productId: string): Promise<void> {
    const found = await this.lane.text(
      Prisma.sql`SELECT id::text FROM products WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${productId}::uuid`,
    );
    if (found === null) throw productNotFound(productId);
  }

  /** A level that exists. */
  async level({ productId, storeId }: LevelKey): Promise<string> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const view = await this.lane.text(Prisma.sql`
      SELECT ${levelView(L)}::text
      FROM stock_levels l
      JOIN products product ON product.organization_id = ${organization} AND product.id = l.product_id
      JOIN stores store ON store.organization_id = ${organization} AND store.id = l.store_id
      WHERE l.organization_id = ${organization} AND l.product_id = ${productId}::uuid AND l.store_id = ${storeId}::uuid`);
    return view!;
  }

  /** Products to think of ordering. One that was never in stock is low as well. @throws StoreForbidden */
  lowStock({ sortBy, storeId, ...wanted }: LowStockWanted): Promise<JsonPage> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const where = [Prisma.sql`f.organization_id = ${organization}`, isLow(F, Prisma.sql`t.available`)];
    if (storeId !== undefined)
      where.push(Prisma.sql`EXISTS (SELECT FROM stores WHERE organization_id = ${organization} AND id = ${storeId}::uuid)`);
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`products f CROSS JOIN LATERAL (
          SELECT coalesce(sum(l.on_hand), 0) AS on_hand, coalesce(sum(l.reserved), 0) AS reserved, coalesce(sum(${AVAILABLE}), 0) AS available
          FROM stock_levels l WHERE l.organization_id = ${organization} AND l.product_id = f.id AND ${inStores(STORE, storeId)}) t`,
        id: Prisma.sql`f.id`,
        sort: LOW_STOCK_SORTS[sortBy],
        where,
        columns: Prisma.sql`f.id, f.sku, f.name, f.supplier, f.reorder_level, f.reorder_quantity, t.*`,
        view: LOW_STOCK_VIEW,
      },
      wanted,
    );
  }
}

const productNotFound = (productId: string): ProductNotFound => new ProductNotFound(`There is no product ${productId}`);

/** The row comparison of the page spans two tables, so no index serves it; this says the same of the SKU alone and lets a deep page start there. */
function fromSku({ descending, seek }: LevelsWanted): Prisma.Sql {
  const downwards = descending !== seek!.backward;
  return Prisma.sql`f.sku_key ${downwards ? Prisma.sql`<=` : Prisma.sql`>=`} ${seek!.values[0]}`;
}
