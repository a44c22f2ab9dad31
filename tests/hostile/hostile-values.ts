import { Literal, percentEncoded } from './wire';

/** A value nobody should send, as JSON. In a path or a query its text stands instead. */
export interface HostileValue {
  readonly name: string;
  readonly json: unknown;
}

const value = (name: string, json: unknown): HostileValue => ({ name: `the value ${name}`, json });
const literal = (text: string): HostileValue => ({ name: `the literal ${text.slice(0, 40)}`, json: new Literal(text) });

const NUMBERS: readonly HostileValue[] = [
  value('30 decimals', '0.123456789012345678901234567890'),
  value('30 digits', '123456789012345678901234567890'),
  value('15 digits and 30 decimals', '123456789012345.678901234567890123456789012345'),
  value('a fraction of a cent', '0.0000001'),
  value('an exponent', '1e400'),
  value('a small exponent', '1e-7'),
  value('NaN as text', 'NaN'),
  value('Infinity as text', 'Infinity'),
  value('-Infinity as text', '-Infinity'),
  value('a negative quantity', '-1'),
  value('a negative number', -1),
  value('a tiny negative', '-0.000001'),
  value('minus zero as text', '-0'),
  value('2^63 as text', '9223372036854775808'),
  value('2^64 as text', '18446744073709551616'),
  value('2^31', 2_147_483_648),
  value('2^53 - 1', Number.MAX_SAFE_INTEGER),
  value('hexadecimal', '0x1F'),
  value('a comma', '1,5'),
  value('Arabic digits', '١٢'),
  value('full-width digits', '１２'),
  value('spaces around', ' 12 '),
  value('a plus sign', '+1'),
  value('an underscore', '1_000'),
  value('no digit before the point', '.5'),
  value('no digit after the point', '5.'),
  value('leading zeros', '0000000000000000000000000000000000000000000012'),
  value('two points', '1.2.3'),
  ...[
    '0.123456789012345678901234567890',
    '123456789012345678901234567890',
    '1e400',
    '-1e400',
    '1e-400',
    '9223372036854775808',
    '9007199254740993',
    '-0',
    '-0.0',
    '1E2',
    '0.1000000000000000055511151231257827',
  ].map(literal),
  ...['NaN', 'Infinity', '-', '01', '1.', '.1', '0x10', '+1', 'undefined', '1n'].map(literal),
];

const OPERATORS: readonly HostileValue[] = [
  value('an operator: not', { not: '' }),
  value('an operator: contains', { contains: '%' }),
  value('an operator: $ne', { $ne: null }),
  value('an operator: in', { in: ['a', 'b'] }),
  value('operators: OR', { OR: [{}] }),
  value('an operator: set', { set: 'x' }),
  value('an operator: increment', { increment: 1 }),
  value('an operator: connect', { connect: { id: '00000000-0000-0000-0000-000000000000' } }),
  value('a raw query', { strings: ['x'], values: [] }),
];

const TYPES: readonly HostileValue[] = [
  value('null', null),
  value('true', true),
  value('an empty list', []),
  value('a list of nothing', [null]),
  value('a list in a list', [[['x']]]),
  value('an empty object', {}),
  value('something with toString', { toString: 'x', valueOf: 1 }),
  value('something with length', { length: 1e9 }),
  value('something with toJSON', { toJSON: 'x' }),
  value('a date as object', { $date: '2026-01-01' }),
];

const TEXTS: readonly HostileValue[] = [
  value('nothing', ''),
  value('a space', ' '),
  value('NUL', 'a\0b'),
  value('half a surrogate pair', new Literal('"a\\ud800b"')),
  value('the other half', new Literal('"\\udc00"')),
  value('an escaped NUL', new Literal('"\\u0000"')),
  value('control characters', '\u0001\u0008\u001b[31m\u007f'),
  value('line breaks', 'a\r\nX-Injected: 1\r\n\r\n'),
  value('percent', '%'),
  value('wild cards', '%%__\\%\\_*?'),
  value('a backslash', '\\'),
  value('a quote', "'"),
  value('an injection', `' OR '1'='1' --`),
  value('another injection', `x'; DROP TABLE orders; --`),
  value('a template', '${7*7}{{7*7}}<%= 7*7 %>'),
  value('a script', '<script>alert(1)</script>'),
  value('an XML entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'),
  value('a way up', '../../../../etc/hostname'),
  value('a formula', '=1+cmd|x!A0'),
  value('100,000 letters', 'x'.repeat(100_000)),
  value('right to left', '\u202eabc\u202c'),
  value('families', '👩‍👩‍👧‍👦'.repeat(40)),
  value('a hundred accents', `e${'\u0301'.repeat(100)}`),
  value('letters that grow in lower case', 'İ'.repeat(50)),
  value('a ligature that grows', '\ufdfa'.repeat(60)),
  value('a byte order mark', '\ufeff1'),
  value('a name of every object', '__proto__'),
  value('another one', 'constructor'),
  value('the word undefined', 'undefined'),
  value('the word null', 'null'),
  value('a long e-mail address', `${'a'.repeat(64)}@${'b.'.repeat(90)}example`),
  value('an e-mail address with a quote', `"a b'"@example.com`),
  value('an address of this machine', 'http://127.0.0.1:1/'),
];

const IDS_AND_TIMES: readonly HostileValue[] = [
  value('no id', '00000000-0000-0000-0000-000000000000'),
  value('every id', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
  value('an id in braces', '{0198c0de-0000-7000-8000-000000000001}'),
  value('an id without dashes', '0198c0de000070008000000000000001'),
  value('an id in upper case', '0198C0DE-0000-7000-8000-00000000000A'),
  value('an id and more', '0198c0de-0000-7000-8000-000000000001 OR true'),
  value('the 30th of February', '2026-02-30'),
  value('the year nought', '0000-00-00'),
  value('a far year', '275760-09-13'),
  value('the last day', '9999-12-31'),
  value('the first day', '0001-01-01'),
  value('the last moment', '9999-12-31T23:59:59.999Z'),
  value('a moment before the first', '0001-01-01T00:00:00+14:00'),
  value('hour 24', '2026-01-01T24:00:00Z'),
  value('a leap second', '2016-12-31T23:59:60Z'),
  value('nanoseconds', '2026-01-01T00:00:00.123456789Z'),
  value('no zone', '2026-01-01T00:00:00'),
  value('a year with a sign', '+275760-09-13T00:00:00.001Z'),
];

export const HOSTILE_VALUES: readonly HostileValue[] = [...NUMBERS, ...OPERATORS, ...TYPES, ...TEXTS, ...IDS_AND_TIMES];

/** As it stands in a path or a query, percent-encoded. */
export function inUrl({ json }: HostileValue): string {
  const text = json instanceof Literal ? json.text.replace(/^"|"$/g, '') : typeof json === 'string' ? json : JSON.stringify(json);
  return percentEncoded(text.slice(0, 4000));
}
