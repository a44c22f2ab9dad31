import * as fc from 'fast-check';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { newId } from '../../src/kernel/ids';
import type { Order, OrderLine } from '../../src/modules/orders/domain/order';
import { withPortions } from '../../src/modules/orders/domain/order-change';
import { assertPayable, balanceOf, cancelledOf, dueOf } from '../../src/modules/orders/domain/order-money';
import { planRefund, type RefundablePayment, refundTerms, taxOfRefund } from '../../src/modules/orders/domain/order-refunds';
import { planReturn, type ReturnedBefore, valueOfReturn } from '../../src/modules/orders/domain/order-returns';

/** PAY-1, MON-8, VAL-4: however money and goods go back, in the end it is what came, to the cent. */

const cents = (amount: number): Decimal => new Decimal(amount).div(100);

function lineOf(quantity: number, totalCents: number, taxCents: number): OrderLine {
  const total = cents(totalCents);
  return {
    id: newId(),
    lineNumber: 1,
    productId: newId(),
    sku: 'LAMP',
    name: 'Lamp',
    tracksStock: true,
    quantity: new Decimal(quantity),
    enteredQuantity: new Decimal(quantity),
    unit: 'pcs',
    unitFactor: new Decimal(1),
    stockUnitFactor: new Decimal(1),
    unitIsWhole: false,
    unitPrice: ZERO,
    priceIsManual: false,
    unitCost: null,
    gross: total,
    discountPercent: null,
    discountAmount: ZERO,
    documentDiscount: ZERO,
    taxRateId: null,
    taxRate: ZERO,
    taxInclusive: true,
    taxAmount: cents(Math.min(taxCents, totalCents)),
    total,
    shippedQuantity: new Decimal(quantity),
    cancelledQuantity: ZERO,
    returnedQuantity: ZERO,
  };
}

const orderOf = (lines: OrderLine[], total: Decimal, taxTotal: Decimal): Order =>
  ({
    currency: 'EUR',
    status: 'shipped',
    lines,
    total,
    taxTotal,
    cancelledAmount: ZERO,
    returnedAmount: ZERO,
    paidAmount: total,
    refundedAmount: ZERO,
    returnRefundedAmount: ZERO,
  }) as unknown as Order;

/** A whole number cut into pieces in some order. */
const pieces = (whole: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: whole }), { minLength: 1, maxLength: 12 }).map((wanted) => {
    let left = whole;
    const cut: number[] = [];
    for (const piece of wanted) {
      if (left === 0) break;
      cut.push(Math.min(piece, left));
      left -= cut.at(-1)!;
    }
    return left > 0 ? [...cut, left] : cut;
  });

test('PAY-1: whatever the order of partial refunds, their sum is what was paid, and their tax the order’s tax', () => {
  const paid = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      paid.chain((amounts) =>
        fc.tuple(fc.constant(amounts), pieces(amounts.reduce((a, b) => a + b, 0)), fc.integer({ min: 0, max: 50_000 })),
      ),
      ([amounts, refunds, tax]) => {
        const total = cents(amounts.reduce((a, b) => a + b, 0));
        const taxTotal = Decimal.min(cents(tax), total);
        const order = orderOf([], total, taxTotal);
        let payments: RefundablePayment[] = amounts.map((amount) => ({
          id: newId(),
          amount: cents(amount),
          refundedAmount: ZERO,
          method: 'card',
        }));
        let refunded = ZERO;
        let taxed = ZERO;
        for (const piece of refunds) {
          for (const part of planRefund(payments, cents(piece), 'EUR')) {
            taxed = taxed.plus(taxOfRefund(order, refunded, part.amount));
            refunded = refunded.plus(part.amount);
            payments = payments.map((payment) =>
              payment.id === part.payment.id ? { ...payment, refundedAmount: payment.refundedAmount.plus(part.amount) } : payment,
            );
          }
          for (const payment of payments) expect(payment.refundedAmount.lte(payment.amount)).toBe(true);
        }
        expect(refunded.toFixed(2)).toBe(total.toFixed(2));
        expect(taxed.toFixed(2)).toBe(taxTotal.toFixed(2));
        expect(() => planRefund(payments, cents(1), 'EUR')).toThrow('more than the 0.00 that can be refunded');
      },
    ),
  );
});

