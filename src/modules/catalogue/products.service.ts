import { randomBytes } from 'node:crypto';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Forbidden, InvalidInput, UnusableReference } from '../../kernel/common-errors';
import { Decimal, ZERO } from '../../kernel/decimal';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { assertWhole } from '../../kernel/quantity';
import type { StockService } from '../inventory/stock.service';
import { ProductUnitFrozen, UnitNotAllowed } from './catalogue.errors';
import { productChanged, productCreated, productDeleted } from './catalogue.events';
import { skuFor } from './domain/codes';
import { firstStatus, nextStatus, type ProductStatus } from './domain/product-status';
import type { ProductsQueries } from './products.queries';
import type { Attributes, Product, ProductCategory, ProductSetting, ProductsRepository, StockUnit } from './products.repository';

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

export interface CreatedProduct extends VersionedJson {
  readonly id: string;
}

/** What must fit the unit, and the unit itself. */
const CHECKED_WITH_UNIT: readonly (keyof Product)[] = ['unitId', 'categoryId', 'reorderLevel', 'reorderQuantity'];

export class ProductsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsRepository,
    private readonly queries: ProductsQueries,
    private readonly stock: Pick<StockService, 'receiveInitial'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  create(wanted: NewProduct, rights: ProductRights): Promise<CreatedProduct> {
    requirePriceRight(wanted, rights);
    return this.unitOfWork.run(async () => {
      const { currency, unit } = usableUnit(await this.products.setting(wanted.unitId), wanted.unitId);
      const category = await this.category(wanted);
      requireAllowedUnit(category, unit);
      const price = wanted.price ?? null;
      const product: Product = {
        id: newId(),
        sku: wanted.sku ?? (await this.freeSku(wanted.name)),
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
      await this.products.insert(product, this.clock.now());
      await this.events.append(productCreated(product));
      await this.receiveInitial(product, unit, wanted.initialStock);
      return { id: product.id, ...(await this.queries.read(product.id)) };
    });
  }

  /** Changes what is given. @throws ProductUnitFrozen, UnitNotAllowed, IllegalProductTransition, ProductNotPublishable, Forbidden */
  update(productId: string, change: ProductChange, expectedVersion: number | undefined, rights: ProductRights): Promise<VersionedJson> {
    requirePriceRight(change, rights);
    return this.unitOfWork.run(async () => {
      const product = await this.products.lock(productId);
      requireVersion(product, expectedVersion);
      const { category: _name, status, ...fields } = change;
      const categoryGiven = change.categoryId !== undefined || change.category !== undefined;
      const category = categoryGiven ? await this.category(change) : undefined;
      const changed: Product = {
        ...product,
        ...fields,
        categoryId: category === undefined ? product.categoryId : (category?.id ?? null),
        status: nextStatus(product.status, status ?? product.status, { price: change.price === undefined ? product.price : change.price }),
      };
      const difference = changedFields(product, changed);
      if (!difference) return this.queries.read(productId);

      if (CHECKED_WITH_UNIT.some((field) => field in difference.after)) {
        const { unit } = usableUnit(await this.products.setting(changed.unitId), changed.unitId);
        requireAllowedUnit(category ?? (await this.category(changed)), unit);
        requireWholeReorder(changed, unit);
      }
      if ('unitId' in difference.after) await this.requireUnused(product);
      await this.save(product, changed);
      return this.queries.read(productId);
    });
  }

  /** A product that was never used disappears; any other is archived (CAT-1, STK-15), from whatever status. */
  remove(productId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      const product = await this.products.lock(productId, 'delete');
      requireVersion(product, expectedVersion);
      const { moved, ordered, noted } = await this.products.usage(productId);
      if (moved || ordered || noted) {
        if (product.status !== 'archived') await this.save(product, { ...product, status: 'archived' });
        return;
      }
      await this.products.remove(productId);
      await this.events.append(productDeleted(product));
    });
  }

  private async save(product: Product, changed: Product): Promise<void> {
    const version = product.version + 1;
    await this.products.save({ ...changed, version }, this.clock.now());
    await this.events.append(productChanged(product.id, version, changedFields(product, changed)!));
  }

  private async receiveInitial({ id, cost, tracksStock }: Product, unit: StockUnit, initial: NewProduct['initialStock']): Promise<void> {
    if (initial === undefined || initial.quantity.isZero()) return;
    if (!tracksStock) throw new InvalidInput('A product that does not track stock cannot have initial stock');
    assertWhole(initial.quantity, unit, 'initialStock.quantity');
    await this.stock.receiveInitial({ productId: id, ...initial, unitCost: cost === null ? ZERO : new Decimal(cost) });
  }

  /** The category named by id or by name, held until commit. @throws UnusableReference */
  private async category({ categoryId, category: name }: Pick<ProductChange, 'categoryId' | 'category'>): Promise<ProductCategory | null> {
    const by = categoryId ? { id: categoryId } : name ? { name } : null;
    if (by === null) return null;
    const [category, another] = await this.products.lockCategories(by);
    const said = categoryId ? { field: 'categoryId', id: categoryId } : { field: 'category', id: name };
    if (!category) throw new UnusableReference(`There is no category ${said.id}`, said);
    if (another) throw new UnusableReference(`More than one category is called ${said.id}: name it by its id`, said);
    return category;
  }

  private async freeSku(name: string): Promise<string> {
    const sku = await this.products.freeSku([1, 2, 3, 4].map(() => skuFor(name, randomBytes(6))));
    if (sku === undefined) throw new Error('four random SKUs were all taken');
    return sku;
  }

  /** QTY-3, and what is on order lines counts in the unit as well. */
  private async requireUnused({ id, sku }: Product): Promise<void> {
    const { moved, ordered, noted } = await this.products.usage(id);
    if (moved || ordered || noted)
      throw new ProductUnitFrozen(`${sku} was moved or ordered in its unit already; make another product instead`);
  }
}

/** ORD-7's manner: refused rather than ignored. */
function requirePriceRight({ price, cost }: ProductChange, { maySetPrices }: ProductRights): void {
  if (maySetPrices || (price === undefined && cost === undefined)) return;
  throw new Forbidden('Setting a price or a cost needs the permission prices:write', { permission: 'prices:write' });
}

function usableUnit({ currency, unit }: ProductSetting, unitId: string | undefined): { currency: string; unit: StockUnit } {
  if (unit) return { currency, unit };
  const message = unitId === undefined ? 'The organization has no unit "pcs" to go by: name a unit' : `There is no unit ${unitId}`;
  throw new UnusableReference(message, { field: 'unitId', id: unitId ?? null });
}

/** QTY-5 */
function requireAllowedUnit(category: ProductCategory | null, unit: StockUnit): void {
  if (!category || category.allowedUnitIds.length === 0 || category.allowedUnitIds.includes(unit.id)) return;
  throw new UnitNotAllowed(`Products of ${category.name} are not counted in ${unit.code}`, {
    field: 'unitId',
    id: unit.id,
    allowed: category.allowedUnitIds,
  });
}

/** QTY-2 */
function requireWholeReorder({ reorderLevel, reorderQuantity }: Product, unit: StockUnit): void {
  if (reorderLevel !== null) assertWhole(new Decimal(reorderLevel), unit, 'reorderLevel');
  if (reorderQuantity !== null) assertWhole(new Decimal(reorderQuantity), unit, 'reorderQuantity');
}
