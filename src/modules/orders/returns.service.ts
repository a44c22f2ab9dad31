import { AppError } from '../../kernel/app-error';
import { invalidField } from '../../kernel/common-errors';
import { newId } from '../../kernel/ids';
import type { StockService } from '../inventory/stock.service';
import type { Order } from './domain/order';
import { withPortions } from './domain/order-change';
import type { Portion } from './domain/order-lines';
import type { OrderLine } from './domain/order';
import { type LedgerOfLine, planReturn, type RequestedReturn, type ReturnLine, totalsOf, valueOfReturn } from './domain/order-returns';
import type { FulfilmentService } from './fulfilment.service';
import type { NumberBlocks } from './number-blocks';
import type { Change, OrderChanges } from './order-changes';
import type { Return, ReturnsRepository } from './returns.repository';

export interface RequestedReturns {
  readonly items: readonly RequestedReturn[];
  readonly reason: string;
  /** Now when left out. */
  readonly returnedAt?: Date | undefined;
}

/** Goods that come back: on the shelf at the cost they left with (VAL-4), or written off. Money is the refund's business. */
export class ReturnsService {
  constructor(
    private readonly changes: OrderChanges,
    private readonly returns: ReturnsRepository,
    private readonly fulfilment: Pick<FulfilmentService, 'assertWholeUnits'>,
    private readonly stock: Pick<StockService, 'takeBack'>,
    private readonly numbers: NumberBlocks,
  ) {}

  /** @throws ExceedsShippedQuantity, UnusableReference, InvalidInput */
  async take(orderId: string, requested: RequestedReturns, expectedVersion?: number): Promise<{ order: Order; made: Return }> {
    const number = await this.numbers.next();
    let made: Return | undefined;
    try {
      const order = await this.changes.run(orderId, expectedVersion, async (before, now) => {
        made = await this.planned(before, requested, number, now);
        return this.booking(before, made);
      });
      return { order, made: made! };
    } catch (error) {
      if (error instanceof AppError && error.status < 500) this.numbers.giveBack(number);
      throw error;
    }
  }

  private async planned(order: Order, { items, reason, returnedAt }: RequestedReturns, number: string, now: Date): Promise<Return> {
    if (returnedAt !== undefined && returnedAt > now)
      throw invalidField('returnedAt', `must not be in the future, but is ${returnedAt.toISOString()}`);
    const lines = planReturn(order, items, await this.returns.returnedBefore(order.id));
    await this.fulfilment.assertWholeUnits(lines);
    const { total, taxAmount } = totalsOf(lines);
    return {
      id: newId(),
      number,
      orderId: order.id,
      customerId: order.customer?.id ?? null,
      storeId: order.store.id,
      currency: order.currency,
      reason,
      taxTotal: taxAmount,
      total,
      returnedAt: returnedAt ?? now,
      lines,
    };
  }

  private booking(order: Order, made: Return): Change {
    return {
      after: withPortions(order, 'returnedQuantity', summed(made.lines)),
      event: 'order.returned',
      payload: { returnId: made.id, returnNumber: made.number, reason: made.reason },
      effects: async () => {
        const ledger = await this.returns.ledgerOf(order.id);
        await this.stock.takeBack(goodsOf(made, ledger), { type: 'return', id: made.id }, made.returnedAt);
        await this.returns.insert(made);
      },
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
function goodsOf({ lines, storeId, currency, reason }: Return, ledger: ReadonlyMap<string, LedgerOfLine>) {
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