test('MON-8: whatever the order of partial returns, they come to exactly the line', () => {
  const line = fc
    .integer({ min: 1, max: 60 })
    .chain((quantity) =>
      fc.tuple(fc.constant(quantity), fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000 }), pieces(quantity)),
    );
  fc.assert(
    fc.property(line, ([quantity, total, tax, parts]) => {
      let order = orderOf([lineOf(quantity, total, tax)], ZERO, ZERO);
      let before: ReturnedBefore = { total: ZERO, taxAmount: ZERO };
      for (const [index, part] of parts.entries()) {
        const [current] = order.lines;
        const disposition = index % 2 === 0 ? 'restock' : 'scrap';
        const request = [{ itemId: current!.id, quantity: new Decimal(part), disposition } as const];
        const [made] = planReturn(order, request, new Map([[current!.id, before]]));
        expect(made!.total.gte(ZERO) && made!.taxAmount.lte(made!.total.plus('0.01'))).toBe(true);
        before = { total: before.total.plus(made!.total), taxAmount: before.taxAmount.plus(made!.taxAmount) };
        order = withPortions(order, 'returnedQuantity', [{ line: current!, quantity: new Decimal(part) }]);
      }
      const [last] = order.lines;
      expect(before.total.toFixed(2)).toBe(last!.total.toFixed(2));
      expect(before.taxAmount.toFixed(2)).toBe(last!.taxAmount.toFixed(2));
      expect(order.fulfilmentStatus).toBe('returned');
    }),
  );
});

test('VAL-4: goods come back with exactly the value they left with', () => {
  const shipped = fc
    .integer({ min: 1, max: 60 })
    .chain((quantity) => fc.tuple(fc.constant(quantity), fc.integer({ min: 0, max: 1_000_000 }), pieces(quantity)));
  fc.assert(
    fc.property(shipped, ([quantity, value, parts]) => {
      const line = lineOf(quantity, 0, 0);
      const left = { shipped: new Decimal(quantity), shippedValue: cents(value) };
      let returned = ZERO;
      let returnedValue = ZERO;
      for (const part of parts) {
        const back = valueOfReturn(new Decimal(part), line, { ...left, returned, returnedValue }, 'EUR');
        expect(back.gte(ZERO)).toBe(true);
        returned = returned.plus(part);
        returnedValue = returnedValue.plus(back);
      }
      expect(returnedValue.toFixed(2)).toBe(cents(value).toFixed(2));
    }),
  );
});

test('what is cancelled bit by bit is in the end no longer owed at all', () => {
  const line = fc
    .integer({ min: 1, max: 60 })
    .chain((quantity) => fc.tuple(fc.constant(quantity), fc.integer({ min: 0, max: 1_000_000 }), pieces(quantity)));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const open = lines.map(([quantity, total]) => ({ ...lineOf(quantity, total, 0), shippedQuantity: ZERO }));
      let order = orderOf(open, sum(open.map(({ total }) => total)), ZERO);
      let owed = order.total;
      for (const [index, [, , parts]] of lines.entries()) {
        for (const part of parts) {
          order = withPortions(order, 'cancelledQuantity', [{ line: order.lines[index]!, quantity: new Decimal(part) }]);
          const now = order.total.minus(cancelledOf(order).cancelledAmount);
          expect(now.lte(owed)).toBe(true);
          owed = now;
        }
      }
      expect(owed.toFixed(2)).toBe('0.00');
    }),
  );
});

/** What the customer's statement says of one order: see AccountQueries. Negative when the customer is owed money. */
function statementOf(events: readonly Settled[], total: number): number {
  let [paid, returned, forReturns, others] = [0, 0, 0, 0];
  for (const { what, amount, named } of events) {
    if (what === 'pay') paid += amount;
    else if (what === 'return') returned += amount;
    else if (named) forReturns += amount;
    else others += amount;
  }
  const before = total - returned - paid + forReturns;
  return before + Math.min(others, Math.max(-before, 0)); // other refunds give back what is too much, and the rest is a kindness
}
interface Settled {
  readonly what: 'pay' | 'return' | 'refund';
  readonly amount: number;
  readonly named?: boolean;
}

