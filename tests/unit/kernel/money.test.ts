import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInput } from '../../../src/kernel/common-errors';
import { Decimal } from '../../../src/kernel/decimal';
import {
  assertSameCurrency,
  assertScale,
  CURRENCIES,
  CurrencyMismatch,
  formatMoney,
  formatPrice,
  isCurrency,
  lineGross,
  minorUnits,
  percentOf,
  refundShare,
  roundMoney,
  spreadByLargestRemainder,
  taxExclusive,
  taxInclusive,
  TooManyDecimals,
} from '../../../src/kernel/money';
import { refusalOf } from '../../support/refusal';

const d = (value: string): Decimal => new Decimal(value);
const texts = (values: readonly Decimal[]): string[] => values.map((value) => value.toFixed());

describe('MON-1: minor units', () => {
  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['HUF', 2],
    ['MGA', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['CLP', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['BHD', 3],
    ['JOD', 3],
    ['OMR', 3],
    ['TND', 3],
    ['LYD', 3],
    ['IQD', 3],
  ])('MON-1: %s has %d decimals', (currency, decimals) => expect(minorUnits(currency)).toBe(decimals));

  test('MON-1: every code is three capital letters, once', () => {
    expect(CURRENCIES.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    expect(CURRENCIES.length).toBeGreaterThan(150);
  });

  test('MON-1: what is no currency is not taken', () => {
    for (const code of ['USD', 'GBP', 'KWD']) expect(isCurrency(code)).toBe(true);
    for (const code of ['usd', 'XXX', 'XAU', 'ABC', '', 'toString']) expect(isCurrency(code)).toBe(false);
  });

  test('MON-1: the database knows the same minor units', () => {
    const sql = readFileSync(join(__dirname, '../../../prisma/migrations/20261121090100_guards/migration.sql'), 'utf8');
    const inSql = new Map<string, number>();
    for (const [, codes, decimals] of sql.matchAll(/WHEN currency IN \(([^)]*)\) THEN (\d)/g)) {
      for (const [, code] of codes!.matchAll(/'([A-Z]{3})'/g)) inSql.set(code!, Number(decimals));
    }
    expect(inSql.get('JPY')).toBe(0);
    for (const code of CURRENCIES) expect([code, minorUnits(code)]).toEqual([code, inSql.get(code) ?? 2]);
  });
});

describe('MON-2: rounding is half away from zero', () => {
  test.each([
    ['0.005', 'USD', '0.01'],
    ['0.0049999', 'USD', '0'],
    ['-0.005', 'USD', '-0.01'],
    ['1.015', 'USD', '1.02'],
    ['2.5', 'JPY', '3'],
    ['-2.5', 'JPY', '-3'],
    ['2.49', 'JPY', '2'],
    ['1.0005', 'KWD', '1.001'],
    ['1.0004', 'KWD', '1'],
  ])('MON-2: %s in %s is %s', (value, currency, rounded) => expect(roundMoney(d(value), currency).toFixed()).toBe(rounded));
});

describe('MON-1: text', () => {
  test.each([
    ['12.5', 'USD', '12.50'],
    ['0', 'USD', '0.00'],
    ['-0.001', 'USD', '0.00'],
    ['-3.2', 'USD', '-3.20'],
    ['1200', 'JPY', '1200'],
    ['1.5', 'KWD', '1.500'],
    ['999999999999999.99', 'USD', '999999999999999.99'],
  ])('MON-1: the amount %s in %s is "%s"', (value, currency, text) =>
    expect(formatMoney(roundMoney(d(value), currency), currency)).toBe(text),
  );

  test.each([
    ['12.5', 'USD', '12.50'],
    ['0.0125', 'USD', '0.0125'],
    ['0.012500', 'USD', '0.0125'],
    ['0.1234565', 'USD', '0.123457'],
    ['3', 'KWD', '3.000'],
    ['100', 'JPY', '100'],
    ['0.5', 'JPY', '0.5'],
    ['0.0000004', 'USD', '0.00'],
  ])('MON-1: the price %s in %s is "%s"', (value, currency, text) => expect(formatPrice(d(value), currency)).toBe(text));
});

describe('MON-3: a line is rounded once', () => {
  test.each([
    ['3', '0.333333', 'USD', '1'],
    ['1000', '0.0125', 'USD', '12.5'],
    ['0.5', '0.01', 'USD', '0.01'],
    ['7', '0.333', 'JPY', '2'],
    ['2.5', '1.9999', 'KWD', '5'],
    ['999999999999.999999', '9999999999999.999999', 'KWD', '9999999999999999989000000.000'],
  ])('MON-3: %s × %s in %s is %s', (quantity, price, currency, gross) => {
    expect(lineGross(d(quantity), d(price), currency).eq(d(quantity).times(d(price)).toDecimalPlaces(minorUnits(currency)))).toBe(true);
    if (quantity.length < 10) expect(lineGross(d(quantity), d(price), currency).toFixed()).toBe(gross);
  });
});

