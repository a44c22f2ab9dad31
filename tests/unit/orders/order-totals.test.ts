import { InvalidInput } from '../../../src/kernel/common-errors';
import { Decimal, ZERO } from '../../../src/kernel/decimal';
import { TooManyDecimals } from '../../../src/kernel/money';
import {
  assertTotal,
  DiscountTooLarge,
  enteredDiscount,
  type LineToPrice,
  type OrderToPrice,
  type PricedOrder,
  priceOrder,
  TotalMismatch,
} from '../../../src/modules/orders/domain/order-totals';
import { refusalOf } from '../../support/refusal';

const d = (value: string): Decimal => new Decimal(value);
const line = (quantity: string, unitPrice: string, more: Partial<LineToPrice> = {}): LineToPrice => ({
  quantity: d(quantity),
  unitPrice: d(unitPrice),
  taxRate: ZERO,
  taxInclusive: false,
  ...more,
});
const price = (lines: readonly LineToPrice[], more: Partial<OrderToPrice> = {}): PricedOrder =>
  priceOrder({ currency: 'USD', lines, ...more });
/** Amounts as text, so that a failure reads well. */
const text = (amounts: object): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).flatMap(([key, value]) => (Decimal.isDecimal(value) ? [[key, value.toFixed()]] : [])));

describe('MON-4: totals', () => {
  test('MON-4: plain lines', () => {
    const order = price([line('2', '10.00'), line('3', '0.335')], { shippingAmount: d('4.9') });
    expect(order.lines.map(text)).toEqual([
      { gross: '20', discountAmount: '0', documentDiscount: '0', base: '20', taxAmount: '0', total: '20' },
      { gross: '1.01', discountAmount: '0', documentDiscount: '0', base: '1.01', taxAmount: '0', total: '1.01' },
    ]);
    expect(text(order)).toEqual({
      subtotal: '21.01',
      discountTotal: '0',
      shippingAmount: '4.9',
      taxTotal: '0',
      taxIncluded: '0',
      total: '25.91',
    });
  });

  test('MON-4: line discount, then the share of the document discount, then tax', () => {
    const order = price(
      [
        line('10', '10', { discountPercent: d('10'), taxRate: d('20') }),
        line('1', '50', { discountAmount: d('5'), taxRate: d('20'), taxInclusive: true }),
      ],
      { discountPercent: d('10'), shippingAmount: d('5') },
    );
    expect(order.lines.map(text)).toEqual([
      { gross: '100', discountAmount: '10', documentDiscount: '9', base: '81', taxAmount: '16.2', total: '97.2' },
      { gross: '50', discountAmount: '5', documentDiscount: '4.5', base: '33.75', taxAmount: '6.75', total: '40.5' },
    ]);
    expect(text(order)).toEqual({
      subtotal: '150',
      discountTotal: '28.5',
      shippingAmount: '5',
      taxTotal: '22.95',
      taxIncluded: '6.75',
      total: '142.7',
    });
  });

  test('MON-5: the cents of a document discount go to the largest remainders', () => {
    const order = price([line('1', '1'), line('1', '1'), line('1', '1')], { discountAmount: d('0.5') });
    expect(order.lines.map(({ documentDiscount }) => documentDiscount.toFixed())).toEqual(['0.17', '0.17', '0.16']);
    expect(order.total.toFixed()).toBe('2.5');
  });

  test('MON-1: the currency decides the decimals', () => {
    expect(text(price([line('3', '33.4', { taxRate: d('10') })], { currency: 'JPY' }))).toMatchObject({
      subtotal: '100',
      taxTotal: '10',
      total: '110',
    });
    expect(text(price([line('3', '0.3335', { taxRate: d('5') })], { currency: 'KWD' }))).toMatchObject({
      subtotal: '1.001',
      taxTotal: '0.05',
      total: '1.051',
    });
  });

  test('MON-4: no lines cost the shipping', () => expect(price([], { shippingAmount: d('3') }).total.toFixed()).toBe('3'));

  test('MON-7: everything may be given away, to nothing and not below', () => {
    const order = price([line('1', '10', { discountPercent: d('100'), taxRate: d('20') }), line('2', '5')], { discountAmount: d('10') });
    expect(text(order)).toMatchObject({ subtotal: '20', discountTotal: '20', taxTotal: '0', total: '0' });
  });

  test('MON-4: zero and null are no discount', () => {
    const none = { discountPercent: null, discountAmount: ZERO };
    expect(price([line('1', '10', none)], { ...none, shippingAmount: null }).total.toFixed()).toBe('10');
  });
});

