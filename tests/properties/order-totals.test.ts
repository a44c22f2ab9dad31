import * as fc from 'fast-check';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { minorUnits, roundMoney } from '../../src/kernel/money';
import { leavesNothingOpen, openQuantity, planShipment } from '../../src/modules/orders/domain/order-lines';
import { fulfilmentStatus } from '../../src/modules/orders/domain/order-status';
import { priceOrder, type EnteredDiscount, type OrderToPrice } from '../../src/modules/orders/domain/order-totals';

const decimal = (max: number, decimals: number): fc.Arbitrary<Decimal> =>
  fc.integer({ min: 0, max }).map((units) => new Decimal(units).div(new Decimal(10).pow(decimals)));

const percent = fc.oneof(fc.constantFrom(ZERO, new Decimal(100)), decimal(1_000_000, 4));

/** Amounts are given as a part of what there is, so that they are never too large. */
const discount = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'none' } as const) },
  { weight: 1, arbitrary: percent.map((percent) => ({ kind: 'percent', percent }) as const) },
  { weight: 1, arbitrary: percent.map((percent) => ({ kind: 'amount', percent }) as const) },
);
type Chosen = typeof discount extends fc.Arbitrary<infer T> ? T : never;

function entered(chosen: Chosen, limit: Decimal, currency: string): EnteredDiscount {
  if (chosen.kind === 'none') return {};
  if (chosen.kind === 'percent') return { discountPercent: chosen.percent };
  return { discountAmount: roundMoney(limit.times(chosen.percent).div(100), currency) };
}

const line = fc.record({
  quantity: decimal(5_000_000, 6).map((quantity) => quantity.plus('0.000001')),
  unitPrice: fc.oneof(decimal(2_000_000_000, 6), decimal(100_000, 2)),
  discount,
  taxRate: fc.oneof(fc.constant(ZERO), percent),
  taxInclusive: fc.boolean(),
});

const order = fc
  .record({
    currency: fc.constantFrom('JPY', 'USD', 'KWD'),
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
    discount,
    shipping: decimal(100_000, 3),
  })
  .map(({ currency, lines, discount, shipping }): OrderToPrice => {
    const priced = lines.map(({ discount, ...line }) => ({
      ...line,
      ...entered(discount, roundMoney(line.quantity.times(line.unitPrice), currency), currency),
    }));
    const { total } = priceOrder({ currency, lines: priced.map((line) => ({ ...line, taxRate: ZERO })) });
    return { currency, lines: priced, ...entered(discount, total, currency), shippingAmount: roundMoney(shipping, currency) };
  });

test('MON-4: stored parts add up, on every line and on the document', () => {
  fc.assert(
    fc.property(order, (input) => {
      const priced = priceOrder(input);
      for (const [index, line] of priced.lines.entries()) {
        const { taxInclusive } = input.lines[index]!;
        const net = line.gross.minus(line.discountAmount).minus(line.documentDiscount);
        expect(line.total.eq(taxInclusive ? net : net.plus(line.taxAmount))).toBe(true);
        expect(line.base.plus(line.taxAmount).eq(line.total)).toBe(true);
      }
      const parts = priced.subtotal.minus(priced.discountTotal).plus(priced.shippingAmount).plus(priced.taxTotal).minus(priced.taxIncluded);
      expect(priced.total.eq(parts)).toBe(true);
      expect(priced.total.eq(sum(priced.lines.map(({ total }) => total)).plus(priced.shippingAmount))).toBe(true);
      expect(priced.subtotal.eq(sum(priced.lines.map(({ gross }) => gross)))).toBe(true);
      const discounts = priced.lines.map((line) => line.discountAmount.plus(line.documentDiscount));
      expect(priced.discountTotal.eq(sum(discounts))).toBe(true);
      expect(priced.taxTotal.eq(sum(priced.lines.map(({ taxAmount }) => taxAmount)))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('MON-7: nothing is ever negative, and every amount fits its currency', () => {
  fc.assert(
    fc.property(order, (input) => {
      const { lines, ...document } = priceOrder(input);
      for (const amount of [...Object.values(document), ...lines.flatMap((line): Decimal[] => Object.values(line))]) {
        expect(amount.gte(0) && amount.decimalPlaces() <= minorUnits(input.currency)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('ORD-3: partial shipments never ship more than is open and end with everything shipped', () => {
  const shipment = fc.record({ line: fc.nat(), quantity: decimal(6_000_000, 6).map((quantity) => quantity.plus('0.000001')) });
  fc.assert(
    fc.property(
      fc.array(
        decimal(5_000_000, 6).map((quantity) => quantity.plus(1)),
        { minLength: 1, maxLength: 5 },
      ),
      fc.array(shipment, { maxLength: 12 }),
      (quantities, shipments) => {
        let lines = quantities.map((quantity, index) => ({
          id: `${index}`,
          sku: `${index}`,
          quantity,
          shippedQuantity: ZERO,
          cancelledQuantity: ZERO,
          returnedQuantity: ZERO,
        }));
        const ship = (portions: ReturnType<typeof planShipment<(typeof lines)[number]>>): void => {
          const done = leavesNothingOpen(lines, portions);
          const taken = new Map(portions.map(({ line, quantity }) => [line.id, quantity]));
          lines = lines.map((line) => ({ ...line, shippedQuantity: line.shippedQuantity.plus(taken.get(line.id) ?? ZERO) }));
          expect(fulfilmentStatus(lines) === 'fulfilled').toBe(done);
        };
        for (const { line, quantity } of shipments) {
          const { id, ...chosen } = lines[line % lines.length]!;
          const requested = [{ itemId: id, quantity }];
          if (quantity.gt(openQuantity(chosen))) expect(() => planShipment(lines, requested)).toThrow('still open');
          else ship(planShipment(lines, requested));
        }
        ship(planShipment(lines));
        expect(lines.every((line) => line.shippedQuantity.eq(line.quantity))).toBe(true);
      },
    ),
  );
});
