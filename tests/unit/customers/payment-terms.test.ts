import { paymentTermDays } from '../../../src/modules/customers/domain/payment-terms';

describe('IVC-4: payment terms', () => {
  it.each([
    ['30', 30],
    ['Net 30', 30],
    ['net45', 45],
    ['14 days', 14],
    ['0', 0],
    ['365', 365],
    ['Due on receipt', 0],
  ])('%j are %d days', (terms, days) => {
    expect(paymentTermDays(terms)).toBe(days);
  });

  it.each(['', '366', 'Net -1', '1.5', 'soon', '1e2', 'Net'])('%j is no term', (terms) => {
    expect(paymentTermDays(terms)).toBeUndefined();
  });
});
