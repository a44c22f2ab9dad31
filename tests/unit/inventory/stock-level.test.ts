import { Decimal } from '../../../src/kernel/decimal';
import {
  availableOf,
  averageCost,
  byLockOrder,
  shortages,
  sumDemand,
  takeableFrom,
  type Demand,
  type StockLevel,
} from '../../../src/modules/inventory/domain/stock-level';
import { insufficientStock } from '../../../src/modules/inventory/stock.service';

const d = (value: number | string): Decimal => new Decimal(value);
const level = (onHand: number | string, reserved: number | string, allowsBackorder = false, value: number | string = 0): StockLevel => ({
  productId: 'p',
  storeId: 's',
  onHand: d(onHand),
  reserved: d(reserved),
  value: d(value),
  allowsBackorder,
});
const demand = (productId: string, storeId: string, quantity: number | string): Demand => ({ productId, storeId, quantity: d(quantity) });
const text = (demands: readonly Demand[]): string[] =>
  demands.map(({ productId, storeId, quantity }) => `${productId}${storeId}:${quantity.toFixed()}`);

test.each([
  [5, 2, '3'],
  [5, 5, '0'],
  ['0.3', '0.1', '0.2'],
  [2, 7, '0'],
])('STK-4: of %s on hand, %s reserved, %s are available, and never less than nothing', (onHand, reserved, available) =>
  expect(availableOf(level(onHand, reserved)).toFixed()).toBe(available),
);

test('STK-5: what back-orders have reserved does not keep goods from being taken by hand', () => {
  expect(takeableFrom(level(5, 2)).toFixed()).toBe('3');
  expect(takeableFrom(level(5, 2, true)).toFixed()).toBe('5');
  expect(takeableFrom(level(5, 9, true)).toFixed()).toBe('5');
});

test('VAL-1: the average of nothing is unknown; six decimals, half away from zero', () => {
  expect(averageCost(level(0, 0))).toBeUndefined();
  expect(averageCost(level(4, 0, false, '10'))?.toFixed()).toBe('2.5');
  expect(averageCost(level(3, 0, false, '10'))?.toFixed()).toBe('3.333333');
  expect(averageCost(level(6, 0, false, '10'))?.toFixed()).toBe('1.666667');
  expect(averageCost(level(2_000_000, 0, false, '1'))?.toFixed()).toBe('0.000001');
});

test('STK-6: demand is summed per product and store, in lock order', () => {
  const demands = [demand('b', '1', 2), demand('a', '2', 1), demand('b', '1', '0.5'), demand('a', '1', 1), demand('a', '2', 1)];
  expect(text(sumDemand(demands))).toEqual(['a1:1', 'a2:2', 'b1:2.5']);
  expect(text(sumDemand([]))).toEqual([]);
  expect(byLockOrder(demand('a', '1', 1), demand('a', '1', 2))).toBe(0);
});

test('STK-6: every shortage is named with what was asked and what is available; back-orders never run short', () => {
  const levels = new Map([
    ['a|1', { ...level(5, 2), productId: 'a', storeId: '1' }],
    ['b|1', { ...level(0, 4, true), productId: 'b', storeId: '1' }],
  ]);
  expect(shortages([demand('a', '1', 3)], levels)).toEqual([]);
  expect(shortages([demand('a', '1', '3.000001'), demand('b', '1', 10), demand('c', '1', 1)], levels)).toEqual([
    { productId: 'a', storeId: '1', asked: d('3.000001'), available: d(3) },
    { productId: 'c', storeId: '1', asked: d(1), available: d(0) },
  ]);
});

test('STK-6: the refusal tells people about each product, also one without a name', () => {
  const short = [
    { productId: 'a', storeId: '1', asked: d(3), available: d('1.5') },
    { productId: 'c', storeId: '1', asked: d(1), available: d(0) },
  ];
  const refusal = insufficientStock(short, new Map([['a', { sku: 'LAMP', name: 'Lamp' }]]));
  expect(refusal).toMatchObject({
    code: 'INSUFFICIENT_STOCK',
    status: 409,
    message: 'Not enough stock – Lamp: asked 3, available 1.5; c: asked 1, available 0',
    details: {
      items: [
        { productId: 'a', sku: 'LAMP', name: 'Lamp', storeId: '1', asked: '3', available: '1.5' },
        { productId: 'c', sku: null, name: null, storeId: '1', asked: '1', available: '0' },
      ],
    },
  });
});
