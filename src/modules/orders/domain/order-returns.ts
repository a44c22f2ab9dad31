import { failure } from '../../../kernel/app-error';
import { UnusableReference } from '../../../kernel/common-errors';
import { type Decimal, sum, ZERO } from '../../../kernel/decimal';
import { refundShare, roundMoney } from '../../../kernel/money';
import { assertQuantity, formatQuantity, sumByKey } from '../../../kernel/quantity';
import type { Order, OrderLine } from './order';

export const DISPOSITIONS = ['restock', 'scrap'] as const;
/** What becomes of goods that came back: on the shelf again, or written off. */
export type Disposition = (typeof DISPOSITIONS)[number];

/** details.items: [{ itemId, sku, asked, returnable }] */
export class ExceedsShippedQuantity extends failure(
  'EXCEEDS_SHIPPED_QUANTITY',
  409,
  'More was to come back than was shipped and did not come back yet',
) {}

export interface RequestedReturn {
  readonly itemId: string;
  /** In the stock unit. */
  readonly quantity: Decimal;
  readonly disposition: Disposition;
}

/** One line of a return. An item may come back partly to the shelf and partly as scrap: two lines. */
export interface ReturnLine {
  readonly line: OrderLine;
  readonly quantity: Decimal;
  readonly disposition: Disposition;
  /** In the order's currency: the line's share of what the order line came to. */
  readonly total: Decimal;
  readonly taxAmount: Decimal;
}

/** Money of an order line that came back before. */
export interface ReturnedBefore {
  readonly total: Decimal;
  readonly taxAmount: Decimal;
}

/**
 * ORD-3, MON-8: what comes back and what it is worth, so that returning everything comes to exactly what the lines came to.
 * `before` has the lines of which something came back already.
 * @throws UnusableReference for items the order does not have, ExceedsShippedQuantity, InvalidInput
 */
export function planReturn(
  { lines, currency }: Pick<Order, 'lines' | 'currency'>,
  requested: readonly RequestedReturn[],
  before: ReadonlyMap<string, ReturnedBefore>,
): ReturnLine[] {
  const known = new Map(lines.map((line) => [line.id, line]));
  assertReturnable(known, requested);
  const sofar = new Map<string, ReturnedBefore & { readonly quantity: Decimal }>();
  return requested.map(({ itemId, quantity, disposition }) => {
    const line = known.get(itemId)!;
    const { total = ZERO, taxAmount = ZERO } = before.get(itemId) ?? {};
    const earlier = sofar.get(itemId) ?? { quantity: line.returnedQuantity, total, taxAmount };
    const cumulative = earlier.quantity.plus(quantity);
    const share = {
      total: refundShare(line.total, cumulative, line.quantity, earlier.total, currency),
      taxAmount: refundShare(line.taxAmount, cumulative, line.quantity, earlier.taxAmount, currency),
    };
    sofar.set(itemId, {
      quantity: cumulative,
      total: earlier.total.plus(share.total),
      taxAmount: earlier.taxAmount.plus(share.taxAmount),
    });
    return { line, quantity, disposition, ...share };
  });
}

function assertReturnable(known: ReadonlyMap<string, OrderLine>, requested: readonly RequestedReturn[]): void {
  for (const { quantity } of requested) assertQuantity(quantity);
  const unknown = [...new Set(requested.map(({ itemId }) => itemId))].filter((itemId) => !known.has(itemId));
  if (unknown.length > 0) throw new UnusableReference(`The order has no item ${unknown.join(', ')}`, { itemIds: unknown });
  const asked = sumByKey(
    requested,
    ({ itemId }) => itemId,
    ({ quantity }) => quantity,
  );
  const excesses = [...asked].flatMap(([itemId, quantity]) => {
    const { sku, shippedQuantity, returnedQuantity } = known.get(itemId)!;
    const returnable = shippedQuantity.minus(returnedQuantity);
    return quantity.lte(returnable) ? [] : [{ itemId, sku, asked: formatQuantity(quantity), returnable: formatQuantity(returnable) }];
  });
  if (excesses.length === 0) return;
  const named = excesses.map(({ sku, asked: wanted, returnable }) => `${sku} (asked ${wanted}, returnable ${returnable})`).join(', ');
  throw new ExceedsShippedQuantity(`More was to come back than can: ${named}`, { items: excesses });
}

export const totalsOf = (lines: readonly ReturnLine[]): ReturnedBefore => ({
  total: sum(lines.map((line) => line.total)),
  taxAmount: sum(lines.map((line) => line.taxAmount)),
});

/** What the ledger says of an order line's goods: quantities and values, all positive. */
export interface LedgerOfLine {
  readonly shipped: Decimal;
  readonly shippedValue: Decimal;
  readonly returned: Decimal;
  readonly returnedValue: Decimal;
}

/**
 * VAL-4: the value at which goods come back: their share of what they left with, so that all of it comes back with the last unit. Goods
 * that left elsewhere (imported orders) come back at the cost frozen on the line.
 */
export function valueOfReturn(quantity: Decimal, line: OrderLine, ledger: LedgerOfLine | undefined, currency: string): Decimal {
  if (ledger === undefined || ledger.shipped.isZero()) return roundMoney(quantity.times(line.unitCost ?? ZERO), currency);
  const cumulative = ledger.returned.plus(quantity);
  return refundShare(ledger.shippedValue, cumulative, ledger.shipped, ledger.returnedValue, currency);
}
