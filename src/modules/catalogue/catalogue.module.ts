import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import type { OpeningStockService } from '../inventory/opening-stock.service';
import type { StockService } from '../inventory/stock.service';
import { CategoriesController } from './categories.controller';
import { CategoriesQueries } from './categories.queries';
import { CategoriesRepository } from './categories.repository';
import { categoryRoutes } from './categories.routes';
import { CategoriesService } from './categories.service';
import { ProductsBulkRepository } from './products-bulk.repository';
import { ProductsBulkService } from './products-bulk.service';
import { ProductsController } from './products.controller';
import { ProductsQueries } from './products.queries';
import { ProductsRepository } from './products.repository';
import { productRoutes } from './products.routes';
import { ProductsService } from './products.service';
import { UnitsController } from './units.controller';
import { UnitsQueries } from './units.queries';
import { UnitsRepository } from './units.repository';
import { unitRoutes } from './units.routes';
import { UnitsService } from './units.service';

export { productCreated } from './catalogue.events';
export type { Product } from './products.repository';

export interface CatalogueDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Pick<HotLane, 'text'>;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly stock: Pick<StockService, 'receiveInitial'>;
  readonly openingStock: OpeningStockService;
}

/** Units of measure, the category tree, products. */
export function createCatalogue({ unitOfWork, lane, events, clock, stock, openingStock }: CatalogueDependencies) {
  const unitsRepository = new UnitsRepository(unitOfWork);
  const unitsQueries = new UnitsQueries(lane);
  const units = new UnitsService(unitOfWork, unitsRepository, unitsQueries, events, clock);

  const categoriesQueries = new CategoriesQueries(lane);
  const categories = new CategoriesService(
    unitOfWork,
    new CategoriesRepository(unitOfWork),
    unitsRepository,
    categoriesQueries,
    events,
    clock,
  );

  const productsQueries = new ProductsQueries(lane);
  const products = new ProductsService(unitOfWork, new ProductsRepository(unitOfWork), productsQueries, stock, events, clock);
  const bulkProducts = new ProductsBulkService(unitOfWork, new ProductsBulkRepository(unitOfWork), openingStock, events, clock);

  const routes = [
    ...unitRoutes(new UnitsController(units, unitsQueries)),
    ...categoryRoutes(new CategoriesController(categories, categoriesQueries)),
    ...productRoutes(new ProductsController(products, bulkProducts, productsQueries)),
  ];
  return { routes, units, categories, products };
}
