import { failure } from '../../../kernel/app-error';
import { invalidField } from '../../../kernel/common-errors';
import { type Decimal, ZERO } from '../../../kernel/decimal';
import {
  assertScale,
  formatMoney,
  lineGross,
  percentOf,
  spreadByLargestRemainder,
  taxExclusive,
  taxInclusive,
} from '../../../kernel/money';

/** At most one of the two forms. Null, undefined and zero all mean no discount. */
export interface EnteredDiscount {
  readonly discountPercent?: Decimal | null | undefined;
  /** In the order's currency. */
  readonly discountAmount?: Decimal | null | undefined;
}

export interface LineToPrice extends EnteredDiscount {
  /** In the unit the price is for. */
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  /** Per cent; zero for none. */
  readonly taxRate: Decimal;
  /** True when the price contains the tax. */
  readonly taxInclusive: boolean;
}

export interface OrderToPrice extends EnteredDiscount {
  readonly currency: string;
  readonly lines: readonly LineToPrice[];
  /** Untaxed. */
  readonly shippingAmount?: Decimal | null | undefined;
}

/** All in the order's currency. */
export interface PricedLine {
  /** round(quantity × unit price) */
  readonly gross: Decimal;
  /** The line's own discount, whichever way it was entered. */
  readonly discountAmount: Decimal;
  /** The line's share of the document's discount. */
  readonly documentDiscount: Decimal;
  /** What the tax is reckoned from: without the tax, after all discounts. */
  readonly base: Decimal;
  readonly taxAmount: Decimal;
  /** gross − both discounts, + tax unless the price contains it. */
  readonly total: Decimal;
}

/** All in the order's currency. total = subtotal − discountTotal + shippingAmount + taxTotal − taxIncluded. */
export interface PricedOrder {
  /** In the order of the input. */
  readonly lines: readonly PricedLine[];
  /** Σ line gross */
  readonly subtotal: Decimal;
  /** Σ discounts of the lines and the document. */
  readonly discountTotal: Decimal;
  readonly shippingAmount: Decimal;
  readonly taxTotal: Decimal;
  /** The part of taxTotal that prices already contain. */
  readonly taxIncluded: Decimal;
  readonly total: Decimal;
}

/** MON-7. details: { path, discount, limit } */
export class DiscountTooLarge extends failure('DISCOUNT_TOO_LARGE', 422, 'A discount is larger than what it is taken from') {}
/** MON-4. details: { given, computed } */
export class TotalMismatch extends failure('TOTAL_MISMATCH', 422, 'The total sent is not the total of the order') {}

/** Most orders have neither discounts nor tax on most lines: no arithmetic is done for what isn't there. */
const add = (a: Decimal, b: Decimal): Decimal => (b.isZero() ? a : a.isZero() ? b : a.plus(b));
const subtract = (a: Decimal, b: Decimal): Decimal => (b.isZero() ? a : a.minus(b));

/**
 * MON-3 to MON-7, in this order: line gross → line discount → share of the document's discount → taxable base → tax.
 * @throws InvalidInput (two forms of a discount, a negative one, too many decimals), DiscountTooLarge
 */
