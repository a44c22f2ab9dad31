import { newId } from '../../kernel/ids';
import { notLater } from '../../kernel/moments';
import type { StockService } from '../inventory/stock.service';
import type { Order, OrderLine } from './domain/order';
import { withPortions } from './domain/order-change';
import type { Portion } from './domain/order-lines';
import { type LedgerOfLine, planReturn, type RequestedReturn, type ReturnLine, totalsOf, valueOfReturn } from './domain/order-returns';
import type { FulfilmentService } from './fulfilment.service';
import type { Making, OrderChanges } from './order-changes';
import type { Return, ReturnsRepository } from './returns.repository';

export interface RequestedReturns {
  readonly items: readonly RequestedReturn[];
  readonly reason: string;
  /** Now when left out. */
  readonly returnedAt?: Date | undefined;
}

type PlannedReturn = Omit<Return, 'number'>;

/** Goods that come back: on the shelf at the cost they left with (VAL-4), or written off. Money is the refund's business. */
export class ReturnsService {
  constructor(
    private readonly changes: OrderChanges,
    private readonly returns: ReturnsRepository,
    private readonly fulfilment: Pick<FulfilmentService, 'assertWholeUnits'>,
    private readonly stock: Pick<StockService, 'takeBack'>,
  ) {}

  /** @throws ExceedsShippedQuantity, UnusableReference, StoreNotUsable, InvalidInput */
  take(orderId: string, requested: RequestedReturns, expectedVersion?: number): Promise<{ order: Order; made: Return }> {
    return this.changes.make(orderId, expectedVersion, async (before, now): Promise<Making<Return>> => {
      const planned = await this.planned(before, requested, now);
      return {
        after: {
          ...withPortions(before, 'returnedQuantity', summed(planned.lines)),
          returnedAmount: before.returnedAmount.plus(planned.total),
          returnedTax: before.returnedTax.plus(planned.taxTotal),
        },
        event: 'order.returned',
        payload: { returnId: planned.id, reason: planned.reason },
        effects: async () => {
          const ledger = await this.returns.ledgerOf(orderId);
          await this.stock.takeBack(goodsOf(planned, ledger), { type: 'return', id: planned.id }, planned.returnedAt);
          const made = { ...planned, number: await this.returns.nextNumber() };
          await this.returns.insert(made);
          return made;
        },
      };
    });
  }

  private async planned(order: Order, { items, reason, ...requested }: RequestedReturns, now: Date): Promise<PlannedReturn> {
    const returnedAt = notLater('returnedAt', requested.returnedAt, now);
    const lines = planReturn(order, items, await this.returns.returnedBefore(order.id));
    await this.fulfilment.assertWholeUnits(lines);
    const { total, taxAmount } = totalsOf(lines);
    return {
      id: newId(),
      orderId: order.id,
      customerId: order.customer?.id ?? null,
      storeId: order.store.id,
      currency: order.currency,
      reason,
      taxTotal: taxAmount,
      total,
      returnedAt,
      lines,
    };
  }
}

/** An item that comes back in two ways counts once. */
function summed(lines: readonly ReturnLine[]): Portion<OrderLine>[] {
  const portions = new Map<string, Portion<OrderLine>>();
  for (const { line, quantity } of lines) {
    const known = portions.get(line.id);
    portions.set(line.id, { line, quantity: known ? known.quantity.plus(quantity) : quantity });
  }
  return [...portions.values()];
}

/** What the ledger takes in: services have no goods. */
function goodsOf({ lines, storeId, currency, reason }: PlannedReturn, ledger: ReadonlyMap<string, LedgerOfLine>) {
  const known = new Map(ledger);
  return lines
    .filter(({ line }) => line.tracksStock)
    .map(({ line, quantity, disposition }) => {
      const before = known.get(line.id);
      const value = valueOfReturn(quantity, line, before, currency);
      if (before)
        known.set(line.id, { ...before, returned: before.returned.plus(quantity), returnedValue: before.returnedValue.plus(value) });
      return {
        productId: line.productId,
        storeId,
        lineId: line.id,
        quantity,
        value,
        scrapped: disposition === 'scrap',
        reason: reason ?? 'returned',
      };
    });
}
