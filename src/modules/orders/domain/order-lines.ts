import { failure } from '../../../kernel/app-error';
import { UnusableReference } from '../../../kernel/common-errors';
import type { Decimal } from '../../../kernel/decimal';
import { assertQuantity, formatQuantity, sumByKey } from '../../../kernel/quantity';

/** The most lines of an order. The longest one of the real data has 1,114. */
export const MOST_LINES = 2_000;

/** ORD-3, in the product's stock unit: ordered = open + shipped + cancelled, and returned ≤ shipped. */
export interface LineQuantities {
  readonly quantity: Decimal;
  readonly shippedQuantity: Decimal;
  readonly cancelledQuantity: Decimal;
  readonly returnedQuantity: Decimal;
}

/** What planning needs of a line. */
export interface PlannableLine extends Omit<LineQuantities, 'returnedQuantity'> {
  readonly id: string;
  readonly sku: string;
}

/** As the API takes it, in the stock unit. */
export interface RequestedQuantity {
  readonly itemId: string;
  readonly quantity: Decimal;
}

/** Some of a line, in its stock unit. */
export interface Portion<L> {
  readonly line: L;
  readonly quantity: Decimal;
}

/** details.items: [{ itemId, sku, asked, open }] */
export class ExceedsOpenQuantity extends failure('EXCEEDS_OPEN_QUANTITY', 409, 'More was asked for than is still open on the order') {}

export class NothingOpen extends failure('NOTHING_OPEN', 409, 'Nothing of the order is open any more') {}

export function openQuantity(line: Omit<LineQuantities, 'returnedQuantity'>): Decimal {
  let open = line.quantity;
  if (!line.shippedQuantity.isZero()) open = open.minus(line.shippedQuantity);
  if (!line.cancelledQuantity.isZero()) open = open.minus(line.cancelledQuantity);
  return open;
}

/** Everything that is still open. Lines with nothing open have no portion. */
export function openPortions<L extends Omit<LineQuantities, 'returnedQuantity'>>(lines: readonly L[]): Portion<L>[] {
  const portions: Portion<L>[] = [];
  for (const line of lines) {
    const quantity = openQuantity(line);
    if (!quantity.isZero()) portions.push({ line, quantity });
  }
  return portions;
}

/**
 * What a shipment takes: what was requested, else everything open. In the order of the lines; an item that is named twice is summed.
 * @throws UnusableReference for items the order does not have, ExceedsOpenQuantity, InvalidInput for a quantity that is not positive
 */
export const planShipment = <L extends PlannableLine>(lines: readonly L[], requested?: readonly RequestedQuantity[]): Portion<L>[] =>
  requested === undefined ? openPortions(lines) : requestedPortions(lines, requested);

/** What a cancellation takes off: the same rule, because both can only touch what is open. */
export const planCancellation = planShipment;

/** @throws NothingOpen for a shipment of nothing */
export function assertShipsSomething(portions: readonly Portion<unknown>[]): void {
  if (portions.length === 0) throw new NothingOpen('Nothing of the order is open any more, so there is nothing to ship');
}

function requestedPortions<L extends PlannableLine>(lines: readonly L[], requested: readonly RequestedQuantity[]): Portion<L>[] {
  for (const { quantity } of requested) assertQuantity(quantity);
  const asked = sumByKey(
    requested,
    ({ itemId }) => itemId,
    ({ quantity }) => quantity,
  );
  const known = new Set(lines.map(({ id }) => id));
  const unknown = [...asked.keys()].filter((itemId) => !known.has(itemId));
  if (unknown.length > 0) throw new UnusableReference(`The order has no item ${unknown.join(', ')}`, { itemIds: unknown });

  const portions: Portion<L>[] = [];
  const excesses: { itemId: string; sku: string; asked: string; open: string }[] = [];
  for (const line of lines) {
    const quantity = asked.get(line.id);
    if (quantity === undefined) continue;
    const open = openQuantity(line);
    if (quantity.lte(open)) portions.push({ line, quantity });
    else excesses.push({ itemId: line.id, sku: line.sku, asked: formatQuantity(quantity), open: formatQuantity(open) });
  }
  if (excesses.length === 0) return portions;
  const named = excesses.map(({ sku, asked, open }) => `${sku} (asked ${asked}, open ${open})`).join(', ');
  throw new ExceedsOpenQuantity(`More was asked for than is still open: ${named}`, { items: excesses });
}

/** True when nothing is open any more once the portions are shipped or cancelled. */
export function leavesNothingOpen<L extends Omit<LineQuantities, 'returnedQuantity'>>(
  lines: readonly L[],
  portions: readonly Portion<L>[],
): boolean {
  const taken = new Map(portions.map(({ line, quantity }) => [line, quantity]));
  return lines.every((line) => {
    const open = openQuantity(line);
    return open.isZero() || (taken.get(line)?.eq(open) ?? false);
  });
}
