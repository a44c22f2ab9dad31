import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import { ProductNotFound } from './catalogue.errors';
import type { ProductStatus } from './domain/product-status';
import { STANDARD_UNIT } from './domain/unit-of-measure';

/** Prices, costs and quantities are canonical decimal text: nothing is computed with them here. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly categoryId: string | null;
  readonly unitId: string;
  /** Per stock unit, up to six decimals. */
  readonly price: string | null;
  readonly cost: string | null;
  readonly currency: string;
  readonly status: ProductStatus;
  readonly tracksStock: boolean;
  readonly allowsBackorder: boolean;
  readonly reorderLevel: string | null;
  readonly reorderQuantity: string | null;
  readonly barcode: string | null;
  readonly supplier: string | null;
  readonly attributes: Attributes;
  readonly version: number;
}
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

export interface StockUnit {
  readonly id: string;
  readonly code: string;
  readonly isWhole: boolean;
}

/** What a product of the organization is made with. */
export interface ProductSetting {
  readonly currency: string;
  /** Null when there is no such unit. */
  readonly unit: StockUnit | null;
}

/** By its id, or by its name or code. */
export type CategoryKey = { readonly id: string } | { readonly name: string };

export interface ProductUsage {
  /** There are movements of it. */
  readonly moved: boolean;
  /** On lines of orders or returns, whatever came of them. */
  readonly ordered: boolean;
  /** An import has told something of its stock. */
  readonly noted: boolean;
  /** Open orders hold stock of it, there or still to come. */
  readonly reserved: boolean;
}

export interface ProductCategory {
  readonly id: string;
  readonly name: string;
  /** Empty means any. */
  readonly allowedUnitIds: readonly string[];
}

