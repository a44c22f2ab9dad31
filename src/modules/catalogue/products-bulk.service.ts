import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import { acceptedOf, proceed, requireAll, type Attempt, type BulkMode } from '../../kernel/bulk';
import type { Clock } from '../../kernel/clock';
import { Duplicate } from '../../kernel/common-errors';
import type { OpeningStockService, UsableStores } from '../inventory/opening-stock.service';
import { productCreated } from './catalogue.events';
import { STANDARD_UNIT } from './domain/unit-of-measure';
import {
  categoryAmong,
  categoryKeyOf,
  composeProduct,
  initialStockOf,
  requireFreeSku,
  requirePriceRight,
  skuCandidates,
  usableUnit,
  type InitialStock,
  type NewProduct,
  type ProductRights,
} from './product-rules';
import type { NamedCategory, ProductsBulkRepository } from './products-bulk.repository';
import type { Product, ProductCategory, StockUnit } from './products.repository';

export interface BulkProduct {
  readonly id: string;
  readonly sku: string;
}

interface Judged {
  readonly product: Product;
  readonly initial: (InitialStock & { readonly storeId: string }) | undefined;
}

/**
 * Many new products in one unit of work, in a dozen statements however many there are: 1. read what the rows refer to, and hold it; 2. judge
 * each row by the rules of a single product; 3. refuse SKUs and barcodes that are taken or come twice (the first row keeps them); 4. write
 * products, events and opening stock. In atomic mode a refused row ends it all before anything is written.
 */
export class ProductsBulkService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly products: ProductsBulkRepository,
    private readonly stock: OpeningStockService,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** A row that comes refused stays so. @throws RowsRejected in atomic mode */
  create(rows: ReadonlyArray<Attempt<NewProduct>>, mode: BulkMode, rights: ProductRights): Promise<Array<Attempt<BulkProduct>>> {
    return this.unitOfWork.run(async () => {
      const judged = await this.refuseTaken(await this.judge(rows, rights));
      requireAll(mode, judged);
      const written = await this.write(judged);
      requireAll(mode, written);
      return proceed(written, ({ product: { id, sku } }) => ({ id, sku }));
    });
  }

  private async judge(rows: ReadonlyArray<Attempt<NewProduct>>, rights: ProductRights): Promise<Array<Attempt<Judged>>> {
    const wanted = acceptedOf(rows);
    const currency = await this.products.currency();
    const units = await this.products.lockUnits(wanted.flatMap(({ unitId }) => unitId ?? []));
    const categories = await this.products.lockCategories(
      wanted.flatMap(({ categoryId }) => categoryId ?? []),
      [...new Set(wanted.flatMap(({ category }) => category ?? []))],
    );
    const categoryOf = categoryFinder(categories);
    const stores = await this.stock.usableStores(wanted.flatMap(({ initialStock }) => (initialStock ? [initialStock.storeId] : [])));
    const skus = await this.freeSkus(wanted.filter(({ sku }) => sku === undefined));
    return proceed(rows, (row) => {
      requirePriceRight(row, rights);
      const { unit } = usableUnit({ currency, unit: unitAmong(units, row.unitId) }, row.unitId);
      const product = composeProduct(row, { sku: row.sku ?? skus.get(row)!, currency, unit, category: categoryOf(row) });
      const initial = initialStockOf(row, product, unit);
      return { product, initial: initial && placed(initial, stores) };
    });
  }

  /** A SKU for each row without one: of four candidates the first that neither a product nor an earlier row has. */
  private async freeSkus(rows: readonly NewProduct[]): Promise<Map<NewProduct, string>> {
    const candidates = rows.map(({ name }) => skuCandidates(name));
    const asked = await this.products.askedSkus(candidates.flat());
    const gone = new Set(asked.flatMap(({ sku, taken }) => (taken ? [sku] : [])));
    const skus = new Map<NewProduct, string>();
    rows.forEach((row, index) => {
      const sku = requireFreeSku(candidates[index]!.find((candidate) => !gone.has(candidate)));
      gone.add(sku);
      skus.set(row, sku);
    });
    return skus;
  }

  /** CAT-2 */
  private async refuseTaken(rows: ReadonlyArray<Attempt<Judged>>): Promise<Array<Attempt<Judged>>> {
    const products = acceptedOf(rows).map(({ product }) => product);
    const keys = new Map((await this.products.askedSkus(products.map(({ sku }) => sku))).map((asked) => [asked.sku, asked]));
    const barcodes = await this.products.takenBarcodes(products.flatMap(({ barcode }) => barcode ?? []));
    const skusSeen = new Set<string>();
    return proceed(rows, (row) => {
      const { sku, barcode } = row.product;
      const { key, taken } = keys.get(sku)!;
      if (taken) throw new Duplicate(`Another product already has the SKU ${sku}`, { field: 'sku', value: sku });
      if (skusSeen.has(key)) throw new Duplicate(`An earlier row has the SKU ${sku}`, { field: 'sku', value: sku });
      if (barcode !== null && barcodes.has(barcode))
        throw new Duplicate(`Another product or an earlier row already has the barcode ${barcode}`, { field: 'barcode', value: barcode });
      skusSeen.add(key);
      if (barcode !== null) barcodes.add(barcode);
      return row;
    });
  }

  private async write(rows: ReadonlyArray<Attempt<Judged>>): Promise<Array<Attempt<Judged>>> {
    const products = acceptedOf(rows).map(({ product }) => product);
    const made = await this.products.insert(products, this.clock.now());
    const written = proceed(rows, (row) => {
      if (!made.has(row.product.id)) throw new Duplicate(`Another product has just taken the SKU or barcode of ${row.product.sku}`);
      return row;
    });
    await this.events.append(...acceptedOf(written).map(({ product }) => productCreated(product)));
    await this.stock.receive(acceptedOf(written).flatMap(({ initial }) => initial ?? []));
    return written;
  }
}

const unitAmong = (units: readonly StockUnit[], unitId: string | undefined): StockUnit | null =>
  units.find(({ id, code }) => (unitId === undefined ? code === STANDARD_UNIT : id === unitId)) ?? null;

function categoryFinder(categories: readonly NamedCategory[]): (row: NewProduct) => ProductCategory | null {
  const byId = new Map(categories.map((category) => [category.id, [category]]));
  const byName = new Map<string, NamedCategory[]>();
  for (const category of categories) for (const name of category.asked) byName.set(name, [...(byName.get(name) ?? []), category]);
  return (row) => {
    const key = categoryKeyOf(row);
    if (key === null) return null;
    const named = 'id' in key ? byId.get(key.id) : byName.get(key.name);
    return categoryAmong(named ?? [], key);
  };
}

const placed = (initial: InitialStock, stores: UsableStores) => ({ ...initial, storeId: stores.resolve(initial.storeId) });
