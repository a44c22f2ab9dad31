import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { InventoryController } from './inventory.controller';
import { InventoryQueries } from './inventory.queries';
import { inventoryRoutes } from './inventory.routes';
import { InventoryService } from './inventory.service';
import { LedgerQueries } from './ledger.queries';
import { OpeningStockService } from './opening-stock.service';
import { StockRepository } from './stock.repository';
import { StockService } from './stock.service';

export interface InventoryDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Pick<HotLane, 'text'>;
  readonly events: EventStore;
  readonly clock: Clock;
}

/** Stock levels, reservations, the ledger of movements. */
export function createInventory({ unitOfWork, lane, events, clock }: InventoryDependencies) {
  const stockRepository = new StockRepository(unitOfWork);
  const stock = new StockService(unitOfWork, stockRepository, events, clock);
  const queries = new InventoryQueries(lane);
  const ledger = new LedgerQueries(lane);
  const inventory = new InventoryService(unitOfWork, stock, queries, ledger);
  const openingStock = new OpeningStockService(stockRepository, events, clock);
  return { routes: inventoryRoutes(new InventoryController(inventory, queries, ledger)), stock, openingStock };
}
