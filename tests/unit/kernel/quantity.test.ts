import { InvalidInput } from '../../../src/kernel/common-errors';
import { Decimal } from '../../../src/kernel/decimal';
import { assertQuantity, assertWhole, formatQuantity, QuantityNotExact, sumByKey, toStockUnit } from '../../../src/kernel/quantity';
import { refusalOf } from '../../support/refusal';

const d = (value: string): Decimal => new Decimal(value);

test.each([
  ['3.000000', '3'],
  ['0.250000', '0.25'],
  ['100', '100'],
  ['0.000001', '0.000001'],
  ['999999999999.999999', '999999999999.999999'],
  ['-2', '-2'],
])('QTY-1: %s is written "%s"', (value, text) => expect(formatQuantity(d(value))).toBe(text));

test.each(['1', '0.000001', '999999999999'])('QTY-4: %s is a quantity', (value) => expect(() => assertQuantity(d(value))).not.toThrow());
test.each(['0', '-1', '0.0000001', 'NaN', 'Infinity'])('QTY-4: %s is no quantity', (value) =>
  expect(() => assertQuantity(d(value), 'items.0.quantity')).toThrow(InvalidInput),
);

describe('QTY-2: whole units', () => {
  const piece = { code: 'PCS', isWhole: true };
  test('QTY-2: whole units take whole quantities', () => expect(() => assertWhole(d('3.000'), piece)).not.toThrow());
  test('QTY-2: other units take fractions', () => expect(() => assertWhole(d('0.5'), { code: 'KG', isWhole: false })).not.toThrow());
  test('QTY-2: whole units refuse fractions', () =>
    expect(() => assertWhole(d('2.5'), piece, 'items.1.quantity')).toThrow('items.1.quantity must be a whole number of PCS, but is 2.5'));
});

describe('QTY-1: conversion is exact', () => {
  test.each([
    ['5', '1', '1', '5'],
    ['2', '12', '1', '24'],
    ['24', '1', '12', '2'],
    ['250', '0.001', '1', '0.25'],
    ['1', '0.3048', '0.0254', '12'],
    ['25.4', '0.001', '0.0254', '1'],
    ['0.001', '0.001', '1', '0.000001'],
    ['3', '0.453592', '0.001', '1360.776'],
  ])('QTY-1: %s at %s per base unit is, at %s, %s', (quantity, from, to, converted) =>
    expect(toStockUnit(d(quantity), d(from), d(to)).toFixed()).toBe(converted),
  );

  test.each([
    ['1', '1', '3'],
    ['0.000001', '0.001', '1'],
    ['1', '0.45359237', '1'],
    ['1', '0.001', '12'],
  ])('QTY-1: %s at %s is refused at %s rather than rounded', (quantity, from, to) => {
    const attempt = (): Decimal => toStockUnit(d(quantity), d(from), d(to));
    expect(attempt).toThrow(QuantityNotExact);
    expect(refusalOf(attempt)).toMatchObject({ status: 422, details: { quantity, fromFactor: from, toFactor: to } });
  });
});

test('QTY-1: sums by key keep the order of first mention', () => {
  const items = [
    { key: 'b', quantity: d('0.1') },
    { key: 'a', quantity: d('1') },
    { key: 'b', quantity: d('0.2') },
  ];
  const sums = sumByKey(
    items,
    ({ key }) => key,
    ({ quantity }) => quantity,
  );
  expect([...sums].map(([key, quantity]) => `${key}=${quantity.toFixed()}`)).toEqual(['b=0.3', 'a=1']);
});
