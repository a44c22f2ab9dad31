/** What a product may be: rules that single changes and bulk creation share. */
import { randomBytes } from 'node:crypto';
import { Forbidden, InvalidInput, UnusableReference } from '../../kernel/common-errors';
import { Decimal, ZERO } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import { assertWhole } from '../../kernel/quantity';
import { UnitNotAllowed } from './catalogue.errors';
import { skuFor } from './domain/codes';
import { firstStatus, type ProductStatus } from './domain/product-status';
import type { Attributes, CategoryKey, Product, ProductCategory, ProductSetting, StockUnit } from './products.repository';

/** Prices and quantities as canonical decimal text. Undefined leaves a field as it is. */
export interface ProductChange {
  readonly sku?: string;
  readonly name?: string;
  readonly description?: string | null;
  /** At most one of the two: the category's id, or its name or code. */
  readonly categoryId?: string | null;
  readonly category?: string | null;
  readonly unitId?: string;
  readonly price?: string | null;
  readonly cost?: string | null;
  readonly reorderLevel?: string | null;
  readonly reorderQuantity?: string | null;
  readonly barcode?: string | null;
  readonly supplier?: string | null;
  readonly attributes?: Attributes;
  readonly tracksStock?: boolean;
  readonly allowsBackorder?: boolean;
  readonly status?: ProductStatus;
}

export interface NewProduct extends ProductChange {
  readonly name: string;
  readonly status?: 'draft' | 'published';
  /** In the stock unit, valued at the product's cost; the organization's first store when none is named. */
  readonly initialStock?: { readonly storeId?: string; readonly quantity: Decimal };
}

/** What the caller may do beyond changing products. */
export interface ProductRights {
  readonly maySetPrices: boolean;
}

/** What a new product is made of beside what was asked for. */
export interface ProductParts {
  readonly sku: string;
  readonly currency: string;
  readonly unit: StockUnit;
  readonly category: ProductCategory | null;
}

/** CAT-1. @throws ProductNotPublishable, UnitNotAllowed, InvalidInput */
export function composeProduct(wanted: NewProduct, { sku, currency, unit, category }: ProductParts): Product {
  requireAllowedUnit(category, unit);
  const price = wanted.price ?? null;
  const product: Product = {
    id: newId(),
    sku,
    name: wanted.name,
    description: wanted.description ?? null,
    categoryId: category?.id ?? null,
    unitId: unit.id,
    price,
    cost: wanted.cost ?? null,
    currency,
    status: firstStatus({ price }, wanted.status),
    tracksStock: wanted.tracksStock ?? true,
    allowsBackorder: wanted.allowsBackorder ?? false,
    reorderLevel: wanted.reorderLevel ?? null,
    reorderQuantity: wanted.reorderQuantity ?? null,
    barcode: wanted.barcode ?? null,
    supplier: wanted.supplier ?? null,
    attributes: wanted.attributes ?? {},
    version: 1,
  };
  requireWholeReorder(product, unit);
  return product;
}

export interface InitialStock {
  readonly productId: string;
  /** The oldest store that the caller may use when left out. */
  readonly storeId?: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
}

/** The stock a new product starts with, valued at its cost; undefined when there is none. @throws InvalidInput */
export function initialStockOf({ initialStock: initial }: NewProduct, product: Product, unit: StockUnit): InitialStock | undefined {
  if (initial === undefined || initial.quantity.isZero()) return undefined;
  if (!product.tracksStock) throw new InvalidInput('A product that does not track stock cannot have initial stock');
  assertWhole(initial.quantity, unit, 'initialStock.quantity');
  return { ...initial, productId: product.id, unitCost: product.cost === null ? ZERO : new Decimal(product.cost) };
}

/** How a product names its category; null when it names none. */
export const categoryKeyOf = ({ categoryId, category: name }: Pick<ProductChange, 'categoryId' | 'category'>): CategoryKey | null =>
  categoryId ? { id: categoryId } : name ? { name } : null;

/** The category that was named, if it is the only one of that name. @throws UnusableReference */
export function categoryAmong([category, another]: readonly ProductCategory[], key: CategoryKey): ProductCategory {
  const said = 'id' in key ? { field: 'categoryId', id: key.id } : { field: 'category', id: key.name };
  if (!category) throw new UnusableReference(`There is no category ${said.id}`, said);
  if (another) throw new UnusableReference(`More than one category is called ${said.id}: name it by its id`, said);
  return category;
}

/** SKUs for a product whose author gave none: one of them should be free. */
export const skuCandidates = (name: string): string[] => [1, 2, 3, 4].map(() => skuFor(name, randomBytes(6)));

/** CAT-2: the candidate that was found free. */
export function requireFreeSku(sku: string | undefined): string {
  if (sku === undefined) throw new Error('four random SKUs were all taken');
  return sku;
}

/** ORD-7's manner: refused rather than ignored. */
export function requirePriceRight({ price, cost }: ProductChange, { maySetPrices }: ProductRights): void {
  if (maySetPrices || (price === undefined && cost === undefined)) return;
  throw new Forbidden('Setting a price or a cost needs the permission prices:write', { permission: 'prices:write' });
}

/** @throws UnusableReference */
export function usableUnit({ currency, unit }: ProductSetting, unitId: string | undefined): { currency: string; unit: StockUnit } {
  if (unit) return { currency, unit };
  const message = unitId === undefined ? 'The organization has no unit "pcs" to go by: name a unit' : `There is no unit ${unitId}`;
  throw new UnusableReference(message, { field: 'unitId', id: unitId ?? null });
}

/** QTY-5 */
export function requireAllowedUnit(category: ProductCategory | null, unit: StockUnit): void {
  if (!category || category.allowedUnitIds.length === 0 || category.allowedUnitIds.includes(unit.id)) return;
  throw new UnitNotAllowed(`Products of ${category.name} are not counted in ${unit.code}`, {
    field: 'unitId',
    id: unit.id,
    allowed: category.allowedUnitIds,
  });
}

/** QTY-2 */
export function requireWholeReorder({ reorderLevel, reorderQuantity }: Product, unit: StockUnit): void {
  if (reorderLevel !== null) assertWhole(new Decimal(reorderLevel), unit, 'reorderLevel');
  if (reorderQuantity !== null) assertWhole(new Decimal(reorderQuantity), unit, 'reorderQuantity');
}
