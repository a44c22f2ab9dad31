import { failure } from './app-error';
import { invalidField } from './common-errors';
import { Decimal, ZERO } from './decimal';

/** QTY-1: quantities have at most this many decimals. */
export const QUANTITY_DECIMALS = 6;

/** details: { quantity, fromFactor, toFactor } */
export class QuantityNotExact extends failure(
  'QUANTITY_NOT_EXACT',
  422,
  'The quantity is not a number of stock units with at most six decimals',
) {}

/** "3", "0.25": no superfluous zeros, never an exponent. */
export const formatQuantity = (quantity: Decimal): string => quantity.toFixed();

/**
 * QTY-1, QTY-4: what a line may have. `field` is where it stands in the request.
 * @throws InvalidInput
 */
export function assertQuantity(quantity: Decimal, field = 'quantity'): void {
  if (!quantity.isFinite() || quantity.lte(ZERO)) throw invalidField(field, `must be more than zero, but is ${quantity.toFixed()}`);
  if (quantity.decimalPlaces() > QUANTITY_DECIMALS) {
    throw invalidField(field, `must have at most ${QUANTITY_DECIMALS} decimals, but is ${quantity.toFixed()}`);
  }
}

/**
 * QTY-2: a unit that only comes whole refuses fractions.
 * @throws InvalidInput
 */
export function assertWhole(quantity: Decimal, unit: { readonly code: string; readonly isWhole: boolean }, field = 'quantity'): void {
  if (!unit.isWhole || quantity.isInteger()) return;
  throw invalidField(field, `must be a whole number of ${unit.code}, but is ${quantity.toFixed()}`);
}

/**
 * QTY-1: an entered quantity in the product's stock unit. Factors say how many of the category's base unit one unit is, and both units
 * are of one category (QTY-2). Exact: a result that needs more than six decimals is refused, because a rounded one would let stock
 * and order drift apart.
 * @throws QuantityNotExact
 */
export function toStockUnit(quantity: Decimal, fromFactor: Decimal, toFactor: Decimal): Decimal {
  if (fromFactor.eq(toFactor)) return quantity;
  const inBaseUnit = quantity.times(fromFactor);
  const converted = inBaseUnit.div(toFactor).toDecimalPlaces(QUANTITY_DECIMALS, Decimal.ROUND_HALF_UP);
  if (converted.times(toFactor).eq(inBaseUnit)) return converted;
  throw new QuantityNotExact(
    `${quantity.toFixed()} is not an exact quantity in the product's stock unit: it needs more than ${QUANTITY_DECIMALS} decimals`,
    { quantity: quantity.toFixed(), fromFactor: fromFactor.toFixed(), toFactor: toFactor.toFixed() },
  );
}

/** Keys keep the order in which they first came. */
export function sumByKey<T>(items: Iterable<T>, keyOf: (item: T) => string, quantityOf: (item: T) => Decimal): Map<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const item of items) {
    const key = keyOf(item);
    const known = sums.get(key);
    sums.set(key, known ? known.plus(quantityOf(item)) : quantityOf(item));
  }
  return sums;
}