export class ProductsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  /**
   * `update` holds off other changes of the product; `delete` (FOR UPDATE) also new orders and movements that would refer to it.
   * @throws ProductNotFound
   */
  async lock(productId: string, purpose: 'update' | 'delete' = 'update'): Promise<Product> {
    const strength = purpose === 'update' ? Prisma.sql`FOR NO KEY UPDATE` : Prisma.sql`FOR UPDATE`;
    const [product] = await this.tx.$queryRaw<Product[]>`
      SELECT id::text, sku, name, description, category_id::text AS "categoryId", unit_id::text AS "unitId", trim_scale(price)::text AS price,
        trim_scale(cost)::text AS cost, currency, status, tracks_stock AS "tracksStock", allows_backorder AS "allowsBackorder",
        trim_scale(reorder_level)::text AS "reorderLevel", trim_scale(reorder_quantity)::text AS "reorderQuantity", barcode, supplier, attributes, version
      FROM products WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${productId}::uuid ${strength}`;
    if (!product) throw new ProductNotFound(`There is no product ${productId}`);
    return product;
  }

  /** The currency of the organization, and the unit asked for or its standard one. */
  async setting(unitId: string | undefined): Promise<ProductSetting> {
    const [row] = await this.tx.$queryRaw<Array<{ currency: string; id: string | null; code: string; is_whole: boolean }>>`
      SELECT o.currency, u.id::text, u.code, u.is_whole
      FROM organizations o
      LEFT JOIN units u ON u.organization_id = ${currentOrganizationId()}::uuid
        AND CASE WHEN ${unitId ?? null}::uuid IS NULL THEN u.code = ${STANDARD_UNIT} ELSE u.id = ${unitId ?? null}::uuid END
      WHERE o.id = ${currentOrganizationId()}::uuid`;
    const { currency, id, code, is_whole: isWhole } = row!;
    return { currency, unit: id === null ? null : { id, code, isWhole } };
  }

  /**
   * Categories by id, or by name or code without regard to case (more than one can have a name). FOR KEY SHARE: the list of allowed units
   * stays as it is until the product is written.
   */
  async lockCategories(by: CategoryKey): Promise<ProductCategory[]> {
    const organizationId = currentOrganizationId();
    const categories =
      'id' in by
        ? await this.tx.$queryRaw<Array<{ id: string; name: string }>>`
            SELECT id::text, name FROM categories WHERE organization_id = ${organizationId}::uuid AND id = ${by.id}::uuid FOR KEY SHARE`
        : await this.tx.$queryRaw<Array<{ id: string; name: string }>>`
            SELECT id::text, name FROM categories
            WHERE organization_id = ${organizationId}::uuid AND lower(${by.name}) IN (lower(name), lower(code)) ORDER BY id LIMIT 2 FOR KEY SHARE`;
    if (categories.length !== 1) return categories.map((category) => ({ ...category, allowedUnitIds: [] }));
    const [category] = categories;
    const units = await this.tx.categoryUnit.findMany({ where: { organizationId, categoryId: category!.id }, select: { unitId: true } });
    return [{ ...category!, allowedUnitIds: units.map((unit) => unit.unitId) }];
  }

  /** The first of the SKUs that no product has. */
  async freeSku(candidates: readonly string[]): Promise<string | undefined> {
    const [row] = await this.tx.$queryRaw<Array<{ sku: string }>>`
      SELECT c.sku FROM unnest(${candidates}::text[]) WITH ORDINALITY AS c (sku, n)
      WHERE NOT EXISTS (SELECT FROM products p WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.sku_key = lower(c.sku))
      ORDER BY c.n LIMIT 1`;
    return row?.sku;
  }

  /**
   * Locks the levels of the product, in lock order. Before its row is written: an order holds levels while it asks whether their product is
   * there. (The product's own lock, which was taken already, lets such questions through.)
   */
  async lockLevels(productId: string): Promise<void> {
    await this.tx.$queryRaw`
      SELECT 1 AS locked FROM stock_levels WHERE organization_id = ${currentOrganizationId()}::uuid AND product_id = ${productId}::uuid
      ORDER BY product_id, store_id FOR NO KEY UPDATE`;
  }

  /** Whether anything ever happened to it. `moved` or ordered fixes the unit (QTY-3); any use keeps it from being deleted (STK-15). */
  async usage(productId: string): Promise<ProductUsage> {
    const [row] = await this.tx.$queryRaw<ProductUsage[]>`
      SELECT EXISTS (SELECT FROM stock_movements m WHERE m.organization_id = o.id AND m.product_id = p.id) AS moved,
        EXISTS (SELECT FROM order_lines l WHERE l.organization_id = o.id AND l.product_id = p.id)
          OR EXISTS (SELECT FROM return_lines r WHERE r.organization_id = o.id AND r.product_id = p.id) AS ordered,
        EXISTS (SELECT FROM stock_notes n WHERE n.organization_id = o.id AND n.product_id = p.id) AS noted,
        EXISTS (SELECT FROM stock_levels l WHERE l.organization_id = o.id AND l.product_id = p.id AND l.reserved > 0) AS reserved
      FROM (SELECT ${currentOrganizationId()}::uuid AS id) o, (SELECT ${productId}::uuid AS id) p`;
    return row!;
  }

  /** How much more than is there was promised, over all stores: what a product may only owe while it can be back-ordered. */
  async backordered(productId: string): Promise<Decimal> {
    const [row] = await this.tx.$queryRaw<Array<{ short: string }>>`
      SELECT trim_scale(coalesce(sum(reserved - on_hand), 0))::text AS short FROM stock_levels
      WHERE organization_id = ${currentOrganizationId()}::uuid AND product_id = ${productId}::uuid AND reserved > on_hand`;
    return new Decimal(row!.short);
  }

  async insert({ attributes, ...columns }: Product, now: Date): Promise<void> {
    await this.tx.product.create({
      data: { organizationId: currentOrganizationId(), ...columns, attributes, createdAt: now, updatedAt: now },
      select: { id: true },
    });
  }

  /** Writes what changes and nothing else: a column that has a key or a rule would be locked and looked at though it stays as it is. */
  async save(productId: string, changes: Partial<Omit<Product, 'id'>>, now: Date): Promise<void> {
    await this.tx.product.updateMany({
      where: { organizationId: currentOrganizationId(), id: productId },
      data: { ...changes, updatedAt: now },
    });
  }

  /** Levels of a product that was never moved are empty; they go with it. */
  async remove(productId: string): Promise<void> {
    const organizationId = currentOrganizationId();
    await this.tx.stockLevel.deleteMany({ where: { organizationId, productId } });
    await this.tx.product.deleteMany({ where: { organizationId, id: productId } });
  }
}
