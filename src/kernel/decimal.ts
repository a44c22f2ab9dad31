import { Decimal as DecimalJs } from 'decimal.js';

/**
 * Exact decimals for money and quantities: 60 significant digits (NUMERIC(19,6) × NUMERIC(18,6) needs 37), half away from zero,
 * never exponents in text. A clone of its own, so that nobody's global settings change ours.
 */
export const Decimal = DecimalJs.clone({ precision: 60, rounding: DecimalJs.ROUND_HALF_UP, toExpNeg: -40, toExpPos: 60 });
export type Decimal = DecimalJs;

export const ZERO: Decimal = new Decimal(0);

export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
};
