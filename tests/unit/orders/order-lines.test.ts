import { InvalidInput, UnusableReference } from '../../../src/kernel/common-errors';
import { Decimal } from '../../../src/kernel/decimal';
import {
  ExceedsOpenQuantity,
  leavesNothingOpen,
  openPortions,
  openQuantity,
  planCancellation,
  planShipment,
  type Portion,
} from '../../../src/modules/orders/domain/order-lines';
import { refusalOf } from '../../support/refusal';

const d = (value: number | string): Decimal => new Decimal(value);
const line = (id: string, quantity: number | string, shipped: number | string = 0, cancelled: number | string = 0) => ({
  id,
  sku: `SKU-${id}`,
  productId: `product-${id}`,
  tracksStock: true,
  quantity: d(quantity),
  shippedQuantity: d(shipped),
  cancelledQuantity: d(cancelled),
});
const ask = (itemId: string, quantity: number | string) => ({ itemId, quantity: d(quantity) });
const text = (portions: readonly Portion<{ id: string }>[]): string[] =>
  portions.map(({ line, quantity }) => `${line.id}:${quantity.toFixed()}`);

test.each([
  [5, 0, 0, '5'],
  [5, 2, 0, '3'],
  [5, 2, 3, '0'],
  ['0.3', '0.1', '0.1', '0.1'],
])('ORD-3: of %s ordered, %s shipped and %s cancelled, %s are open', (ordered, shipped, cancelled, open) =>
  expect(openQuantity(line('a', ordered, shipped, cancelled)).toFixed()).toBe(open),
);

const lines = [line('a', 5, 2), line('b', 3, 1, 2), line('c', '1.5')];

describe.each([
  ['shipment', planShipment],
  ['cancellation', planCancellation],
])('ORD-3: planning a %s', (_, plan) => {
  test('ORD-4: everything open unless told otherwise', () => {
    expect(text(plan(lines))).toEqual(['a:3', 'c:1.5']);
    expect(text(openPortions(lines))).toEqual(['a:3', 'c:1.5']);
    expect(plan([line('x', 1, 1)])).toEqual([]);
  });

  test('ORD-3: what was asked, in the order of the lines', () =>
    expect(text(plan(lines, [ask('c', '0.5'), ask('a', 3)]))).toEqual(['a:3', 'c:0.5']));

  test('ORD-3: an item that is named twice is summed', () => {
    expect(text(plan(lines, [ask('a', 1), ask('a', 2)]))).toEqual(['a:3']);
    expect(() => plan(lines, [ask('a', 2), ask('a', 2)])).toThrow(ExceedsOpenQuantity);
  });

  test('ORD-3: more than open is refused, naming each', () => {
    const attempt = () => plan(lines, [ask('a', '3.5'), ask('b', 1), ask('c', 1)]);
    expect(refusalOf(attempt)).toMatchObject({
      code: 'EXCEEDS_OPEN_QUANTITY',
      status: 409,
      message: 'More was asked for than is still open: SKU-a (asked 3.5, open 3), SKU-b (asked 1, open 0)',
      details: {
        items: [
          { itemId: 'a', sku: 'SKU-a', asked: '3.5', open: '3' },
          { itemId: 'b', sku: 'SKU-b', asked: '1', open: '0' },
        ],
      },
    });
  });

  test('ORD-3: unknown items are refused', () => {
    expect(() => plan(lines, [ask('a', 1), ask('x', 1), ask('y', 1)])).toThrow(UnusableReference);
    expect(refusalOf(() => plan(lines, [ask('x', 1)]))).toMatchObject({ status: 422, details: { itemIds: ['x'] } });
  });

  test('QTY-4: a sign does not change the direction', () => {
    expect(() => plan(lines, [ask('a', 4), ask('a', -1)])).toThrow(InvalidInput);
    expect(() => plan(lines, [ask('a', 0)])).toThrow(InvalidInput);
  });
});

test('ORD-4: nothing is left open when every open unit is taken', () => {
  expect(leavesNothingOpen(lines, planShipment(lines))).toBe(true);
  expect(leavesNothingOpen(lines, planShipment(lines, [ask('a', 3), ask('c', '1.5')]))).toBe(true);
  expect(leavesNothingOpen(lines, planShipment(lines, [ask('a', 3), ask('c', 1)]))).toBe(false);
  expect(leavesNothingOpen(lines, planShipment(lines, [ask('a', 3)]))).toBe(false);
  expect(leavesNothingOpen([line('x', 1, 1)], [])).toBe(true);
});
