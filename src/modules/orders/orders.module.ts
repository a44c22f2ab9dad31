import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import type { StockService } from '../inventory/stock.service';
import { AccountController } from './account.controller';
import { AccountQueries } from './account.queries';
import { accountRoutes } from './account.routes';
import { AccountService } from './account.service';
import { BuyersRepository } from './buyers.repository';
import { FulfilmentService } from './fulfilment.service';
import { ItemsService } from './items.service';
import { LifecycleService } from './lifecycle.service';
import { NumberBlocks } from './number-blocks';
import { OrderCatalogueRepository } from './order-catalogue.repository';
import { OrderChanges } from './order-changes';
import { OrderDocumentsQueries } from './order-documents.queries';
import { OrdersController } from './orders.controller';
import { OrdersQueries } from './orders.queries';
import { OrdersRepository } from './orders.repository';
import { orderRoutes } from './orders.routes';
import { OrdersService } from './orders.service';
import { PaymentsRepository } from './payments.repository';
import { PaymentsService } from './payments.service';
import { PlacementRepository } from './placement.repository';
import { PlacementService } from './placement.service';
import { ReturnsRepository } from './returns.repository';
import { ReturnsService } from './returns.service';
import { SettlementController } from './settlement.controller';
import { settlementRoutes } from './settlement.routes';
import { ShipmentsRepository } from './shipments.repository';

export interface OrdersDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: HotLane;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly stock: StockService;
  /** After every order that was placed. */
  readonly onPlaced: () => void;
}

/** Sales orders from draft to delivery. */
export function createOrders({ unitOfWork, lane, events, clock, stock, onPlaced }: OrdersDependencies) {
  const repository = new OrdersRepository(unitOfWork, lane);
  const catalogue = new OrderCatalogueRepository(unitOfWork);
  const numbers = new NumberBlocks(lane);
  const changes = new OrderChanges(unitOfWork, repository, events, clock);

  const placement = new PlacementService(new PlacementRepository(lane), numbers, clock, onPlaced);
  const items = new ItemsService(changes, catalogue, stock);
  const orders = new OrdersService(placement, changes, items, new BuyersRepository(unitOfWork), repository);
  const fulfilment = new FulfilmentService(changes, new ShipmentsRepository(unitOfWork), catalogue, stock);
  const lifecycle = new LifecycleService(unitOfWork, changes, repository, catalogue, fulfilment, stock, numbers, events, onPlaced);

  const payments = new PaymentsService(changes, new PaymentsRepository(unitOfWork));
  const returns = new ReturnsService(changes, new ReturnsRepository(unitOfWork), fulfilment, stock);

  const documents = new OrderDocumentsQueries(lane);
  const queries = new OrdersQueries(lane);
  const controller = new OrdersController(orders, lifecycle, items, fulfilment, queries, documents);
  const settlement = new SettlementController(payments, returns, documents);
  const account = new AccountController(new AccountService(unitOfWork, new AccountQueries(lane), queries));
  return {
    routes: [...orderRoutes(controller), ...settlementRoutes(settlement), ...accountRoutes(account)],
    placement,
    lifecycle,
    fulfilment,
    payments,
    returns,
  };
}