describe('MON-6: tax', () => {
  test.each([
    ['100', '20', 'USD', '20'],
    ['0.13', '8.25', 'USD', '0.01'],
    ['9.99', '7.75', 'USD', '0.77'],
    ['105', '10', 'JPY', '11'],
    ['1', '5', 'KWD', '0.05'],
    ['50', '0', 'USD', '0'],
  ])('MON-6: tax on %s at %s %% in %s is %s', (base, rate, currency, tax) => {
    expect(taxExclusive(d(base), d(rate), currency).toFixed()).toBe(tax);
    expect(percentOf(d(base), d(rate), currency).toFixed()).toBe(tax);
  });

  test.each([
    ['120', '20', 'USD', '100', '20'],
    ['9.99', '20', 'USD', '8.33', '1.66'],
    ['0.01', '20', 'USD', '0.01', '0'],
    ['110', '10', 'JPY', '100', '10'],
    ['100', '8', 'JPY', '93', '7'],
    ['10', '0', 'USD', '10', '0'],
  ])('MON-6: %s containing %s %% in %s is %s net and %s tax', (gross, rate, currency, net, tax) => {
    const split = taxInclusive(d(gross), d(rate), currency);
    expect([split.net.toFixed(), split.tax.toFixed()]).toEqual([net, tax]);
  });
});

describe('MON-5: largest remainder', () => {
  test.each([
    ['10', ['1', '1', '1'], 'USD', ['3.34', '3.33', '3.33']],
    ['0.01', ['5', '5'], 'USD', ['0.01', '0']],
    ['0.02', ['1', '1', '2'], 'USD', ['0.01', '0', '0.01']],
    ['0.05', ['0.03', '0', '0.02'], 'USD', ['0.03', '0', '0.02']],
    ['100', ['33', '33', '34'], 'JPY', ['33', '33', '34']],
    ['1', ['1', '1', '1'], 'KWD', ['0.334', '0.333', '0.333']],
    ['1', ['1', '1', '1'], 'JPY', ['1', '0', '0']],
    ['-10', ['1', '1', '1'], 'USD', ['-3.34', '-3.33', '-3.33']],
    ['0', ['1', '2'], 'USD', ['0', '0']],
    ['0', [], 'USD', []],
    ['5', ['0', '0'], 'USD', ['2.5', '2.5']],
    ['1', ['2', '7', '1'], 'JPY', ['0', '1', '0']],
  ])('MON-5: %s over %j in %s is %j', (amount, weights, currency, shares) =>
    expect(texts(spreadByLargestRemainder(d(amount), weights.map(d), currency))).toEqual(shares),
  );

  test('MON-5: what cannot be spread is a programming error', () => {
    expect(() => spreadByLargestRemainder(d('1'), [], 'USD')).toThrow(RangeError);
    expect(() => spreadByLargestRemainder(d('0.001'), [d('1')], 'USD')).toThrow(RangeError);
    expect(() => spreadByLargestRemainder(d('1'), [d('2'), d('-1')], 'USD')).toThrow(RangeError);
  });
});

describe('MON-8: refunds', () => {
  test('MON-8: three refunds of one unit each give back exactly the line', () => {
    const first = refundShare(d('10'), d('1'), d('3'), d('0'), 'USD');
    const second = refundShare(d('10'), d('2'), d('3'), first, 'USD');
    const third = refundShare(d('10'), d('3'), d('3'), first.plus(second), 'USD');
    expect(texts([first, second, third])).toEqual(['3.33', '3.34', '3.33']);
  });

  test('MON-8: nothing back, nothing refunded; more given before, nothing now', () => {
    expect(refundShare(d('10'), d('0'), d('3'), d('0'), 'USD').toFixed()).toBe('0');
    expect(refundShare(d('10'), d('1'), d('3'), d('5'), 'USD').toFixed()).toBe('0');
  });

  test('MON-8: more than the line cannot come back', () => {
    expect(() => refundShare(d('10'), d('4'), d('3'), d('0'), 'USD')).toThrow(RangeError);
    expect(() => refundShare(d('10'), d('-1'), d('3'), d('0'), 'USD')).toThrow(RangeError);
  });
});

test('MON-9: another currency is refused by name', () => {
  expect(() => assertSameCurrency('EUR', 'EUR')).not.toThrow();
  expect(() => assertSameCurrency('EUR', 'USD')).toThrow(CurrencyMismatch);
  expect(() => assertSameCurrency('EUR', 'USD')).toThrow('The document is in EUR, so USD cannot be used in it');
});

describe('MON-10: decimals are refused, never rounded away', () => {
  test.each([
    ['12.50', 'USD'],
    ['12.5000', 'USD'],
    ['12', 'JPY'],
    ['0.001', 'KWD'],
    ['0', 'JPY'],
  ])('MON-10: %s fits %s', (value, currency) => expect(() => assertScale(d(value), currency)).not.toThrow());

  test.each([
    ['12.505', 'USD', 'shippingAmount must have at most 2 decimals in USD, but is 12.505'],
    ['0.5', 'JPY', 'shippingAmount must have at most 0 decimals in JPY, but is 0.5'],
    ['0.0001', 'KWD', 'shippingAmount must have at most 3 decimals in KWD, but is 0.0001'],
  ])('MON-10: %s does not fit %s', (value, currency, message) => {
    const attempt = (): void => assertScale(d(value), currency, 'shippingAmount');
    expect(attempt).toThrow(TooManyDecimals);
    expect(refusalOf(attempt)).toMatchObject({
      message,
      code: 'INVALID_INPUT',
      status: 400,
      details: { issues: [{ path: 'shippingAmount', message: message.replace('shippingAmount ', '') }] },
    });
  });

  test.each(['NaN', 'Infinity', '-Infinity'])('MON-10: %s is no amount', (value) =>
    expect(() => assertScale(d(value), 'USD')).toThrow(InvalidInput),
  );
});
