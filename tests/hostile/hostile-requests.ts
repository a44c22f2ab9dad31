import { gzipSync } from 'node:zlib';
import { HOSTILE_VALUES, inUrl, type HostileValue } from './hostile-values';
import { pathOf, queryOf, Raw, requestOf, type Input, type Operation } from './operations';
import { toJson, type Request } from './wire';

/** Something odd done to an operation; undefined where it makes no sense. */
export interface HostileRequest {
  readonly name: string;
  readonly make: (operation: Operation, input: Input, place: readonly (string | number)[] | undefined) => Request | undefined;
}

const JSON_TYPE = { 'Content-Type': 'application/json' } as const;

/** The input with something else at a place of it. */
export function withValueAt(input: Input, place: readonly (string | number)[], put: unknown): Input {
  const change = (value: unknown, [step, ...rest]: readonly (string | number)[]): unknown => {
    if (step === undefined) return put;
    if (typeof step === 'number') {
      const items: unknown[] = Array.isArray(value) && value.length > 0 ? [...(value as unknown[])] : [undefined];
      items[0] = change(items[0], rest);
      return items;
    }
    const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
    return { ...members, [step]: change(members[step], rest) };
  };
  return change(input, place) as Input;
}

/** Each hostile value at one place of the operation, as if it were an ordinary input. */
const valueRequest = (hostile: HostileValue): HostileRequest => ({
  name: hostile.name,
  make: (operation, input, place) => {
    const raw = new Raw(inUrl(hostile));
    if (place === undefined) return requestOf(operation, { ...input, query: { odd: raw } });
    return requestOf(operation, withValueAt(input, place, place[0] === 'body' ? hostile.json : raw));
  },
});

