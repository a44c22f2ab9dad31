import { canonicalPath, checkAliases, type PathAlias } from '../../src/http/path-alias';

const aliases: readonly PathAlias[] = [
  { from: '/old/things', to: '/things' },
  { from: '/old/log', to: '/things/log', post: '/things/note' },
];
const paths = ['/things', '/things/:thingId', '/things/log', '/things/note'];

it.each([
  ['GET', '/old/things', '/things'],
  ['POST', '/old/things', '/things'],
  ['GET', '/old/things/', '/things/'],
  ['PATCH', '/old/things/7/status', '/things/7/status'],
  ['GET', '/old/log', '/things/log'],
  ['POST', '/old/log', '/things/note'],
  ['DELETE', '/old/log', '/things/log'],
  // No prefix of a segment, and no second time.
  ['GET', '/old/thingsandmore', '/old/thingsandmore'],
  ['GET', '/old/things/old/things', '/things/old/things'],
  ['GET', '/older/things', '/older/things'],
  ['GET', '/things', '/things'],
  ['GET', '/', '/'],
])('%s %s is for %s', (method, sent, path) => {
  expect(canonicalPath(aliases, method, sent)).toBe(path);
});

test('an alias must lead somewhere and hide nothing', () => {
  expect(() => checkAliases(aliases, paths)).not.toThrow();
  expect(() => checkAliases(aliases, ['/things', '/things/log'])).toThrow('/old/log leads to /things/note, which is no route');
  expect(() => checkAliases(aliases, [...paths, '/old/log/:entryId'])).toThrow('The route /old/log/:entryId cannot be reached');
});