test('ORD-12: whatever was paid, came back and was refunded, the balance is what the statement says, and paying it settles the order', () => {
  const step = fc.record({
    what: fc.constantFrom('pay', 'return', 'refund', 'refund for a return'),
    share: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.array(step, { maxLength: 12 }), (total, steps) => {
      let order = orderOf([], cents(total), ZERO);
      order = { ...order, paidAmount: ZERO };
      const done: Settled[] = [];
      let left = total; // of the goods
      for (const { what, share } of steps) {
        const part = (most: Decimal): Decimal => most.times(share).div(100).toDecimalPlaces(2, Decimal.ROUND_DOWN);
        const refundable = order.paidAmount.minus(order.refundedAmount);
        const note = (amount: Decimal, kind: Settled['what'], named = false): void =>
          void done.push({ what: kind, amount: amount.times(100).toNumber(), named });
        if (what === 'pay') {
          const amount = part(balanceOf(order));
          if (!amount.isZero()) assertPayable(order, amount);
          order = { ...order, paidAmount: order.paidAmount.plus(amount) };
          note(amount, 'pay');
        } else if (what === 'return') {
          const amount = part(cents(left));
          left -= amount.times(100).toNumber();
          order = { ...order, returnedAmount: order.returnedAmount.plus(amount) };
          note(amount, 'return');
        } else {
          const named = what === 'refund for a return';
          const open = order.returnedAmount.minus(order.returnRefundedAmount);
          const amount = part(named ? Decimal.min(refundable, open) : refundable);
          order = { ...order, refundedAmount: order.refundedAmount.plus(amount) };
          if (named) order = { ...order, returnRefundedAmount: order.returnRefundedAmount.plus(amount) };
          note(amount, 'refund', named);
        }
        const owed = statementOf(done, total);
        expect(balanceOf(order).toFixed(2)).toBe(cents(Math.max(owed, 0)).toFixed(2));
        expect(balanceOf(order).lte(order.total)).toBe(true);
      }
      const balance = balanceOf(order);
      expect(() => assertPayable(order, balance.plus('0.01'))).toThrow(/owed/);
      const paid = { ...order, paidAmount: order.paidAmount.plus(balance) };
      expect(balanceOf(paid).isZero()).toBe(true);
      expect(paid.paidAmount.gte(dueOf(paid))).toBe(true);
      expect(paid.paidAmount.lte(paid.total)).toBe(true); // orders_paid_check
    }),
  );
});

test('PAY-1: the terms of a refund never exceed what is left, and name a return only when it reaches so far', () => {
  const money = fc.integer({ min: 0, max: 10_000 });
  const left = fc.tuple(money, money).map(([a, b]) => ({ most: cents(Math.max(a, b)), gone: cents(Math.min(a, b)) }));
  fc.assert(
    fc.property(
      fc.array(left, { maxLength: 3 }),
      fc.array(left, { maxLength: 3 }),
      fc.option(money),
      fc.integer({ min: 0, max: 3 }),
      (paid, returned, wanted, index) => {
        const sources = paid.map(({ most, gone }) => ({ id: newId(), amount: most, refundedAmount: gone, method: 'card' }));
        const returns = returned.map(({ most, gone }) => ({ id: newId(), total: most, refunded: gone }));
        const asked = { amount: wanted === null ? undefined : cents(wanted), returnId: returns[index]?.id };
        const refundable = sum(paid.map(({ most, gone }) => most.minus(gone)));
        const open = returns.filter(({ total, refunded }) => total.gt(refunded));
        let terms: ReturnType<typeof refundTerms>;
        try {
          terms = refundTerms(asked, sources, returns, 'EUR');
        } catch (error) {
          expect(error).toMatchObject({ code: 'REFUND_EXCEEDS_PAID' });
          return;
        }
        const { amount, returnId } = terms;
        if (asked.amount) expect(amount).toBe(asked.amount);
        else expect(amount.gt(ZERO) && amount.lte(refundable)).toBe(true);
        if (asked.returnId) expect(returnId).toBe(asked.returnId);
        else if (returnId !== null) expect(open.map(({ id }) => id)).toEqual([returnId]);
        const named = returns.find(({ id }) => id === returnId);
        if (named) expect(amount.lte(named.total.minus(named.refunded))).toBe(true);
      },
    ),
  );
});