/** Sends another body than the input's; operations without a body get it all the same. */
const bodyRequest = (name: string, bodyOf: (json: string) => Buffer | string, headers: Request['headers'] = JSON_TYPE): HostileRequest => ({
  name,
  make: (operation, input) => {
    const { method, target } = requestOf(operation, input);
    if (method === 'GET') return undefined;
    return { method, target, headers, body: bodyOf(toJson(input.body ?? {})) };
  },
});

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const nestedObjects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const withMember = (json: string, member: string): string => json.replace(/^\{/, json === '{}' ? `{${member}` : `{${member},`);

const BODIES: readonly HostileRequest[] = [
  bodyRequest('33 levels', () => nestedObjects(33)),
  bodyRequest('a thousand levels', () => nested(1_000)),
  bodyRequest('100,000 levels', () => nested(100_000)),
  bodyRequest('a hundred levels inside', (json) => withMember(json, `"deep":${nestedObjects(100)}`)),
  bodyRequest('a list of 100,000', () => `[${'1,'.repeat(99_999)}1]`),
  bodyRequest('20,000 names', () => `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join(',')}}`),
  bodyRequest('a name of 100,000 letters', () => `{"${'k'.repeat(100_000)}":1}`),
  bodyRequest('a million letters', () => `{"name":"${'x'.repeat(1_000_000)}"}`),
  bodyRequest('__proto__', (json) => withMember(json, '"__proto__":{"isAdmin":true}')),
  bodyRequest('__proto__ in escapes', (json) => withMember(json, '"\\u005f_proto__":{"isAdmin":true}')),
  bodyRequest('constructor', (json) => withMember(json, '"constructor":{"prototype":{"isAdmin":true}}')),
  bodyRequest('organizationId', (json) => withMember(json, '"organizationId":"00000000-0000-0000-0000-000000000000"')),
  bodyRequest('id and version', (json) => withMember(json, '"id":"00000000-0000-0000-0000-000000000000","version":99')),
  bodyRequest('each name twice', (json) => (json === '{}' ? '{"a":1,"a":2}' : `${json.slice(0, -1)},${json.slice(1)}`)),
  bodyRequest('a byte order mark', (json) => `\ufeff${json}`),
  bodyRequest('something after the end', (json) => `${json}x`),
  bodyRequest('two bodies', (json) => json + json),
  bodyRequest('half a body', (json) => json.slice(0, Math.max(1, json.length / 2))),
  bodyRequest('a comment', (json) => `/* */${json}`),
  bodyRequest('single quotes', (json) => json.replaceAll('"', "'")),
  bodyRequest('a trailing comma', (json) => json.replace(/\}$/, ',}')),
  bodyRequest('null', () => 'null'),
  bodyRequest('a number', () => '1'),
  bodyRequest('text', () => '"text"'),
  bodyRequest('an empty list', () => '[]'),
  bodyRequest('nothing', () => ''),
  bodyRequest('spaces', () => ' \n\t '),
  bodyRequest('not UTF-8', (json) => Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from([0xff, 0xfe]), Buffer.from('}')])),
  bodyRequest('an overlong encoding', () => Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])),
  bodyRequest('NUL bytes', () => Buffer.alloc(1_000)),
  bodyRequest('UTF-16', (json) => Buffer.from(json, 'utf16le')),
  bodyRequest('UTF-16, said so', (json) => Buffer.from(json, 'utf16le'), { 'Content-Type': 'application/json; charset=utf-16' }),
  bodyRequest('gzip', (json) => gzipSync(json), { ...JSON_TYPE, 'Content-Encoding': 'gzip' }),
  bodyRequest('gzip, not said', (json) => gzipSync(json)),
  bodyRequest('said to be brotli', (json) => json, { ...JSON_TYPE, 'Content-Encoding': 'br, gzip, x' }),
  bodyRequest('no type', (json) => json, {}),
  bodyRequest('text/plain', (json) => json, { 'Content-Type': 'text/plain' }),
  bodyRequest('a form', () => 'name=x&price=1', { 'Content-Type': 'application/x-www-form-urlencoded' }),
  bodyRequest('a form of parts', () => '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--', {
    'Content-Type': 'multipart/form-data; boundary=x',
  }),
  bodyRequest('XML', () => '<?xml version="1.0"?><a/>', { 'Content-Type': 'application/xml' }),
  bodyRequest('a type of nothing', (json) => json, { 'Content-Type': ';;;=,' }),
  bodyRequest('a type in capitals with parameters', (json) => json, { 'Content-Type': 'APPLICATION/JSON ; charset="UTF-8"; x=y' }),
  bodyRequest('rows', (json) => `${json}\n${json}\n`, { 'Content-Type': 'application/x-ndjson' }),
  bodyRequest('broken rows', () => '{"a":1}\n{"a":\n\0\n', { 'Content-Type': 'application/x-ndjson' }),
  bodyRequest('a table', () => 'a,b\n"1,2\n3,4', { 'Content-Type': 'text/csv' }),
  bodyRequest('a table of one endless cell', () => `a\n"${'x'.repeat(200_000)}`, { 'Content-Type': 'text/csv' }),
];

const headerRequest = (name: string, headers: Request['headers']): HostileRequest => ({
  name,
  make: (operation, input) => requestOf(operation, input, headers),
});

