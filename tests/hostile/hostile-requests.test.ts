import { HOSTILE_REQUESTS, withValueAt } from './hostile-requests';
import { Literal, toJson } from './wire';

test('I-1: the list holds enough, each of them once', () => {
  const names = HOSTILE_REQUESTS.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.length).toBeGreaterThan(200);
});

test('a literal stands in JSON as it is written, at any place', () => {
  const input = { params: {}, query: {}, body: { items: [{ quantity: '1' }, { quantity: '2' }], note: undefined } };
  const spoilt = withValueAt(input, ['body', 'items', 0, 'quantity'], new Literal('1e400'));
  expect(toJson(spoilt.body)).toBe('{"items":[{"quantity":1e400},{"quantity":"2"}]}');
  expect(toJson(withValueAt(input, ['body', 'note', 'deep', 0], null).body)).toContain('"note":{"deep":[null]}');
  expect(input.body.items[0]).toEqual({ quantity: '1' });
});
