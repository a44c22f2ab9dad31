import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import { requireVersion } from '../../kernel/expected-version';
import { StoreNotUsable } from '../inventory/inventory.errors';
import type { StockService } from '../inventory/stock.service';
import { heldBy } from './domain/held-stock';
import type { Order } from './domain/order';
import { withLines, withPortions } from './domain/order-change';
import { refreshLines } from './domain/order-composition';
import { leavesNothingOpen, openPortions, planCancellation, type RequestedQuantity } from './domain/order-lines';
import { assertCancellable, hasShippedUnits, moveTo, type OrderStatus } from './domain/order-status';
import type { FulfilmentService } from './fulfilment.service';
import type { NumberBlocks } from './number-blocks';
import type { Change, OrderChanges } from './order-changes';
import type { OrderCatalogueRepository } from './order-catalogue.repository';
import { OrderWithoutItems } from './orders.errors';
import { orderDeleted } from './orders.events';
import type { OrdersRepository } from './orders.repository';

export interface Cancellation {
  readonly reason: string;
  /** Open quantities to take off, in the stock unit; the whole order when left out. */
  readonly items?: readonly RequestedQuantity[] | undefined;
}

type Move = Exclude<OrderStatus, 'draft' | 'pending' | 'cancelled'>;

/** What each move is called in the log. */
const EVENTS: Readonly<Record<Move, `order.${string}`>> = {
  confirmed: 'order.confirmed',
  processing: 'order.processing_started',
  shipped: 'order.shipped',
  delivered: 'order.delivered',
  completed: 'order.completed',
  refunded: 'order.refunded',
};

/** The way of an order through its statuses. Every move is decided under the order's lock. */
export class LifecycleService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly changes: OrderChanges,
    private readonly orders: Pick<OrdersRepository, 'lock' | 'remove'>,
    private readonly catalogue: Pick<OrderCatalogueRepository, 'read' | 'shareStore'>,
    private readonly fulfilment: Pick<FulfilmentService, 'shipRest' | 'assertWholeUnits'>,
    private readonly stock: Pick<StockService, 'reserve' | 'release'>,
    private readonly numbers: NumberBlocks,
    private readonly events: EventStore,
    private readonly onPlaced: () => void,
  ) {}

  /** @throws IllegalTransition with the allowed moves; for a draft what placing throws, for a move that ships what shipping throws */
  changeStatus(orderId: string, move: { status: OrderStatus; reason?: string | undefined }, expectedVersion?: number): Promise<Order> {
    const { status: to, reason } = move;
    if (to === 'pending') return this.placeDraft(orderId, expectedVersion);
    if (to === 'cancelled') return this.cancel(orderId, { reason: reason ?? 'cancelled' }, expectedVersion);
    return this.changes.run(orderId, expectedVersion, (order, now): Change => {
      const status = moveTo(to, order);
      const ships = to === 'shipped' || to === 'completed' ? this.fulfilment.shipRest(order, to, now) : undefined;
      const change = ships ?? { after: { ...order, status }, event: EVENTS[to as Move] };
      return { ...change, event: EVENTS[to as Move], payload: { ...change.payload, ...(reason !== undefined && { reason }) } };
    });
  }

  /** ORD-2: freezes what the catalogue says now, reserves the stock and gives the number. */
  private placeDraft(orderId: string, expectedVersion: number | undefined): Promise<Order> {
    return this.numbers.lend((number) => this.changes.run(orderId, expectedVersion, (order, now) => this.placing(order, number, now), {}));
  }

  private async placing(draft: Order, number: string, now: Date): Promise<Change> {
    const status = moveTo('pending', draft);
    if (draft.lines.length === 0) throw new OrderWithoutItems('The draft has no items; add some before placing it');
    const { store } = draft;
    if (!(await this.catalogue.shareStore(store.id)))
      throw new StoreNotUsable(`${store.name} is archived, and takes no orders`, { field: 'storeId', id: store.id });
    const productIds = [...new Set(draft.lines.map((line) => line.productId))];
    const lines = refreshLines(draft.lines, await this.catalogue.read(productIds, []), draft.currency);
    const after = { ...withLines(draft, lines), status, number, orderedAt: now };
    return {
      after,
      event: 'order.placed',
      effects: async () => {
        await this.stock.reserve(heldBy(after, openPortions(after.lines)));
        this.unitOfWork.onCommit(this.onPlaced);
      },
    };
  }

  /**
   * ORD-5: cancels the order, or some of what is open on it. When nothing stays open, the order is cancelled, or shipped if some of it was.
   * @throws IllegalTransition, ExceedsOpenQuantity, UnusableReference, InvalidInput
   */
  cancel(orderId: string, { reason, items }: Cancellation, expectedVersion?: number): Promise<Order> {
    return this.changes.run(orderId, expectedVersion, async (order): Promise<Change> => {
      if (items === undefined) moveTo('cancelled', order);
      else assertCancellable(order);
      const portions = planCancellation(order.lines, items);
      if (items !== undefined) await this.fulfilment.assertWholeUnits(portions);
      const rest = hasShippedUnits(order) ? 'shipped' : 'cancelled';
      const status = leavesNothingOpen(order.lines, portions) ? rest : order.status;
      return {
        after: { ...withPortions(order, 'cancelledQuantity', portions), status },
        event: status === 'cancelled' ? 'order.cancelled' : 'order.part_cancelled',
        payload: { reason },
        effects: () => this.stock.release(heldBy(order, portions)),
      };
    });
  }

  /** Deletes a draft; any other order is cancelled. */
  remove(orderId: string, expectedVersion?: number): Promise<void> {
    return this.unitOfWork.run(async () => {
      const order = await this.orders.lock(orderId);
      requireVersion(order, expectedVersion);
      if (order.status !== 'draft') {
        await this.cancel(orderId, { reason: 'deleted' });
        return;
      }
      await this.orders.remove(orderId);
      await this.events.append(orderDeleted(order));
    });
  }
}