const HEADERS: readonly HostileRequest[] = [
  headerRequest('problems wanted', { Accept: 'application/problem+json' }),
  headerRequest('odd wishes', {
    Accept: 'a/b;q=x, */*;;;',
    'Accept-Language': 'x'.repeat(2_000),
    'Accept-Encoding': 'gzip;q=2, zstd, , *;q=0',
  }),
  headerRequest('a request id with a path in it', { 'X-Request-Id': '../../x y' }),
  headerRequest('a long request id', { 'X-Request-Id': 'a'.repeat(65) }),
  headerRequest('If-Match of nothing', { 'If-Match': 'x' }),
  headerRequest('If-Match of many', { 'If-Match': '"1", "2"' }),
  headerRequest('If-Match of a large version', { 'If-Match': '"999999999999999"' }),
  headerRequest('If-Match of a larger one', { 'If-Match': '"99999999999999999999"' }),
  headerRequest('If-Match of another version', { 'If-Match': '"77"' }),
  headerRequest('If-None-Match of everything', { 'If-None-Match': '*, W/"1", x' }),
  headerRequest('a key that is too long', { 'Idempotency-Key': 'k'.repeat(256) }),
  headerRequest('a key with spaces', { 'Idempotency-Key': 'a b' }),
  headerRequest('a key of other letters', { 'Idempotency-Key': '\u00e9\u00ff' }),
  headerRequest('an empty key', { 'Idempotency-Key': '' }),
  headerRequest('a key used for everything', { 'Idempotency-Key': 'always-the-same' }),
  headerRequest('two keys', { 'Idempotency-Key': ['a', 'b'] }),
  headerRequest('a header of 8 kB', { 'X-Long': 'x'.repeat(8_000) }),
  headerRequest('a header of 20 kB', { 'X-Long': 'x'.repeat(20_000) }),
  headerRequest('300 headers', Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`X-${n}`, '1']))),
  headerRequest('another method behind', { 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'DELETE' }),
  headerRequest('another address', { 'X-Forwarded-For': `${'9.'.repeat(100)}, ::1, x`, Forwarded: 'for="_x";by=y', 'X-Real-Ip': "'" }),
  headerRequest('another host', { Host: 'evil.example:99999', 'X-Forwarded-Host': 'evil.example', 'X-Original-URL': '/api/v1/users' }),
  headerRequest('odd cookies', { Cookie: `=;;;a=b; ${'c'.repeat(3_000)}=%zz; __proto__=1` }),
  headerRequest('an odd origin', { Origin: 'null', Referer: 'x:\\', 'Sec-Fetch-Site': 'cross-site' }),
  headerRequest('ranges', { Range: 'bytes=0-0,5-1,-', 'If-Range': 'x' }),
  headerRequest('an upgrade', { Connection: 'Upgrade', Upgrade: 'h2c', 'HTTP2-Settings': 'AAA' }),
];

const queryRequest = (name: string, query: string): HostileRequest => ({
  name,
  make: (operation, input) => {
    const request = requestOf(operation, input);
    return { ...request, target: `${request.target.split('?', 1)[0]!}?${query}` };
  },
});
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const QUERIES: readonly HostileRequest[] = [
  queryRequest('a cursor of nothing', 'cursor=x'),
  queryRequest('a cursor of null', `cursor=${cursor(null)}`),
  queryRequest('a cursor of nulls', `cursor=${cursor([1, 'name', 0, null, null])}`),
  queryRequest('a cursor of objects', `cursor=${cursor([1, '-occurredAt', 0, { gt: '' }, {}])}`),
  queryRequest('a cursor with an injection', `cursor=${cursor([1, '-orderedAt', 0, "2026-01-01' OR 1=1", 'x'])}`),
  queryRequest('a cursor of huge numbers', `cursor=${cursor([1, 'price', 1, '1'.repeat(60), '0198c0de-0000-7000-8000-000000000001'])}`),
  queryRequest('a cursor with NUL', `cursor=${cursor([1, 'sku', 0, '\0', '0198c0de-0000-7000-8000-000000000001'])}`),
  queryRequest('a cursor and a page', 'cursor=WzFd&page=1'),
  queryRequest('no page', 'page=0'),
  queryRequest('a far page', 'page=100000&pageSize=200'),
  queryRequest('a farther page', 'page=9007199254740993'),
  queryRequest('a page of nothing', 'pageSize=0'),
  queryRequest('a page of everything', 'pageSize=1000000000'),
  queryRequest('a page in exponents', 'pageSize=1e1'),
  queryRequest('sorted by a secret', 'sort=passwordHash'),
  queryRequest('sorted by an injection', 'sort=name;DROP%20TABLE%20x'),
  queryRequest('searched for wild cards', 'q=%25%25%25%25%25%5F%5F%5C'),
  queryRequest('searched for a backslash', 'q=%5C'),
  queryRequest('searched for NUL', 'q=%00'),
  queryRequest('searched for bad UTF-8', 'q=%ff%fe%c0%80'),
  queryRequest('searched for a regular expression', 'q=(a%2B)%2B%24%5B%5E'),
  queryRequest('searched for a lot', `q=${'x'.repeat(5_000)}`),
  queryRequest('searched twice', 'q=a&q=b'),
  queryRequest('brackets', 'q[contains]=%25&filter[$ne]=x'),
  queryRequest('prototypes', '__proto__=1&constructor=2&__proto__[x]=3'),
  queryRequest('a thousand names', Array.from({ length: 1_000 }, (_, n) => `k${n}=1`).join('&')),
  queryRequest('nothing but marks', '&&&===&?&=%zz&%'),
  queryRequest('an unknown name', 'unknown=1'),
  queryRequest('plus and spaces', 'q=a+b%20c&q%20=1'),
];

