import type { UnitOfWork } from '../../db/unit-of-work';
import type { Json } from '../../events/event';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { ResourceBusy } from '../../kernel/common-errors';
import { requireVersion } from '../../kernel/expected-version';
import type { Order } from './domain/order';
import { settled } from './domain/order-change';
import { assertWithinCredit, type Credit } from './domain/order-money';
import type { OrderStatus } from './domain/order-status';
import { orderChanged } from './orders.events';
import type { OrdersRepository } from './orders.repository';

/** What a command makes of an order. The version and the time of the change are added to it. */
export interface Change<Made = unknown> {
  readonly after: Order;
  readonly event: `order.${string}`;
  readonly payload?: Json;
  /** The statuses on the way, when it is more than one step. */
  readonly path?: readonly OrderStatus[];
  /** What moves with it: stock, documents, money. New lines are there by then, and removed ones still are. */
  readonly effects?: (after: Order) => Promise<Made>;
}

/** A change whose effects make documents, and answer them. */
export type Making<Made> = Change<Made> & Required<Pick<Change<Made>, 'effects'>>;

/** Decides what to do with an order, seeing it under its lock. */
type Decision<Decided> = (order: Order, now: Date) => Promise<Decided> | Decided;

/** Commands that may make a customer owe more say so: the customer's row is then locked first, as a guard (ORD-12). */
export interface CreditWatch {
  /** The order's customer after the change, when the change may set another. */
  readonly customerId?: string | undefined;
}

/** The frame of every command on one order: lock it, check If-Match, decide, write order and lines, then effects, then the one event. */
export class OrderChanges {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly orders: Pick<OrdersRepository, 'lock' | 'save' | 'removeLines' | 'customerOf' | 'guardCredit'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** @throws OrderNotFound, VersionMismatch, and whatever `decide` and the effects throw */
  async run(orderId: string, expectedVersion: number | undefined, decide: Decision<Change>, watch?: CreditWatch): Promise<Order> {
    const deciding = async (before: Order, now: Date): Promise<Making<unknown>> => {
      const change = await decide(before, now);
      return { ...change, effects: async (after) => change.effects?.(after) };
    };
    return (await this.make(orderId, expectedVersion, deciding, watch)).order;
  }

  /** The same for commands that make documents: these come with the order. */
  make<Made>(
    orderId: string,
    expectedVersion: number | undefined,
    decide: Decision<Making<Made>>,
    watch?: CreditWatch,
  ): Promise<{ order: Order; made: Made }> {
    return this.unitOfWork.run(async () => {
      const guarded = watch && (await this.guard(orderId, watch));
      const before = await this.orders.lock(orderId);
      requireVersion(before, expectedVersion);
      const now = this.clock.now();
      const change = await decide(before, now);
      const { path = [], payload } = change;
      const after = settled({ ...change.after, version: before.version + 1, updatedAt: now });
      if (guarded) assertCredit(guarded, before, after);
      await this.orders.save(before, after, path);
      const made = await change.effects(after);
      await this.orders.removeLines(before, after);
      await this.events.append(orderChanged(change.event, before, after, path.length > 1 ? { ...payload, path } : payload));
      return { order: after, made };
    });
  }

  private async guard(orderId: string, { customerId }: CreditWatch): Promise<Guarded> {
    const customer = customerId ?? (await this.orders.customerOf(orderId));
    return { customerId: customer, credit: customer === null ? null : await this.orders.guardCredit(customer) };
  }
}

interface Guarded {
  readonly customerId: string | null;
  /** Null without a limit. */
  readonly credit: Credit | null;
}

function assertCredit({ customerId, credit }: Guarded, before: Order, after: Order): void {
  const buyer = after.customer?.id ?? null;
  // A guest has no limit, and whoever the order was taken from owes less.
  if (buyer === null) return;
  // Between the look at the order and its lock somebody gave it another customer: the wrong one is guarded.
  if (buyer !== customerId) throw new ResourceBusy('The order was given another customer at this moment; try again');
  if (credit) assertWithinCredit(credit, after, before.customer?.id === buyer ? before : undefined);
}
