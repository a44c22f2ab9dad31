import type { Decimal } from '../../../kernel/decimal';
import { Decimal as D, ZERO } from '../../../kernel/decimal';

/** One product in one store. */
export interface LevelKey {
  readonly productId: string;
  readonly storeId: string;
}

/** Quantities in the product's stock unit; value is the total cost of what is on hand, in the organization's currency. */
export interface StockLevel extends LevelKey {
  readonly onHand: Decimal;
  readonly reserved: Decimal;
  readonly value: Decimal;
  readonly allowsBackorder: boolean;
}

export interface Demand extends LevelKey {
  readonly quantity: Decimal;
}

export interface Shortage extends LevelKey {
  readonly asked: Decimal;
  readonly available: Decimal;
}

/** STK-4. Never below zero for the reader, although back-orders may have reserved more than there is. */
export const availableOf = (level: Pick<StockLevel, 'onHand' | 'reserved'>): Decimal => D.max(ZERO, level.onHand.minus(level.reserved));

/** What may be taken by hand: back-orders may be promised more than there is, so for them what is reserved doesn't count. */
export const takeableFrom = (level: StockLevel): Decimal => (level.allowsBackorder ? level.onHand : availableOf(level));

/** VAL-1: per stock unit, to the six decimals of a cost; undefined when there is nothing on hand to take it from. */
export const averageCost = ({ onHand, value }: Pick<StockLevel, 'onHand' | 'value'>): Decimal | undefined =>
  onHand.isZero() ? undefined : value.div(onHand).toDecimalPlaces(6);

export const keyOf = ({ productId, storeId }: LevelKey): string => `${productId}|${storeId}`;

/** STK-6: the demand of one request summed per product and store, in the global lock order (product, then store). */
export function sumDemand(demands: Iterable<Demand>): Demand[] {
  const sums = new Map<string, Demand>();
  for (const demand of demands) {
    const known = sums.get(keyOf(demand));
    sums.set(keyOf(demand), known ? { ...known, quantity: known.quantity.plus(demand.quantity) } : demand);
  }
  return [...sums.values()].sort(byLockOrder);
}

/** Levels are locked by product id, then store id, everywhere: that is what makes deadlocks between orders impossible. */
export const byLockOrder = (a: LevelKey, b: LevelKey): number =>
  a.productId < b.productId ? -1 : a.productId > b.productId ? 1 : a.storeId < b.storeId ? -1 : a.storeId > b.storeId ? 1 : 0;

/** Which demands the levels can't meet. A product without a level has nothing available; back-orders never run short. */
export function shortages(demands: readonly Demand[], levels: ReadonlyMap<string, StockLevel>): Shortage[] {
  const short: Shortage[] = [];
  for (const demand of demands) {
    const level = levels.get(keyOf(demand));
    if (level?.allowsBackorder) continue;
    const available = level ? availableOf(level) : ZERO;
    if (demand.quantity.gt(available))
      short.push({ productId: demand.productId, storeId: demand.storeId, asked: demand.quantity, available });
  }
  return short;
}
