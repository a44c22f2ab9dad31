import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { InUse } from '../../kernel/common-errors';
import { requireVersion } from '../../kernel/expected-version';
import type { StockService } from '../inventory/stock.service';
import { ProductTrackingFrozen, ProductUnitFrozen } from './catalogue.errors';
import { productChanged, productCreated, productDeleted } from './catalogue.events';
import { nextStatus } from './domain/product-status';
import {
  categoryAmong,
  categoryKeyOf,
  composeProduct,
  initialStockOf,
  requireAllowedUnit,
  requireFreeSku,
  requirePriceRight,
  requireWholeReorder,
  skuCandidates,
  usableUnit,
  type NewProduct,
  type ProductChange,
  type ProductRights,
} from './product-rules';
import type { ProductsQueries } from './products.queries';
import type { Product, ProductCategory, ProductsRepository } from './products.repository';

export interface CreatedProduct extends VersionedJson {
  readonly id: string;
}

/** What must fit the unit, and the unit itself. */
const CHECKED_WITH_UNIT: readonly (keyof Product)[] = ['unitId', 'categoryId', 'reorderLevel', 'reorderQuantity'];
/** Whether a level may promise more than there is. */
const COPIED_BY_LEVELS: readonly (keyof Product)[] = ['tracksStock', 'allowsBackorder'];

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
      const sku = wanted.sku ?? requireFreeSku(await this.products.freeSku(skuCandidates(wanted.name)));
      const product = composeProduct(wanted, { sku, currency, unit, category });
      const initial = initialStockOf(wanted, product, unit);
      await this.products.insert(product, this.clock.now());
      await this.events.append(productCreated(product));
      if (initial) await this.stock.receiveInitial(initial);
      return { id: product.id, ...(await this.queries.read(product.id)) };
    });
  }

  /** Changes what is given. @throws ProductUnitFrozen, ProductTrackingFrozen, UnitNotAllowed, InUse, IllegalProductTransition, ProductNotPublishable, Forbidden */
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
      if (COPIED_BY_LEVELS.some((field) => field in difference.after)) await this.products.lockLevels(productId);
      if ('tracksStock' in difference.after) await this.requireUnpromised(product);
      if (product.allowsBackorder && !changed.allowsBackorder) await this.requireCovered(product);
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
    const difference = changedFields(product, changed)!;
    await this.products.save(product.id, { ...difference.after, version }, this.clock.now());
    await this.events.append(productChanged(product.id, version, difference));
  }

  /** The category named by id or by name, held until commit. @throws UnusableReference */
  private async category(wanted: Pick<ProductChange, 'categoryId' | 'category'>): Promise<ProductCategory | null> {
    const key = categoryKeyOf(wanted);
    return key === null ? null : categoryAmong(await this.products.lockCategories(key), key);
  }

  /** QTY-3, and what is on order lines counts in the unit as well. */
  private async requireUnused({ id, sku }: Product): Promise<void> {
    const { moved, ordered, noted } = await this.products.usage(id);
    if (moved || ordered || noted)
      throw new ProductUnitFrozen(`${sku} was moved or ordered in its unit already; make another product instead`);
  }

  /** STK-5. Call it with the levels locked. @throws InUse */
  private async requireCovered({ id, sku }: Product): Promise<void> {
    const short = await this.products.backordered(id);
    if (short.isZero()) return;
    const open = `Orders hold ${short.toFixed()} of ${sku} more than there are`;
    throw new InUse(`${open}, so allowsBackorder stays true until they are in stock or cancelled`, {
      field: 'allowsBackorder',
      short: short.toFixed(),
    });
  }

  /** What was promised without stock could not be shipped from it, and the other way round. Call it with the levels locked. */
  private async requireUnpromised({ id, sku }: Product): Promise<void> {
    const { moved, reserved } = await this.products.usage(id);
    if (moved) throw new ProductTrackingFrozen(`${sku} has stock movements, so it goes on tracking stock; make another product instead`);
    if (reserved) throw new ProductTrackingFrozen(`Open orders hold ${sku}; ship or cancel them first`);
  }
}