export function priceOrder(order: OrderToPrice): PricedOrder {
  const { currency } = order;
  const shippingAmount = order.shippingAmount ?? ZERO;
  if (!shippingAmount.isZero()) assertScale(shippingAmount, currency, 'shippingAmount');

  let subtotal = ZERO;
  let lineDiscounts = ZERO;
  const grosses: Decimal[] = [];
  const ownDiscounts: Decimal[] = [];
  for (const [index, line] of order.lines.entries()) {
    const gross = lineGross(line.quantity, line.unitPrice, currency);
    const own = hasDiscount(line) ? discountOn(gross, line, currency, `items.${index}.`) : ZERO;
    grosses.push(gross);
    ownDiscounts.push(own);
    subtotal = add(subtotal, gross);
    lineDiscounts = add(lineDiscounts, own);
  }

  const documentDiscount = hasDiscount(order) ? discountOn(subtract(subtotal, lineDiscounts), order, currency, '') : ZERO;
  const shares = documentDiscount.isZero()
    ? undefined
    : spreadByLargestRemainder(
        documentDiscount,
        grosses.map((gross, index) => subtract(gross, ownDiscounts[index]!)),
        currency,
      );

  let taxAdded = ZERO;
  let taxIncluded = ZERO;
  const lines = order.lines.map((line, index): PricedLine => {
    const priced = taxed(line, grosses[index]!, ownDiscounts[index]!, shares?.[index] ?? ZERO, currency);
    if (line.taxInclusive) taxIncluded = add(taxIncluded, priced.taxAmount);
    else taxAdded = add(taxAdded, priced.taxAmount);
    return priced;
  });

  const discountTotal = add(lineDiscounts, documentDiscount);
  return {
    lines,
    subtotal,
    discountTotal,
    shippingAmount,
    taxTotal: add(taxAdded, taxIncluded),
    taxIncluded,
    total: add(add(subtract(subtotal, discountTotal), shippingAmount), taxAdded),
  };
}

function taxed(line: LineToPrice, gross: Decimal, discountAmount: Decimal, documentDiscount: Decimal, currency: string): PricedLine {
  const net = subtract(subtract(gross, discountAmount), documentDiscount);
  const known = { gross, discountAmount, documentDiscount };
  if (line.taxRate.isZero()) return { ...known, base: net, taxAmount: ZERO, total: net };
  if (line.taxInclusive) {
    const { net: base, tax } = taxInclusive(net, line.taxRate, currency);
    return { ...known, base, taxAmount: tax, total: net };
  }
  const taxAmount = taxExclusive(net, line.taxRate, currency);
  return { ...known, base: net, taxAmount, total: add(net, taxAmount) };
}

const hasDiscount = ({ discountPercent, discountAmount }: EnteredDiscount): boolean => discountPercent != null || discountAmount != null;

/** The discount in money on what is left of the line or the document. `path` leads to its fields in the request. */
function discountOn(limit: Decimal, { discountPercent, discountAmount }: EnteredDiscount, currency: string, path: string): Decimal {
  if (discountPercent != null && discountAmount != null) {
    throw invalidField(`${path}discountAmount`, 'cannot stand beside discountPercent: a discount has one form');
  }
  if (discountPercent != null) {
    if (discountPercent.lt(ZERO)) throw invalidField(`${path}discountPercent`, 'must not be negative');
    if (discountPercent.gt(100)) throw tooLarge(`${path}discountPercent`, `${discountPercent.toFixed()} %`, '100 %');
    return percentOf(limit, discountPercent, currency);
  }
  const amount = discountAmount ?? ZERO;
  assertScale(amount, currency, `${path}discountAmount`);
  if (amount.lt(ZERO)) throw invalidField(`${path}discountAmount`, 'must not be negative');
  if (amount.gt(limit)) throw tooLarge(`${path}discountAmount`, formatMoney(amount, currency), formatMoney(limit, currency));
  return amount;
}

const tooLarge = (path: string, discount: string, limit: string): DiscountTooLarge =>
  new DiscountTooLarge(`${path} is ${discount}, but there is only ${limit} to take it from`, { path, discount, limit });

/**
 * A stored line or order keeps its own discount's amount also when it was entered in per cent; this is what was entered, for pricing it
 * anew.
 */
export const enteredDiscount = ({ discountPercent, discountAmount }: EnteredDiscount): EnteredDiscount =>
  discountPercent != null ? { discountPercent } : { discountAmount };

/**
 * MON-4: a total that was sent along must be the one that came out.
 * @throws TotalMismatch
 */
export function assertTotal(computed: Decimal, given: Decimal | null | undefined, currency: string): void {
  if (given == null || given.eq(computed)) return;
  const total = formatMoney(computed, currency);
  throw new TotalMismatch(`The total is ${total} ${currency}, not ${given.toFixed()}`, { given: given.toFixed(), computed: total });
}
