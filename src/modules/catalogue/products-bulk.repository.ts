import type { UnitOfWork } from '../../db/unit-of-work';
import type { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { STANDARD_UNIT } from './domain/unit-of-measure';
import type { Product, ProductCategory, StockUnit } from './products.repository';

/** A category that rows name. */
export interface NamedCategory extends ProductCategory {
  /** The texts among those asked for that are its name or code, without regard to case. */
  readonly asked: readonly string[];
}

/** A SKU that a row asks for, as the unique index compares it. */
export interface AskedSku {
  readonly sku: string;
  readonly key: string;
  /** A product has it already. */
  readonly taken: boolean;
}

/** What many new products need to know, and their writing, by the set: the number of statements does not depend on that of the rows. */
export class ProductsBulkRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  async currency(): Promise<string> {
    const { currency } = await this.unitOfWork.client.organization.findFirstOrThrow({
      where: { id: currentOrganizationId() },
      select: { currency: true },
    });
    return currency;
  }

  /** Those asked for and the standard one. Held until commit, so that none of them is deleted meanwhile. */
  async lockUnits(unitIds: readonly string[]): Promise<StockUnit[]> {
    return this.tx.$queryRaw<StockUnit[]>`
      SELECT id::text, code, is_whole AS "isWhole" FROM units
      WHERE organization_id = ${currentOrganizationId()}::uuid AND (id = ANY (${unitIds}::uuid[]) OR code = ${STANDARD_UNIT})
      ORDER BY id FOR KEY SHARE`;
  }

  /** Categories by id, name or code, held until commit: their lists of allowed units stay as they are. */
  async lockCategories(ids: readonly string[], names: readonly string[]): Promise<NamedCategory[]> {
    if (ids.length + names.length === 0) return [];
    const organizationId = currentOrganizationId();
    const categories = await this.tx.$queryRaw<Array<{ id: string; name: string; asked: string[] }>>`
      WITH asked AS MATERIALIZED (SELECT name, lower(name) AS key FROM unnest(${names}::text[]) AS n (name))
      SELECT c.id::text, c.name, ARRAY(SELECT a.name FROM asked a WHERE a.key IN (lower(c.name), lower(c.code))) AS asked
      FROM categories c
      WHERE c.organization_id = ${organizationId}::uuid
        AND (c.id = ANY (${ids}::uuid[]) OR lower(c.name) IN (SELECT key FROM asked) OR lower(c.code) IN (SELECT key FROM asked))
      ORDER BY c.id FOR KEY SHARE OF c`;
    const units = await this.tx.categoryUnit.findMany({
      where: { organizationId, categoryId: { in: categories.map(({ id }) => id) } },
      select: { categoryId: true, unitId: true },
    });
    const allowed = new Map<string, string[]>();
    for (const { categoryId, unitId } of units) allowed.set(categoryId, [...(allowed.get(categoryId) ?? []), unitId]);
    return categories.map((category) => ({ ...category, allowedUnitIds: allowed.get(category.id) ?? [] }));
  }

  async askedSkus(skus: readonly string[]): Promise<AskedSku[]> {
    return this.tx.$queryRaw<AskedSku[]>`
      SELECT s.sku, lower(s.sku) AS key,
        EXISTS (SELECT FROM products p WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.sku_key = lower(s.sku)) AS taken
      FROM unnest(${skus}::text[]) AS s (sku)`;
  }

  async takenBarcodes(barcodes: readonly string[]): Promise<Set<string>> {
    const rows = await this.tx.product.findMany({
      where: { organizationId: currentOrganizationId(), barcode: { in: [...barcodes] } },
      select: { barcode: true },
    });
    return new Set(rows.map(({ barcode }) => barcode!));
  }

  /** Writes those whose SKU and barcode nobody has taken at the same moment; answers their ids. */
  async insert(products: readonly Product[], now: Date): Promise<Set<string>> {
    const rows = await this.tx.$queryRaw<Array<{ id: string }>>`
      INSERT INTO products (organization_id, id, sku, name, description, category_id, unit_id, price, cost, currency, status, tracks_stock, allows_backorder,
        reorder_level, reorder_quantity, barcode, supplier, attributes, created_at, updated_at)
      SELECT ${currentOrganizationId()}::uuid, p.id, p.sku, p.name, p.description, p."categoryId", p."unitId", p.price, p.cost, p.currency, p.status, p."tracksStock",
        p."allowsBackorder", p."reorderLevel", p."reorderQuantity", p.barcode, p.supplier, p.attributes, ${now}, ${now}
      FROM jsonb_to_recordset(${JSON.stringify(products)}::jsonb) AS p (id uuid, sku text, name text, description text, "categoryId" uuid, "unitId" uuid, price numeric,
        cost numeric, currency text, status text, "tracksStock" boolean, "allowsBackorder" boolean, "reorderLevel" numeric, "reorderQuantity" numeric, barcode text,
        supplier text, attributes jsonb)
      ORDER BY lower(p.sku)
      ON CONFLICT DO NOTHING RETURNING id::text`;
    return new Set(rows.map(({ id }) => id));
  }
}
