import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { AnyEndpoint } from '../../http/endpoint';
import type { Clock } from '../../kernel/clock';
import { StockRepository } from './stock.repository';
import { StockService } from './stock.service';

export interface InventoryDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Pick<HotLane, 'text'>;
  readonly events: EventStore;
  readonly clock: Clock;
}

/** Stock levels, reservations, the ledger of movements. */
export function createInventory({ unitOfWork, events, clock }: InventoryDependencies) {
  const stock = new StockService(unitOfWork, new StockRepository(unitOfWork), events, clock);
  const routes: AnyEndpoint[] = [];
  return { routes, stock };
}
