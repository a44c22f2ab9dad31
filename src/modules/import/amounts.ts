import { Decimal } from '../../kernel/decimal';
import { lineGross } from '../../kernel/money';

/** Amounts beyond NUMERIC(19,4), which is what documents are stored with. */
const TOO_MUCH = new Decimal('1e15');

export interface Amount {
  /** Quantity × unit price, exactly. */
  readonly exact: Decimal;
  /** The same in the currency's minor unit, half away from zero: what a line comes to (MON-3). */
  readonly rounded: Decimal;
}

export const NOTHING: Amount = { exact: new Decimal(0), rounded: new Decimal(0) };

export const plus = (a: Amount, b: Amount): Amount => ({ exact: a.exact.plus(b.exact), rounded: a.rounded.plus(b.rounded) });

export const isStorable = ({ rounded }: Amount): boolean => rounded.abs().lt(TOO_MUCH);

export function lineAmount(quantity: Decimal, unitPrice: Decimal, currency: string): Amount {
  return { exact: quantity.times(unitPrice), rounded: lineGross(quantity, unitPrice, currency) };
}
