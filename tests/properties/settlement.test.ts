import * as fc from 'fast-check';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { newId } from '../../src/kernel/ids';
import type { Order, OrderLine } from '../../src/modules/orders/domain/order';
import { withPortions } from '../../src/modules/orders/domain/order-change';
import { cancelledAmountOf, planRefund, type RefundablePayment, taxOfRefund } from '../../src/modules/orders/domain/order-money';
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
  ({ currency: 'EUR', status: 'shipped', lines, total, taxTotal, paidAmount: total, refundedAmount: ZERO }) as unknown as Order;

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
          const now = order.total.minus(cancelledAmountOf(order));
          expect(now.lte(owed)).toBe(true);
          owed = now;
        }
      }
      expect(owed.toFixed(2)).toBe('0.00');
    }),
  );
});
