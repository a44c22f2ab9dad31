import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import type { LineUnit, OrderableProduct, OrderCatalogue } from './domain/order-composition';

export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  status: string;
  price: string | null;
  cost: string | null;
  currency: string;
  tracks_stock: boolean;
  allows_backorder: boolean;
  unit: string;
  unit_category: string;
  unit_factor: string;
  unit_is_whole: boolean;
  tax_rate_id: string | null;
  tax_rate: string | null;
  tax_inclusive: boolean | null;
}

export type UnitRow = Omit<LineUnit, 'factor'> & { factor: string };

/** What orders take from the catalogue, for commands in a unit of work. Placement asks the same over the hot lane. */
export class OrderCatalogueRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Products and units that don't exist are left out. */
  async read(productIds: readonly string[], unitIds: readonly string[]): Promise<OrderCatalogue> {
    const tx = this.unitOfWork.transaction;
    const products = await tx.$queryRaw<ProductRow[]>(productsStatement(productIds));
    const units = unitIds.length === 0 ? [] : await tx.$queryRaw<UnitRow[]>(unitsStatement(unitIds));
    return {
      products: new Map(products.map((row) => [row.id, toProduct(row)])),
      units: new Map(units.map((row) => [row.id, toUnit(row)])),
    };
  }

  /** Whether the store is in use; it can't be archived before commit then. */
  async shareStore(storeId: string): Promise<boolean> {
    const rows = await this.unitOfWork.transaction.$queryRaw<unknown[]>`
      SELECT 1 AS usable FROM stores
      WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${storeId}::uuid AND archived_at IS NULL FOR KEY SHARE`;
    return rows.length === 1;
  }
}

/** Numerics as text: placement has the rows made into JSON, whose numbers would lose digits. */
export const PRODUCT_COLUMNS = Prisma.sql`p.id::text, p.sku, p.name, p.status, p.price::text, p.cost::text, p.currency, p.tracks_stock, p.allows_backorder,
  u.code AS unit, u.category AS unit_category, u.factor::text AS unit_factor, u.is_whole AS unit_is_whole, t.id::text AS tax_rate_id, t.rate::text AS tax_rate, t.inclusive AS tax_inclusive`;

/** The tax rate is the category's own, else the organization's default. */
export function productSources(): Prisma.Sql {
  const organizationId = currentOrganizationId();
  return Prisma.sql`
    products p
    JOIN units u ON u.organization_id = ${organizationId}::uuid AND u.id = p.unit_id
    LEFT JOIN categories c ON c.organization_id = ${organizationId}::uuid AND c.id = p.category_id
    LEFT JOIN tax_rates t ON t.organization_id = ${organizationId}::uuid AND t.id = coalesce(c.tax_rate_id,
      (SELECT id FROM tax_rates WHERE organization_id = ${organizationId}::uuid AND is_default AND archived_at IS NULL))`;
}

export const productsStatement = (productIds: readonly string[]): Prisma.Sql => Prisma.sql`
  SELECT ${PRODUCT_COLUMNS} FROM ${productSources()}
  WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ANY (${productIds}::uuid[])`;

export const unitsStatement = (unitIds: readonly string[]): Prisma.Sql => Prisma.sql`
  SELECT id::text, code, category, factor::text, is_whole AS "isWhole" FROM units WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ANY (${unitIds}::uuid[])`;

export const toProduct = (row: ProductRow): OrderableProduct => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  status: row.status,
  price: row.price === null ? null : new Decimal(row.price),
  cost: row.cost === null ? null : new Decimal(row.cost),
  currency: row.currency,
  tracksStock: row.tracks_stock,
  allowsBackorder: row.allows_backorder,
  unit: row.unit,
  unitCategory: row.unit_category,
  unitFactor: new Decimal(row.unit_factor),
  unitIsWhole: row.unit_is_whole,
  taxRateId: row.tax_rate_id,
  taxRate: new Decimal(row.tax_rate ?? 0),
  taxInclusive: row.tax_inclusive ?? false,
});

export const toUnit = (row: UnitRow): LineUnit => ({ ...row, factor: new Decimal(row.factor) });
