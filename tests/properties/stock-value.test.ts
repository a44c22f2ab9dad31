import * as fc from 'fast-check';
import { AppError } from '../../src/kernel/app-error';
import { asOrganization } from '../../src/kernel/context';
import { Decimal } from '../../src/kernel/decimal';
import type { Adjustment } from '../../src/modules/inventory/stock.service';
import { startTestApp, type TestApp } from '../support/app';
import { stockRoom } from '../support/stock';

/**
 * VAL-1, STK-3: the ledger against a reference in memory. Quantities and values of the reference are whole numbers of the smallest unit
 * (a millionth of a kilogram, a minor unit of the currency), so that it shares neither code nor rounding with what it judges.
 */
const MICRO = 1_000_000n;

class ReferenceLevel {
  quantity = 0n;
  value = 0n;

  constructor(private readonly minorUnits: number) {}

  /** Change of the value; undefined when there is not that much. `unitCost` in millionths of the currency. */
  move(quantity: bigint, unitCost: bigint | undefined, productCost: bigint): bigint | undefined {
    if (this.quantity + quantity < 0n) return undefined;
    const value = quantity > 0n ? this.worth(quantity, unitCost ?? this.average() ?? productCost) : this.share(-quantity);
    this.quantity += quantity;
    this.value += value;
    return value;
  }

  private worth(quantity: bigint, unitCost: bigint): bigint {
    return roundedQuotient(quantity * unitCost * 10n ** BigInt(this.minorUnits), MICRO * MICRO);
  }

  private share(quantity: bigint): bigint {
    return quantity === this.quantity ? -this.value : -roundedQuotient(this.value * quantity, this.quantity);
  }

  /** Per whole unit, in millionths of the currency. */
  private average(): bigint | undefined {
    if (this.quantity === 0n) return undefined;
    return roundedQuotient(this.value * MICRO * MICRO, this.quantity * 10n ** BigInt(this.minorUnits));
  }
}

/** Half away from zero; neither is negative. */
const roundedQuotient = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor);
const decimalOf = (count: bigint, decimals: number): Decimal => new Decimal(count.toString()).div(new Decimal(10).pow(decimals));

interface Step {
  readonly product: 0 | 1;
  readonly store: 0 | 1;
  readonly change: { readonly by: bigint } | { readonly to: bigint };
  readonly unitCost: bigint | undefined;
}

const quantity = fc.oneof(
  fc.bigInt({ min: 1n, max: 20n }).map((units) => units * MICRO),
  fc.bigInt({ min: 1n, max: 30n * MICRO }),
  fc.constantFrom(1n, 333_333n, MICRO / 2n),
);
const unitCost = fc.oneof(fc.bigInt({ min: 0n, max: 50n * MICRO }), fc.constantFrom(0n, 1n, 5_000n, 3_333_333n, 99_999_999_999n));
const step: fc.Arbitrary<Step> = fc.record({
  product: fc.constantFrom(0, 1),
  store: fc.constantFrom(0, 1),
  change: fc.oneof(
    { weight: 3, arbitrary: quantity.map((by) => ({ by })) },
    { weight: 4, arbitrary: quantity.map((by) => ({ by: -by })) },
    { weight: 2, arbitrary: fc.oneof(quantity, fc.constant(0n)).map((to) => ({ to })) },
  ),
  unitCost: fc.option(unitCost, { nil: undefined }),
});

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const PRODUCT_COST = 2_345_678n;

test.each([
  ['JPY', 0],
  ['USD', 2],
  ['KWD', 3],
] as const)('VAL-1: any sequence of adjustments leaves what the reference says, in %s', async (currency, minorUnits) => {
  const room = await stockRoom(app, { currency });
  const kilogram = (
    (await room.admin.post('/units', { code: 'kg', name: 'Kilogram', category: 'mass' }).expect(201)).body as { id: string }
  ).id;
  const stores = [room.owner.storeId, await room.store('DEPOT')];
  const { stock } = app.container.modules.inventory;

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), async (steps) => {
      const products = [
        await room.product({ unitId: kilogram, cost: decimalOf(PRODUCT_COST, 6).toFixed() }),
        await room.product({ unitId: kilogram }),
      ];
      const costs = [PRODUCT_COST, 0n];
      const reference = new Map<string, ReferenceLevel>();
      const levelOf = ({ product, store }: Step): ReferenceLevel => {
        const key = `${product}${store}`;
        if (!reference.has(key)) reference.set(key, new ReferenceLevel(minorUnits));
        return reference.get(key)!;
      };
      for (const taken of steps) {
        const level = levelOf(taken);
        const by = 'by' in taken.change ? taken.change.by : taken.change.to - level.quantity;
        const given = by > 0n ? taken.unitCost : undefined;
        const before = level.value;
        const value = by === 0n ? 0n : level.move(by, given, costs[taken.product]!);
        const adjustment: Adjustment = {
          productId: products[taken.product]!,
          storeId: stores[taken.store]!,
          change: 'by' in taken.change ? { by: decimalOf(taken.change.by, 6) } : { to: decimalOf(taken.change.to, 6) },
          reason: 'correction',
          ...(given !== undefined && { unitCost: decimalOf(given, 6) }),
        };
        const outcome = await asOrganization(room.owner.organizationId, () => stock.adjust(adjustment)).catch((error: unknown) => error);
        if (value === undefined) {
          expect(outcome).toBeInstanceOf(AppError);
          expect((outcome as AppError).code).toBe('INSUFFICIENT_STOCK');
          expect(level.value).toBe(before);
          continue;
        }
        expect(outcome).toMatchObject({ level: { onHand: decimalOf(level.quantity, 6), value: decimalOf(level.value, minorUnits) } });
        if (by === 0n) expect(outcome).toMatchObject({ movement: null });
        else expect(outcome).toMatchObject({ movement: { quantity: decimalOf(by, 6), value: decimalOf(value, minorUnits) } });
        expect(level.quantity > 0n || level.value === 0n).toBe(true);
      }
      const stored = await app.sql<{ key: string; on_hand: string; value: string }>(
        `SELECT CASE product_id WHEN $1 THEN '0' ELSE '1' END || CASE store_id WHEN $3 THEN '0' ELSE '1' END AS key, on_hand::text, value::text
         FROM stock_levels WHERE product_id IN ($1, $2)`,
        [...products, stores[0]],
      );
      // A refusal has written nothing, not even an empty level.
      const levels = new Map(stored.map(({ key, on_hand, value }) => [key, [on_hand, value]]));
      for (const [key, level] of reference) {
        const [onHand = '0', value = '0'] = levels.get(key) ?? [];
        expect([new Decimal(onHand), new Decimal(value)]).toEqual([decimalOf(level.quantity, 6), decimalOf(level.value, minorUnits)]);
      }
    }),
    { numRuns: 25, seed: 20261126 },
  );
});
