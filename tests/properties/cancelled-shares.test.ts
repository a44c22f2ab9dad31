import * as fc from 'fast-check';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { newId } from '../../src/kernel/ids';
import { minorUnits } from '../../src/kernel/money';
import type { OrderLine } from '../../src/modules/orders/domain/order';
import { cancelledOf } from '../../src/modules/orders/domain/order-money';
import { planReturn, type ReturnedBefore } from '../../src/modules/orders/domain/order-returns';

/** MON-8: a line is cancelled in part and comes back in part; both are rounded, and together they are the line. */

const decimal = (max: bigint, decimals: number): fc.Arbitrary<Decimal> =>
  fc.bigInt({ min: 0n, max }).map((units) => new Decimal(units.toString()).div(new Decimal(10).pow(decimals)));

/** Small ones too: odd ones of even quantities have the half cents that both sides would round up. */
const amount = (code: string): fc.Arbitrary<Decimal> => fc.oneof(decimal(200n, minorUnits(code)), decimal(10n ** 15n, minorUnits(code)));
const portions = (units: fc.Arbitrary<Decimal>) =>
  fc.array(fc.record({ what: fc.constantFrom('cancel', 'return'), units: units.filter((value) => value.gt(0)) }), {
    minLength: 1,
    maxLength: 8,
  });
const history = fc.constantFrom('EUR', 'JPY', 'KWD').chain((code) =>
  fc.record({
    code: fc.constant(code),
    amounts: fc.tuple(amount(code), amount(code)),
    portions: fc.oneof(portions(decimal(4n, 0)), portions(decimal(20n, 1)), portions(decimal(10_000_000n, 6))),
  }),
);

test('MON-8: however a line is cancelled and comes back, both are never more than the line, and in the end exactly the line', () => {
  fc.assert(
    fc.property(history, ({ code, amounts: [one, other], portions }) => {
      const [total, taxAmount] = [Decimal.max(one, other), Decimal.min(one, other)];
      const lineId = newId();
      const quantity = sum(portions.map((each) => each.units));
      let [cancelledQuantity, returnedQuantity] = [ZERO, ZERO];
      let returned: ReturnedBefore = { total: ZERO, taxAmount: ZERO };
      const line = (shippedQuantity = returnedQuantity) =>
        ({ id: lineId, quantity, total, taxAmount, shippedQuantity, cancelledQuantity, returnedQuantity }) as OrderLine;
      const cancelled = () => cancelledOf({ status: 'shipped', total, taxTotal: taxAmount, lines: [line()], currency: code });

      for (const { what, units } of portions) {
        const before = cancelled();
        if (what === 'cancel') {
          cancelledQuantity = cancelledQuantity.plus(units);
        } else {
          const shipped = line(returnedQuantity.plus(units));
          const request = { itemId: lineId, quantity: units, disposition: 'restock' } as const;
          const [back] = planReturn({ lines: [shipped], currency: code }, [request], new Map([[lineId, returned]]));
          returnedQuantity = shipped.shippedQuantity;
          returned = { total: returned.total.plus(back!.total), taxAmount: returned.taxAmount.plus(back!.taxAmount) };
        }
        const { cancelledAmount, cancelledTax } = cancelled();
        expect(cancelledAmount.gte(before.cancelledAmount) && cancelledTax.gte(before.cancelledTax)).toBe(true);
        expect(cancelledTax.lte(cancelledAmount)).toBe(true);
        expect(cancelledAmount.decimalPlaces()).toBeLessThanOrEqual(minorUnits(code));
        expect(cancelledAmount.plus(returned.total).lte(total)).toBe(true);
        expect(cancelledTax.plus(returned.taxAmount).lte(taxAmount)).toBe(true);
      }
      const { cancelledAmount, cancelledTax } = cancelled();
      expect(cancelledAmount.plus(returned.total).toFixed()).toBe(total.toFixed());
      expect(cancelledTax.plus(returned.taxAmount).toFixed()).toBe(taxAmount.toFixed());
    }),
    { numRuns: 1_000 },
  );
});
