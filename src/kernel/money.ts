import { failure } from './app-error';
import { InvalidInput, invalidField } from './common-errors';
import { Decimal, ZERO, sum } from './decimal';

/** MON-10. Answered like every other malformed field. details: { issues: [{ path, message }] } */
export class TooManyDecimals extends InvalidInput {}
/** MON-9. details: { expected, given } */
export class CurrencyMismatch extends failure('CURRENCY_MISMATCH', 422, 'A document has one currency') {}

/**
 * ISO 4217 codes that can be on a document: national currencies, and the withdrawn ones that old documents still carry. Without metals,
 * funds and testing codes. A table of our own, because the one in the runtime changes with its version.
 */
export const CURRENCIES: readonly string[] = (
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUC CUP ' +
  'CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY ' +
  'KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR ' +
  'NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND ' +
  'TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL'
).split(' ');

const KNOWN: ReadonlySet<string> = new Set(CURRENCIES);

/** Those whose minor unit is not a hundredth. The database's currency_minor_units() says the same. */
const MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
]);

/** Unit prices and unit costs carry up to this many decimals in any currency (MON-1). */
const PRICE_DECIMALS = 6;
const ONE = new Decimal(1);
const HUNDRED = new Decimal(100);

export const isCurrency = (code: string): boolean => KNOWN.has(code);

/** Decimals of an amount. The currency was checked when it came in: see isCurrency(). */
export const minorUnits = (currency: string): number => MINOR_UNITS.get(currency) ?? 2;

/** MON-2: to minor units, half away from zero. */
export const roundMoney = (value: Decimal, currency: string): Decimal => value.toDecimalPlaces(minorUnits(currency), Decimal.ROUND_HALF_UP);

/** "12.50": always with the currency's minor units. */
export const formatMoney = (value: Decimal, currency: string): string => value.toFixed(minorUnits(currency), Decimal.ROUND_HALF_UP);

/** "12.50", "0.0125": at least the currency's minor units, at most six decimals, no superfluous zeros. */
export function formatPrice(value: Decimal, currency: string): string {
  const price = value.toDecimalPlaces(PRICE_DECIMALS, Decimal.ROUND_HALF_UP);
  return price.toFixed(Math.max(minorUnits(currency), price.decimalPlaces()));
}

/**
 * MON-10: an amount that was sent must fit its currency as it is. `field` is where it stands in the request.
 * @throws TooManyDecimals, InvalidInput for NaN and infinities
 */
export function assertScale(value: Decimal, currency: string, field = 'amount'): void {
  if (!value.isFinite()) throw invalidField(field, 'must be a finite number');
  const decimals = minorUnits(currency);
  if (value.decimalPlaces() <= decimals) return;
  const message = `must have at most ${decimals} decimals in ${currency}, but is ${value.toFixed()}`;
  throw new TooManyDecimals(`${field} ${message}`, { issues: [{ path: field, message }] });
}

/** @throws CurrencyMismatch */
export function assertSameCurrency(expected: string, given: string): void {
  if (given === expected) return;
  throw new CurrencyMismatch(`The document is in ${expected}, so ${given} cannot be used in it`, { expected, given });
}

/** MON-3: rounded once per line, never per unit. Quantity and price are of the same unit. */
export const lineGross = (quantity: Decimal, unitPrice: Decimal, currency: string): Decimal =>
  roundMoney(quantity.times(unitPrice), currency);

/** `percent` per cent of the amount, rounded. */
export const percentOf = (amount: Decimal, percent: Decimal, currency: string): Decimal =>
  roundMoney(amount.times(percent).div(HUNDRED), currency);

/** MON-6: the tax to add to the base. `rate` in per cent. */
export const taxExclusive = (base: Decimal, rate: Decimal, currency: string): Decimal => percentOf(base, rate, currency);

/** MON-6: the tax inside the gross. `rate` in per cent; net + tax = gross, exactly. */
export function taxInclusive(gross: Decimal, rate: Decimal, currency: string): { net: Decimal; tax: Decimal } {
  const net = roundMoney(gross.times(HUNDRED).div(HUNDRED.plus(rate)), currency);
  return { net, tax: gross.minus(net) };
}

/**
 * MON-5: shares of an amount in proportion to the weights. Each gets its exact share rounded down to minor units; the units left over go
 * one each to the largest remainders, the lower index first among equals. So Σ shares = amount, and as long as the weights are amounts
 * themselves and the amount is not more than their sum, no share is more than its weight. Weights that are all zero count as equal.
 * The remainders are compared as whole numbers: nothing is rounded on the way.
 */
export function spreadByLargestRemainder(amount: Decimal, weights: readonly Decimal[], currency: string): Decimal[] {
  if (amount.decimalPlaces() > minorUnits(currency)) throw new RangeError(`${amount.toFixed()} is no amount in ${currency}`);
  if (weights.some((weight) => weight.lt(ZERO))) throw new RangeError('A weight is negative');
  if (amount.isZero()) return weights.map(() => ZERO);
  if (weights.length === 0) throw new RangeError('There is nothing to spread the amount over');
  if (amount.lt(ZERO)) return spreadByLargestRemainder(amount.negated(), weights, currency).map((share) => share.negated());

  const weighted = weights.every((weight) => weight.isZero()) ? weights.map(() => ONE) : weights;
  const total = sum(weighted);
  const unitsPerOne = new Decimal(10).pow(minorUnits(currency));
  const units = amount.times(unitsPerOne);
  let leftOver = units;
  const shares = weighted.map((weight) => {
    const exact = units.times(weight);
    const whole = exact.dividedToIntegerBy(total);
    leftOver = leftOver.minus(whole);
    return { whole, remainder: exact.minus(whole.times(total)) };
  });
  const winners = new Set(
    shares
      .map((_, index) => index)
      .sort((a, b) => shares[b]!.remainder.comparedTo(shares[a]!.remainder) || a - b)
      .slice(0, leftOver.toNumber()),
  );
  return shares.map(({ whole }, index) => (winners.has(index) ? whole.plus(1) : whole).div(unitsPerOne));
}

/**
 * MON-8: what to refund for a line of which `cumulativeQuantity` of `lineQuantity` units have now come back, so that the last refund
 * makes the sum exactly the line's total. Never negative: who was given more before gets nothing now.
 */
export function refundShare(
  lineTotal: Decimal,
  cumulativeQuantity: Decimal,
  lineQuantity: Decimal,
  alreadyRefunded: Decimal,
  currency: string,
): Decimal {
  if (cumulativeQuantity.lt(ZERO) || cumulativeQuantity.gt(lineQuantity)) {
    throw new RangeError(`${cumulativeQuantity.toFixed()} of ${lineQuantity.toFixed()} units cannot have come back`);
  }
  if (cumulativeQuantity.isZero()) return ZERO;
  const due = roundMoney(lineTotal.times(cumulativeQuantity).div(lineQuantity), currency);
  return Decimal.max(ZERO, due.minus(alreadyRefunded));
}
