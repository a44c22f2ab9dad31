import { failure } from '../../../kernel/app-error';
import type { Decimal } from '../../../kernel/decimal';
import { assertWhole, QUANTITY_DECIMALS } from '../../../kernel/quantity';

/** What conversion needs to know of a unit. */
export interface UnitOfMeasure {
  readonly code: string;
  /** Units convert only inside one category (QTY-2). */
  readonly category: string;
  /** How many of the category's base unit one of this unit is, as decimal text. */
  readonly factor: string;
  readonly isWhole: boolean;
}

/** Code of the unit that a product without one gets; every organization begins with it. */
export const STANDARD_UNIT = 'pcs';

export class UnitsNotConvertible extends failure('UNITS_NOT_CONVERTIBLE', 422, 'The units are of different categories') {}

/**
 * A quantity of one unit in another of the same category, rounded half away from zero to six decimals: for information. What is entered
 * on a document must convert exactly (kernel/quantity).
 * @throws UnitsNotConvertible, InvalidInput when a whole unit would be split
 */
export function convertQuantity(quantity: Decimal, from: UnitOfMeasure, to: UnitOfMeasure): Decimal {
  if (from.category !== to.category) {
    throw new UnitsNotConvertible(`${from.code} is a unit of ${from.category}, ${to.code} one of ${to.category}`, {
      from: from.code,
      to: to.code,
    });
  }
  assertWhole(quantity, from);
  const converted = quantity.times(from.factor).div(to.factor).toDecimalPlaces(QUANTITY_DECIMALS);
  assertWhole(converted, to, 'result');
  return converted;
}
