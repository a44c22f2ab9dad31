import * as fc from 'fast-check';
import { checkOutput } from '../../src/http/fields/field';
import { money, percent, price, quantity, quantityOrZero, rate, signedMoney, signedQuantity } from '../../src/http/fields/fields';
import { accepted, parse, refusal } from './parsing';

describe('decimals', () => {
  test.each([
    [money(), '12.50', '12.5'],
    [money(), '0', '0'],
    [money(), '0.0000', '0'],
    [money(), '007.10', '7.1'],
    [money(), 12.5, '12.5'],
    [money(), 0, '0'],
    [money(), 1e3, '1000'],
    [money(), '999999999999999.9999', '999999999999999.9999'],
    [signedMoney(), '-0', '0'],
    [signedMoney(), '-3.20', '-3.2'],
    [signedMoney(), -0, '0'],
    [price(), '0.000001', '0.000001'],
    [price(), 0.000001, '0.000001'],
    [quantity(), '0.5', '0.5'],
    [quantityOrZero(), 0, '0'],
    [signedQuantity(), '-2', '-2'],
    [percent(), '100', '100'],
    [rate(), '0.45359237', '0.45359237'],
  ])('%# is taken as its canonical text', (field, sent, canonical) => {
    expect(accepted(field, sent)).toBe(canonical);
  });

  test.each([
    NaN,
    Infinity,
    -Infinity,
    'NaN',
    'Infinity',
    '1e400',
    '1e2',
    Number.MAX_VALUE,
    1e21,
    '+5',
    '.5',
    '5.',
    ' 5',
    '1,50',
    '1_000',
    '0x10',
    '１２',
    '٣',
    '',
    '-1',
    -1,
    '1.23456',
    1.23456,
    '1.00000',
    '1000000000000000',
    '9'.repeat(30),
    `0.${'1'.repeat(30)}`,
    '9'.repeat(100_000),
    0.1 + 0.2,
    2 ** 53,
    true,
    null,
    [],
    ['5'],
    {},
    { not: '' },
    '5\0',
    '\ud800',
  ])('money refuses hostile input %# and says why', (sent) => {
    const message = refusal(money(), sent);
    expect(message).not.toBe('');
    expect(message.length).toBeLessThan(200);
  });

  test('limits of the others', () => {
    expect(refusal(percent(), '100.0001')).toBe('must be at most 100, but is "100.0001"');
    expect(refusal(quantity(), '0')).toBe('must not be zero');
    expect(refusal(quantity(), '0.0000001')).toContain('at most 6 decimals');
    expect(refusal(rate({ decimals: 2 }), '1.234')).toContain('at most 2 decimals');
    expect(refusal(money(), '{#label} {{x}}')).toContain('{#label} {{x}}');
  });

  test.each([
    ['money', money()],
    ['signedMoney', signedMoney()],
    ['quantity', quantity()],
    ['percent', percent()],
    ['rate', rate({ integers: 3, decimals: 2 })],
  ])('%s is described as it is taken', (_, field) => {
    interface Described {
      readonly pattern: string;
      readonly not?: { readonly type: string; readonly pattern: string };
    }
    const { pattern, not } = field.document({}) as unknown as Described;
    const few = (max: number) => fc.array(fc.constantFrom('0', '1', '9'), { maxLength: max }).map((digits) => digits.join(''));
    const near = fc.tuple(
      fc.constantFrom('', '-'),
      fc.oneof(few(3), few(17), fc.constant('100')),
      fc.oneof(fc.constant('.'), few(0)),
      few(7),
    );
    fc.assert(
      fc.property(near, ([sign, whole, point, part]) => {
        // Leading zeros are taken as well, however many.
        const text = `${sign}${`${whole}${point}${part}`.replace(/^0+(?=[0-9])/, '')}`;
        const described = new RegExp(pattern).test(text) && (not === undefined || !new RegExp(not.pattern).test(text));
        // Negative zero is taken for zero, which nobody has to know.
        fc.pre(!/^-[0.]*$/.test(text));
        expect([text, described]).toEqual([text, refusal(field, text) === '']);
      }),
      { numRuns: 300 },
    );
  });

  test('what is accepted is exactly what was sent', () => {
    const digits = fc.integer({ min: 0, max: 9 });
    const written = fc
      .record({
        integers: fc.array(digits, { minLength: 1, maxLength: 15 }),
        decimals: fc.array(digits, { maxLength: 4 }),
        minus: fc.boolean(),
      })
      .map(
        ({ integers, decimals, minus }) => `${minus ? '-' : ''}${integers.join('')}${decimals.length > 0 ? `.${decimals.join('')}` : ''}`,
      );
    const scaled = (decimal: string): bigint => {
      const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
      return BigInt(whole + fraction.padEnd(4, '0')) * (decimal.startsWith('-') ? -1n : 1n);
    };
    fc.assert(
      fc.property(written, (sent) => {
        const parsed = accepted(signedMoney(), sent) as string;
        expect(scaled(parsed)).toBe(scaled(sent));
        expect(parsed).toMatch(/^(0|-?(?!0\d)\d+(\.\d*[1-9])?)$/);
        expect(accepted(signedMoney(), parsed)).toBe(parsed);
      }),
    );
  });

  test('any other text is refused or unchanged in value, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.double(), fc.anything()), (sent) => {
        const { value, issues } = parse(signedMoney(), sent);
        if (issues.length === 0) expect(Number(value)).toBe(Number(sent) + 0);
      }),
    );
  });

  test('answers hold decimal text within the same limits, zeros and all', () => {
    expect(checkOutput(money(), '12.50')).toEqual([]);
    expect(checkOutput(money(), 12.5)).toHaveLength(1);
    expect(checkOutput(money(), '12.123456')).toHaveLength(1);
    expect(checkOutput(money(), '-1')).toHaveLength(1);
  });
});
