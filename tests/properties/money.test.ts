import * as fc from 'fast-check';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { minorUnits, refundShare, roundMoney, spreadByLargestRemainder, taxExclusive, taxInclusive } from '../../src/kernel/money';
import { QuantityNotExact, toStockUnit } from '../../src/kernel/quantity';

const currency = fc.constantFrom('JPY', 'USD', 'KWD');
/** A decimal of so many minor units. */
const decimal = (max: bigint, decimals: number): fc.Arbitrary<Decimal> =>
  fc.bigInt({ min: 0n, max }).map((units) => new Decimal(units.toString()).div(new Decimal(10).pow(decimals)));
const amount = (code: string): fc.Arbitrary<Decimal> => fc.oneof(decimal(200n, minorUnits(code)), decimal(10n ** 15n, minorUnits(code)));
const rate = decimal(1_000_000n, 4);
const price = fc.oneof(decimal(3_000_000n, 6), decimal(10n ** 19n, 6));

test('MON-2: a rounded amount is at most half a minor unit away, and rounding twice is rounding once', () => {
  fc.assert(
    fc.property(currency, price, fc.boolean(), (code, magnitude, negative) => {
      const value = negative ? magnitude.negated() : magnitude;
      const rounded = roundMoney(value, code);
      const half = new Decimal(10).pow(-minorUnits(code)).div(2);
      expect(rounded.minus(value).abs().lte(half)).toBe(true);
      expect(rounded.eq(roundMoney(rounded, code))).toBe(true);
      expect(roundMoney(value.negated(), code).eq(rounded.negated())).toBe(true);
    }),
  );
});

const spreading = currency.chain((code) =>
  fc.record({ code: fc.constant(code), amount: amount(code), weights: fc.array(amount(code), { minLength: 1, maxLength: 12 }) }),
);

test('MON-5: shares add up exactly, in minor units, and none is more than a unit off', () => {
  fc.assert(
    fc.property(spreading, ({ code, amount, weights }) => {
      const shares = spreadByLargestRemainder(amount, weights, code);
      expect(shares).toHaveLength(weights.length);
      expect(sum(shares).eq(amount)).toBe(true);
      const unit = new Decimal(10).pow(-minorUnits(code));
      const total = sum(weights);
      for (const [index, share] of shares.entries()) {
        expect(share.gte(0) && share.decimalPlaces() <= minorUnits(code)).toBe(true);
        if (total.gt(0)) expect(share.minus(amount.times(weights[index]!).div(total)).abs().lt(unit)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('MON-5: no share is more than its weight while the amount is not more than all of them', () => {
  fc.assert(
    fc.property(spreading, fc.integer({ min: 0, max: 1000 }), ({ code, weights }, permille) => {
      const amount = roundMoney(sum(weights).times(permille).div(1000), code);
      for (const [index, share] of spreadByLargestRemainder(amount, weights, code).entries()) {
        expect(share.lte(weights[index]!)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('MON-5: a greater weight never gets less, and equal weights favour the lower index', () => {
  fc.assert(
    fc.property(spreading, ({ code, amount, weights }) => {
      const shares = spreadByLargestRemainder(amount, weights, code);
      for (let a = 0; a < weights.length; a += 1) {
        for (let b = 0; b < weights.length; b += 1) {
          if (weights[a]!.gt(weights[b]!) || (weights[a]!.eq(weights[b]!) && a < b)) expect(shares[a]!.gte(shares[b]!)).toBe(true);
        }
      }
    }),
  );
});

test('MON-6: tax inside a price and the net add up to it, and match the tax on the net', () => {
  fc.assert(
    fc.property(
      currency.chain((code) => fc.record({ code: fc.constant(code), gross: amount(code) })),
      rate,
      ({ code, gross }, rate) => {
        const { net, tax } = taxInclusive(gross, rate, code);
        const unit = new Decimal(10).pow(-minorUnits(code));
        expect(net.plus(tax).eq(gross)).toBe(true);
        expect(tax.gte(0) && net.gte(0)).toBe(true);
        expect(
          taxExclusive(net, rate, code)
            .minus(tax)
            .abs()
            .lte(unit.times(rate.div(100).plus(1))),
        ).toBe(true);
      },
    ),
  );
});

test('MON-8: however a line comes back, the refunds add up to what was paid and none is negative', () => {
  fc.assert(
    fc.property(
      currency.chain((code) => fc.record({ code: fc.constant(code), total: amount(code) })),
      fc.array(
        decimal(10_000_000n, 6).filter((quantity) => quantity.gt(0)),
        { minLength: 1, maxLength: 8 },
      ),
      ({ code, total }, portions) => {
        const lineQuantity = sum(portions);
        let back = ZERO;
        let refunded = ZERO;
        for (const portion of portions) {
          back = back.plus(portion);
          const share = refundShare(total, back, lineQuantity, refunded, code);
          expect(share.gte(0)).toBe(true);
          refunded = refunded.plus(share);
        }
        expect(refunded.eq(total)).toBe(true);
      },
    ),
  );
});

test('QTY-1: a conversion is exact or refused, never rounded', () => {
  const factor = decimal(10n ** 7n, 3).filter((value) => value.gt(0));
  const quantity = decimal(10n ** 9n, 6).filter((value) => value.gt(0));
  fc.assert(
    fc.property(quantity, factor, factor, (quantity, from, to) => {
      let converted: Decimal;
      try {
        converted = toStockUnit(quantity, from, to);
      } catch (error) {
        expect(error).toBeInstanceOf(QuantityNotExact);
        expect(quantity.times(from).div(to).decimalPlaces()).toBeGreaterThan(6);
        return;
      }
      expect(converted.times(to).eq(quantity.times(from))).toBe(true);
      expect(converted.decimalPlaces()).toBeLessThanOrEqual(6);
    }),
  );
});
