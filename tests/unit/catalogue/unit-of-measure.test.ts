import { InvalidInput } from '../../../src/kernel/common-errors';
import { Decimal } from '../../../src/kernel/decimal';
import { convertQuantity, UnitsNotConvertible, type UnitOfMeasure } from '../../../src/modules/catalogue/domain/unit-of-measure';
import { refusalOf } from '../../support/refusal';

const pcs: UnitOfMeasure = { code: 'pcs', category: 'count', factor: '1', isWhole: true };
const dozen: UnitOfMeasure = { code: 'dz', category: 'count', factor: '12', isWhole: true };
const kg: UnitOfMeasure = { code: 'kg', category: 'mass', factor: '1', isWhole: false };
const pound: UnitOfMeasure = { code: 'lb', category: 'mass', factor: '0.45359237', isWhole: false };

const converted = (quantity: string, from: UnitOfMeasure, to: UnitOfMeasure): string =>
  convertQuantity(new Decimal(quantity), from, to).toFixed();

describe('QTY-2: conversion of units', () => {
  it.each([
    ['2', dozen, pcs, '24'],
    ['24', pcs, dozen, '2'],
    ['1', pound, kg, '0.453592'],
    ['1', kg, pound, '2.204623'],
    ['0', kg, pound, '0'],
    ['999999999999.999999', kg, kg, '999999999999.999999'],
  ])('%s %j is %j %s', (quantity, from, to, result) => {
    expect(converted(quantity, from, to)).toBe(result);
  });

  it('stays inside one category', () => {
    expect(refusalOf(() => converted('1', kg, pcs))).toBeInstanceOf(UnitsNotConvertible);
  });

  it('splits no whole unit, neither what is given nor what comes out', () => {
    expect(refusalOf(() => converted('1.5', dozen, pcs))).toBeInstanceOf(InvalidInput);
    expect(refusalOf(() => converted('25', pcs, dozen))).toBeInstanceOf(InvalidInput);
  });
});
