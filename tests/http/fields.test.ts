import * as fc from 'fast-check';
import { checkOutput, type AnyField, type Field } from '../../src/http/fields/field';
import {
  bool,
  commaList,
  countryCode,
  currencyCode,
  day,
  email,
  id,
  instant,
  instantView,
  int,
  list,
  literal,
  nullable,
  oneOf,
  optional,
  partial,
  quantity,
  record,
  recursive,
  scalar,
  shape,
  text,
  union,
  withDefault,
  type Infer,
} from '../../src/http/fields/fields';
import { currency, timeZone } from '../../src/http/fields/locale-fields';
import { CURRENCIES } from '../../src/kernel/money';
import { accepted, fromQuery, parse, refusal } from './parsing';

describe('text', () => {
  test('is trimmed and NFC', () => {
    expect(accepted(text(10), '  Cafe\u0301 ')).toBe('Caf\u00e9');
    expect(refusal(text(3), 'abcd')).not.toBe('');
    expect(refusal(text(3), '   ')).toBe('must not be empty');
    expect(accepted(text(3, { min: 0 }), ' ')).toBe('');
  });

  test.each(['a\0b', '\ud800', 'x\udc00y'])('refuses %j', (sent) => {
    expect(refusal(text(100), sent)).toContain('NUL');
  });

  test('takes any well-formed text within the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (sent) => {
        const { value, issues } = parse(text(1000, { min: 0 }), sent);
        if (issues.length === 0) expect(value).toBe(sent.trim().normalize('NFC'));
        else expect(sent).toContain('\0');
      }),
    );
  });

  test('patterns tell what they want', () => {
    expect(refusal(text(10, { pattern: /^[A-Z]+$/, hint: 'must be capital letters' }), 'ab')).toBe('must be capital letters');
  });

  test('ids, addresses and codes', () => {
    expect(accepted(id(), '0190D2C6-7B5E-7C3A-9F2B-1234567890AB')).toBe('0190d2c6-7b5e-7c3a-9f2b-1234567890ab');
    for (const bad of ['{0190d2c6-7b5e-7c3a-9f2b-1234567890ab}', '0190d2c67b5e7c3a9f2b1234567890ab', '1', '', { not: '' }, null, 5])
      expect(refusal(id(), bad)).not.toBe('');
    expect(accepted(email(), ' Ada@Example.COM ')).toBe('ada@example.com');
    for (const bad of ['a', 'a@b', 'a@@b.com', 'a b@c.com', `${'a'.repeat(300)}@example.com`, 'a\0@example.com'])
      expect(refusal(email(), bad)).not.toBe('');
    expect(accepted(countryCode(), 'gb')).toBe('GB');
    expect(accepted(currencyCode(), 'eur')).toBe('EUR');
    expect(refusal(currencyCode(), 'EURO')).toContain('three letters');
  });
});

describe('numbers and booleans', () => {
  test('bodies are strict, params and query are read from text', () => {
    expect(accepted(int(1, 5), 5)).toBe(5);
    for (const bad of ['5', 5.5, 6, 0, NaN, Infinity, true, null, 2 ** 63]) expect(refusal(int(1, 5), bad)).not.toBe('');
    expect(refusal(bool(), 'true')).not.toBe('');
    const query = shape({ n: int(1, 5), b: bool() });
    expect(fromQuery(query, { n: '5', b: 'true' })).toEqual({ n: 5, b: true });
    expect(fromQuery(query, { n: 'x', b: 'yes' })).toHaveLength(2);
    expect(fromQuery(query, { n: '1e400', b: 'true' })).toHaveLength(1);
  });

  test('lists, defaults and nested shapes are read from text too', () => {
    const query = shape({ size: withDefault(int(1, 200), 20), status: optional(commaList(oneOf('a', 'b'), { max: 2 })) });
    expect(fromQuery(query, {})).toEqual({ size: 20 });
    expect(fromQuery(query, { size: '7', status: 'a,b' })).toEqual({ size: 7, status: ['a', 'b'] });
    expect(fromQuery(query, { status: 'a,c' })).toHaveLength(1);
  });
});

describe('days and instants', () => {
  test('days exist', () => {
    for (const good of ['2024-02-29', '2026-12-31', '0001-01-01']) expect(accepted(day(), good)).toBe(good);
    for (const bad of ['2023-02-29', '2026-13-01', '2026-1-1', '0000-01-01', '2026-11-21T00:00:00Z', '', 20261121, null])
      expect(refusal(day(), bad)).toContain('calendar');
  });

  test('instants have a zone and become dates', () => {
    expect(accepted(instant(), '2026-11-21T10:00:00+02:00')).toEqual(new Date('2026-11-21T08:00:00Z'));
    expect(accepted(instant(), '2026-11-21T10:00Z')).toEqual(new Date('2026-11-21T10:00:00Z'));
    expect(accepted(instant(), '2026-11-21T10:00:00.1230000Z')).toEqual(new Date('2026-11-21T10:00:00.123Z'));
    for (const bad of [
      '2026-11-21',
      '2026-11-21T10:00:00',
      '2026-02-30T10:00:00Z',
      '2026-11-21T24:00:00Z',
      '2026-11-21T10:00:00.1234567Z',
      'now',
      0,
      null,
    ])
      expect(refusal(instant(), bad)).toContain('instant');
    expect(checkOutput(instantView(), '2026-11-21T10:00:00.123456Z')).toEqual([]);
    expect(checkOutput(instantView(), '2026-11-21 10:00')).toHaveLength(1);
  });
});