describe('MON-7: discounts that are too large', () => {
  test.each([
    ['a line', () => price([line('1', '1'), line('1', '10', { discountAmount: d('10.01') })]), 'items.1.discountAmount', '10.01', '10.00'],
    [
      'a line in per cent',
      () => price([line('1', '10', { discountPercent: d('100.0001') })]),
      'items.0.discountPercent',
      '100.0001 %',
      '100 %',
    ],
    [
      'the document after the line discounts',
      () => price([line('1', '10', { discountAmount: d('4') })], { discountAmount: d('6.01') }),
      'discountAmount',
      '6.01',
      '6.00',
    ],
  ])('MON-7: on %s', (_, attempt, path, discount, limit) => {
    expect(attempt).toThrow(DiscountTooLarge);
    expect(refusalOf(attempt)).toMatchObject({ code: 'DISCOUNT_TOO_LARGE', status: 422, details: { path, discount, limit } });
  });
});

describe('MON-10: what is not a discount', () => {
  const both = { discountPercent: d('1'), discountAmount: d('1') };
  test.each([
    ['both forms on a line', () => price([line('1', '10', both)]), 'items.0.discountAmount'],
    ['both forms on the document', () => price([line('1', '10')], both), 'discountAmount'],
    ['a negative amount', () => price([line('1', '10', { discountAmount: d('-1') })]), 'items.0.discountAmount'],
    ['a negative per cent', () => price([line('1', '10')], { discountPercent: d('-1') }), 'discountPercent'],
    ['NaN', () => price([line('1', '10')], { discountAmount: d('NaN') }), 'discountAmount'],
  ])('MON-10: %s', (_, attempt, path) => {
    expect(attempt).toThrow(InvalidInput);
    expect(refusalOf(attempt)).toMatchObject({ details: { issues: [{ path, message: expect.any(String) }] } });
  });

  test('MON-10: amounts with more decimals than the currency', () => {
    expect(() => price([line('1', '10', { discountAmount: d('0.001') })])).toThrow(TooManyDecimals);
    expect(() => price([line('1', '10')], { discountAmount: d('0.001') })).toThrow(TooManyDecimals);
    expect(() => price([line('1', '10')], { shippingAmount: d('0.5'), currency: 'JPY' })).toThrow(
      'shippingAmount must have at most 0 decimals',
    );
  });
});

describe('MON-4: a total that was sent', () => {
  test('MON-4: none, or the right one in any spelling', () => {
    expect(() => assertTotal(d('12.5'), undefined, 'USD')).not.toThrow();
    expect(() => assertTotal(d('12.5'), null, 'USD')).not.toThrow();
    expect(() => assertTotal(d('12.5'), d('12.500'), 'USD')).not.toThrow();
  });
  test('MON-4: the wrong one', () => {
    expect(() => assertTotal(d('12.5'), d('12.49'), 'USD')).toThrow(TotalMismatch);
    expect(refusalOf(() => assertTotal(d('12.5'), d('12.49'), 'USD'))).toMatchObject({
      code: 'TOTAL_MISMATCH',
      status: 422,
      details: { given: '12.49', computed: '12.50' },
    });
  });
});

test('MON-4: a stored line is priced anew from what was entered', () => {
  expect(enteredDiscount({ discountPercent: d('10'), discountAmount: d('3') })).toEqual({ discountPercent: d('10') });
  expect(enteredDiscount({ discountPercent: null, discountAmount: d('3') })).toEqual({ discountAmount: d('3') });
});
