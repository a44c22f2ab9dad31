import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { apiReferenceText } from '../../src/description/api-document';
import { fieldRows, schemaText } from '../../src/http/documents/schema-text';
import {
  list,
  literal,
  int,
  named,
  nullable,
  optional,
  record,
  shape,
  text,
  union,
  withDefault,
  money,
  id,
  json,
  scalar,
  describe as said,
} from '../../src/http/fields/fields';
import { declaredEndpoints } from './declared';

test('docs/API.md says what the routes declare (npm run docs:api)', async () => {
  const written = await readFile(path.resolve(__dirname, '../../docs/API.md'), 'utf8');
  // Lines, so that a difference is shown and not the whole text.
  expect(written.split('\n')).toEqual(apiReferenceText(await declaredEndpoints()).split('\n'));
});

describe('shapes in words', () => {
  const inWords = (field: { document(components: object): object }): string => schemaText(field.document({}));

  test.each([
    [text(20), 'text ≤ 20'],
    [nullable(text(20)), 'text ≤ 20 or null'],
    [money(), 'text such as `12.50`'],
    [id(), 'UUID'],
    [int(1, 200), 'number 1 to 200'],
    [int(1, 2 ** 31 - 1), 'number ≥ 1'],
    [int(-(2 ** 31), 2 ** 31 - 1), 'number'],
    [literal('Bearer'), '`Bearer`'],
    [list(id(), { max: 3 }), 'list of UUID'],
    [record(/^[a-z]+$/, text(5), { max: 3 }), 'object of text ≤ 5'],
    [named('Lamp', shape({})), '[Lamp](#lamp-shape)'],
    [union(id(), literal(true)), 'UUID or `true`'],
    [json(), 'any value'],
  ])('%#: %s', (field, words) => {
    expect(inWords(field)).toBe(words);
  });

  test('values of any kind', () => {
    expect(inWords(scalar(9))).toBe('text ≤ 9 or number or `true` or `false` or null');
  });

  test('keys of objects inside have dotted names', () => {
    const order = shape({
      id: id(),
      note: optional(said(text(9), 'A | B')),
      size: withDefault(int(1, 5), 2),
      buyer: nullable(shape({ name: text(5) })),
      items: list(shape({ sku: text(8) }), { max: 2 }),
    });
    expect(fieldRows(order.document({}))).toEqual([
      ['`id`', 'UUID', ''],
      ['`note?`', 'text ≤ 9', 'A | B'],
      ['`size?`', 'number 1 to 5', '`2` when left out.'],
      ['`buyer`', 'object or null', ''],
      ['`buyer.name`', 'text ≤ 5', ''],
      ['`items`', 'list of object', ''],
      ['`items[].sku`', 'text ≤ 8', ''],
    ]);
  });
});