describe('composition', () => {
  const line = shape({ sku: text(20), quantity: quantity(), note: optional(nullable(text(50))) });
  const order = shape({ lines: list(line, { min: 1, max: 3 }), priority: withDefault(int(1, 5), 3) });

  test('unknown keys are refused, keys are required, every issue has its path', () => {
    expect(accepted(order, { lines: [{ sku: 'A', quantity: 2 }] })).toEqual({ lines: [{ sku: 'A', quantity: '2' }], priority: 3 });
    const { issues } = parse(order, {
      lines: [
        { sku: 'A', quantity: '1.1234567' },
        { quantity: '0', extra: 1 },
      ],
      colour: 'red',
    });
    expect(issues.map(({ path }) => path).sort()).toEqual([
      'body.colour',
      'body.lines.0.quantity',
      'body.lines.1.extra',
      'body.lines.1.quantity',
      'body.lines.1.sku',
    ]);
    expect(issues.find(({ path }) => path === 'body.lines.1.sku')?.message).toBe('is required');
    expect(refusal(order, { lines: [] })).not.toBe('');
    expect(refusal(order, { lines: Array.from({ length: 4 }, () => ({ sku: 'A', quantity: 1 })) })).not.toBe('');
    expect(refusal(order, 'text')).toBe('must be an object');
  });

  test('partial() takes any non-empty subset, without defaults', () => {
    const changes = partial({ name: text(10), priority: withDefault(int(1, 5), 3), note: nullable(text(5)) });
    expect(accepted(changes, { note: null })).toEqual({ note: null });
    expect(refusal(changes, {})).toContain('at least one');
    expect(refusal(changes, { other: 1 })).not.toBe('');
  });

  test('union, literal, record, scalar, recursive', () => {
    const payment = union(shape({ method: literal('card'), token: text(10) }), shape({ method: literal('terms'), days: int(0, 90) }));
    expect(accepted(payment, { method: 'terms', days: 30 })).toEqual({ method: 'terms', days: 30 });
    expect(refusal(payment, { method: 'cash' })).not.toBe('');
    const attributes = record(/^[a-z]{1,10}$/, scalar(), { max: 2 });
    expect(accepted(attributes, { a: 1, b: null })).toEqual({ a: 1, b: null });
    for (const bad of [{ A: 1 }, { a: 1, b: 2, c: 3 }, { a: {} }]) expect(refusal(attributes, bad)).not.toBe('');
    interface Node {
      name: string;
      children: Node[];
    }
    const tree: Field<Node> = recursive<Node>('Node', (self) => shape({ name: text(10), children: list(self, { max: 5 }) }));
    expect(accepted(tree, { name: 'a', children: [{ name: 'b', children: [] }] })).toEqual({
      name: 'a',
      children: [{ name: 'b', children: [] }],
    });
    expect(refusal(tree, { name: 'a', children: [{ name: 1, children: [] }] })).not.toBe('');
    expect(tree.document({})).toEqual({ $ref: '#/components/schemas/Node' });
  });

  test.each([
    ['must have at most 1 character', text(1), 'ab'],
    ['must have at most 20 characters', text(20), 'a'.repeat(21)],
    ['must have at least 2 characters', text(9, { min: 2 }), 'a'],
    ['must have at most 254 characters', email(), `${'a'.repeat(250)}@example.com`],
    ['must have at least 1 item', list(int(1, 5), { min: 1, max: 3 }), []],
    ['must have at least 2 items', list(int(1, 5), { min: 2, max: 3 }), [1]],
    ['must have at most 1 item', list(int(1, 5), { max: 1 }), [1, 2]],
    ['must have at most 2 items', commaList(oneOf('a', 'b'), { max: 2 }), ['a', 'b', 'a']],
    ['must have at most 1 key', record(/^[a-z]$/, scalar(), { max: 1 }), { a: 1, b: 2 }],
    ['must have at most 2 keys', record(/^[a-z]$/, scalar(), { max: 2 }), { a: 1, b: 2, c: 3 }],
  ])('says what %s', (told, field: AnyField, bad) => {
    expect(parse(field, bad).issues.map(({ message }) => message)).toContain(told);
  });

  test('a currency is one of our own table, whatever the runtime knows', () => {
    expect(CURRENCIES.filter((code) => accepted(currency(), code.toLowerCase()) !== code)).toEqual([]);
    // A unit of account that the runtime knows, a metal, a code for tests, one that nobody has.
    for (const code of ['XSU', 'XAU', 'XTS', 'ABC', ''])
      expect(refusal(currency(), code)).toContain('must be a currency, ISO 4217, such as USD');
  });

  test('what is described as too much is too much', () => {
    const { minimum, maximum } = scalar().document({}) as { minimum: number; maximum: number };
    for (const edge of [minimum, maximum])
      expect([accepted(scalar(), edge), refusal(scalar(), edge * 2)]).toEqual([edge, expect.stringMatching(/./)]);
    for (const [field, bad] of [
      [timeZone(), ''],
      [timeZone(), '+01:00'],
      [currency(), '000'],
    ] as const) {
      const { pattern } = field.document({}) as { pattern: string };
      expect([refusal(field, bad), new RegExp(pattern).test(bad)]).toEqual([expect.stringMatching(/./), false]);
    }
  });

  test('the types are those of the fields', () => {
    type Order = Infer<typeof order>;
    const value: Order = { lines: [{ sku: 'A', quantity: '1', note: null }], priority: 1 };
    // @ts-expect-error a key is missing
    const missing: Order = { lines: [] };
    expect([value, missing]).toHaveLength(2);
  });
});
