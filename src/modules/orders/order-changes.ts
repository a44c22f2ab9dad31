import type { UnitOfWork } from '../../db/unit-of-work';
import type { Json } from '../../events/event';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { requireVersion } from '../../kernel/expected-version';
import type { Order } from './domain/order';
import type { OrderStatus } from './domain/order-status';
import { orderChanged } from './orders.events';
import type { OrdersRepository } from './orders.repository';

/** What a command makes of an order. The version and the time of the change are added to it. */
export interface Change {
  readonly after: Order;
  readonly event: `order.${string}`;
  readonly payload?: Json;
  /** The statuses on the way, when it is more than one step. */
  readonly path?: readonly OrderStatus[];
  /** What moves with it: stock, documents, money. New lines are there by then, and removed ones still are. */
  readonly effects?: (after: Order) => Promise<void>;
}

/** The frame of every command on one order: lock it, check If-Match, decide, write order and lines, then effects, then the one event. */
export class OrderChanges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: Pick<OrdersRepository, 'lock' | 'save' | 'removeLines'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * `decide` sees the order under its lock; null leaves it as it is.
   * @throws OrderNotFound, VersionMismatch, and whatever `decide` and its effects throw
   */
  run(
    orderId: string,
    expectedVersion: number | undefined,
    decide: (order: Order, now: Date) => Promise<Change | null> | Change | null,
  ): Promise<Order> {
    return this.unitOfWork.run(async () => {
      const before = await this.orders.lock(orderId);
      requireVersion(before, expectedVersion);
      const now = this.clock.now();
      const change = await decide(before, now);
      if (change === null) return before;
      const { path = [], payload } = change;
      const after: Order = { ...change.after, version: before.version + 1, updatedAt: now };
      await this.orders.save(before, after, path);
      await change.effects?.(after);
      await this.orders.removeLines(before, after);
      await this.events.append(orderChanged(change.event, before, after, path.length > 1 ? { ...payload, path } : payload));
      return after;
    });
  }
}