const pathRequest = (name: string, change: (target: string) => string, method?: string): HostileRequest => ({
  name,
  make: (operation, input) => {
    const request = requestOf(operation, input);
    return { ...request, target: change(request.target), ...(method !== undefined && { method }) };
  },
});

const PATHS: readonly HostileRequest[] = [
  pathRequest('a slash at the end', (target) => `${target.split('?', 1)[0]!}/`),
  pathRequest('slashes', (target) => target.replaceAll('/', '//')),
  pathRequest('dots', (target) => target.replace('/api/v1/', '/api/v1/../v1/./')),
  pathRequest('encoded dots and slashes', (target) => `${target.split('?', 1)[0]!}/%2e%2e%2f%2e%2e%5c`),
  pathRequest('NUL at the end', (target) => `${target.split('?', 1)[0]!}%00`),
  pathRequest('bad escapes', (target) => `${target.split('?', 1)[0]!}/%zz%`),
  pathRequest('bad UTF-8', (target) => `${target.split('?', 1)[0]!}/%ff%c0%af`),
  pathRequest('capitals', (target) => target.toUpperCase()),
  pathRequest('a session in the path', (target) => `${target.split('?', 1)[0]!};jsessionid=1`),
  pathRequest('a long path', (target) => `${target.split('?', 1)[0]!}/${'a'.repeat(10_000)}`),
  pathRequest('a deep path', (target) => `${target.split('?', 1)[0]!}${'/a'.repeat(3_000)}`),
  pathRequest('HEAD', (target) => target, 'HEAD'),
  pathRequest('OPTIONS', (target) => target, 'OPTIONS'),
  pathRequest('TRACE', (target) => target, 'TRACE'),
  pathRequest('a method of WebDAV', (target) => target, 'PROPFIND'),
  pathRequest('PURGE', (target) => target, 'PURGE'),
  pathRequest('LINK', (target) => target, 'LINK'),
  { name: 'ids of all kinds', make: (operation, input) => idsRequest(operation, input) },
];

/** Every parameter of the path at once is no id. */
function idsRequest(operation: Operation, input: Input): Request | undefined {
  if (operation.params === undefined) return undefined;
  const params = Object.fromEntries(Object.keys(input.params).map((name) => [name, new Raw('%00%27%20OR%201=1')]));
  const query = queryOf(input.query);
  return { ...requestOf(operation, input), target: pathOf(operation, params) + (query === '' ? '' : `?${query}`) };
}

/** All there are, in an order that mixes the kinds, so that any stretch of it holds something of each. */
export const HOSTILE_REQUESTS: readonly HostileRequest[] = mixed([HOSTILE_VALUES.map(valueRequest), BODIES, HEADERS, QUERIES, PATHS]);

function mixed<T>(kinds: readonly (readonly T[])[]): T[] {
  const placed = kinds.flatMap((kind) => kind.map((item, index) => ({ item, at: (index + 0.5) / kind.length })));
  return placed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
