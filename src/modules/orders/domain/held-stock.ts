import { type Decimal, ZERO } from '../../../kernel/decimal';
import type { Order, OrderLine } from './order';
import { openQuantity, type Portion } from './order-lines';

/** What a line holds of the stock of its order's store. */
export interface HeldStock {
  readonly productId: string;
  readonly storeId: string;
  readonly orderId: string;
  readonly orderLineId: string;
  /** In the stock unit, more than zero. */
  readonly quantity: Decimal;
}

/** The portions as stock knows them; services hold none. */
export const heldBy = (order: Pick<Order, 'id' | 'store'>, portions: readonly Portion<OrderLine>[]): HeldStock[] =>
  portions.filter(({ line }) => line.tracksStock).map(({ line, quantity }) => held(order, line, quantity));

const held = (order: Pick<Order, 'id' | 'store'>, line: OrderLine, quantity: Decimal): HeldStock => ({
  productId: line.productId,
  storeId: order.store.id,
  orderId: order.id,
  orderLineId: line.id,
  quantity,
});

/** STK-10: by how much the lines of a placed order hold more or less after a change of its items. */
export function heldDifference(before: Order, after: Order): { readonly grown: HeldStock[]; readonly shrunk: HeldStock[] } {
  const openBefore = new Map(before.lines.map((line) => [line.id, openQuantity(line)]));
  const grown: HeldStock[] = [];
  const shrunk: HeldStock[] = [];
  const note = (line: OrderLine, difference: Decimal): void => {
    if (!line.tracksStock || difference.isZero()) return;
    if (difference.isPositive()) grown.push(held(after, line, difference));
    else shrunk.push(held(after, line, difference.negated()));
  };
  for (const line of after.lines) note(line, openQuantity(line).minus(openBefore.get(line.id) ?? ZERO));
  const kept = new Set(after.lines.map(({ id }) => id));
  for (const line of before.lines) if (!kept.has(line.id)) note(line, openQuantity(line).negated());
  return { grown, shrunk };
}
