import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from 'node:http';
import { createLimitedServer } from '../../src/http/server/server-limits';
import { startTestApp, type TestApp } from '../support/app';

/** I-1 below HTTP: whatever comes over the socket, the server answers in its shape or closes within its limits, and lives on. */
let app: TestApp;
let server: Server;
let port: number;
let token: string;
beforeAll(async () => {
  app = await startTestApp();
  token = (await app.signUp()).token;
  server = createLimitedServer(app.express).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await app.close();
});
afterEach(async () => {
  // Whatever was done to it, it serves.
  const [alive] = await exchange(`GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, { within: 20_000 });
  expect(alive).toMatch(/^HTTP\/1\.1 200 /);
});

/** What the server says until it closes (or the time is over), and after how many milliseconds. */
async function exchange(bytes: string | Buffer | readonly (string | Buffer)[], { within = 5_000 } = {}): Promise<[string, number]> {
  const startedAt = performance.now();
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  for (const part of Array.isArray(bytes) ? (bytes as readonly (string | Buffer)[]) : [bytes as string | Buffer]) socket.write(part);
  const stopped = new AbortController();
  await Promise.race([closed, sleep(within, undefined, { signal: stopped.signal }).catch(() => undefined)]);
  stopped.abort();
  socket.destroy();
  return [Buffer.concat(chunks).toString('latin1'), performance.now() - startedAt];
}

/** Status and code of a refusal in the declared shape, the last of several answers. */
function refusalIn(text: string): string {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? [];
  const [, requestId] = /\r\nX-Request-Id: ([\w-]+)\r\n/i.exec(text) ?? [];
  const { error } = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as { error: { code: string; message: string; requestId: string } };
  expect(error.requestId).toBe(requestId);
  expect(text).toMatch(/\r\nContent-Type: application\/json; charset=utf-8\r\n/i);
  return `${status} ${error.code}`;
}

const CLOSE = 'Host: x\r\nConnection: close\r\n';

it.each<[string, string | Buffer | readonly (string | Buffer)[], string]>([
  ['no HTTP at all', 'hello\r\n\r\n', '400 INVALID_INPUT'],
  ['TLS', Buffer.from('16030100a5010000a10303', 'hex'), '400 INVALID_INPUT'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 INVALID_INPUT'],
  ['an unknown method', `FROB /api/v1/orders HTTP/1.1\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['a method in small letters', `get / HTTP/1.1\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['an unknown version', `GET / HTTP/9.9\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['a space in the path', `GET /a b HTTP/1.1\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['NUL in the path', `GET /\0 HTTP/1.1\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['a header without a colon', `GET / HTTP/1.1\r\nnonsense\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['a header over two lines', `GET / HTTP/1.1\r\nX: a\r\n b\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['NUL in a header', `GET / HTTP/1.1\r\nX: a\0b\r\n${CLOSE}\r\n`, '400 INVALID_INPUT'],
  ['no Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', '400 INVALID_INPUT'],
  ['two Hosts', 'GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n', '400 INVALID_INPUT'],
  ['headers that are too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${CLOSE}\r\n`, '431 HEADERS_TOO_LARGE'],
  ['headers without end', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(20_000)}`, '431 HEADERS_TOO_LARGE'],
  ['a path that is too long', `GET /${'x'.repeat(30_000)} HTTP/1.1\r\n${CLOSE}\r\n`, '431 HEADERS_TOO_LARGE'],
  ['two lengths', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, '400 INVALID_INPUT'],
  [
    'a length and chunks',
    `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    '400 INVALID_INPUT',
  ],
  ['a negative length', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: -1\r\n\r\n`, '400 INVALID_INPUT'],
  ['a length of letters', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: ten\r\n\r\n`, '400 INVALID_INPUT'],
  ['a length past all numbers', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 99999999999999999999\r\n\r\n`, '400 INVALID_INPUT'],
  ['OPTIONS of everything', `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, '404 NOT_FOUND'],
  ['TRACE', `TRACE /api/v1/orders HTTP/1.1\r\n${CLOSE}\r\n`, '405 METHOD_NOT_ALLOWED'],
  ['an expectation', `GET /api/v1/orders HTTP/1.1\r\n${CLOSE}Expect: the-unexpected\r\n\r\n`, '401 UNAUTHENTICATED'],
  [
    'an upgrade to nothing',
    `GET /api/v1/orders HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: nothing\r\n\r\n`,
    '401 UNAUTHENTICATED',
  ],
  ['an absolute address', `GET http://x/api/v1/orders HTTP/1.1\r\n${CLOSE}\r\n`, '401 UNAUTHENTICATED'],
  ['a path of another server', `GET http://elsewhere.example/nothing HTTP/1.1\r\n${CLOSE}\r\n`, '404 NOT_FOUND'],
])('%s is refused in the declared shape', async (_, bytes, expected) => {
  const [text, milliseconds] = await exchange(bytes);
  expect(refusalIn(text)).toBe(expected);
  expect(milliseconds).toBeLessThan(4_000);
});

const post = (headers: string): string =>
  `POST /api/v1/categories HTTP/1.1\r\n${CLOSE}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n${headers}\r\n`;

it.each<[string, () => readonly string[], string]>([
  ['an unknown transfer encoding', () => [post('Transfer-Encoding: x\r\n'), '{}'], '400 INVALID_INPUT'],
  ['a chunk without a size', () => [post('Transfer-Encoding: chunked\r\n'), 'zz\r\n{}\r\n0\r\n\r\n'], '400 INVALID_INPUT'],
  ['a chunk longer than said', () => [post('Transfer-Encoding: chunked\r\n'), '2\r\n{"name":"x"}\r\n0\r\n\r\n'], '400 INVALID_INPUT'],
  ['a chunk of 2^64', () => [post('Transfer-Encoding: chunked\r\n'), 'fffffffffffffffff\r\n'], '400 INVALID_INPUT'],
  [
    'extensions of 100 kB',
    () => [post('Transfer-Encoding: chunked\r\n'), `2;${'x'.repeat(100_000)}\r\n{}\r\n0\r\n\r\n`],
    '413 PAYLOAD_TOO_LARGE',
  ],
  ['a body that is said to be too large', () => [post('Content-Length: 99999999\r\n'), '{'], '413 PAYLOAD_TOO_LARGE'],
  [
    'chunks that become too large',
    () => [post('Transfer-Encoding: chunked\r\n'), ...Array.from({ length: 40 }, () => `2000\r\n${' '.repeat(0x2000)}\r\n`)],
    '413 PAYLOAD_TOO_LARGE',
  ],
])(
  '%s is refused',
  async (_, parts, expected) => {
    const [text] = await exchange(parts(), { within: 8_000 });
    expect(refusalIn(text)).toBe(expected);
  },
  15_000,
);

it('chunks of one byte make the same body', async () => {
  const body = JSON.stringify({ name: 'In small pieces' });
  const [text] = await exchange([
    post('Transfer-Encoding: chunked\r\n'),
    ...body.split('').map((letter) => `1\r\n${letter}\r\n`),
    '0\r\nX-Trailer: 1\r\n\r\n',
  ]);
  expect(text).toMatch(/^HTTP\/1\.1 201 /);
  expect(text).toContain('"In small pieces"');
});

it('requests in a row on one connection are answered in their order', async () => {
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const row = `${get('/api/v1/auth/me')}${get('/api/v1/none')}${get('/health/live')}`.repeat(20);
  const [text] = await exchange(`${row}GET /health/live HTTP/1.1\r\n${CLOSE}\r\n`, { within: 15_000 });
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]);
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => ['200', '404', '200']).flat(), '200']);
}, 20_000);

it('an upload refused before it was read costs nothing but itself: the next request on its connection is answered', async () => {
  const rows = `a\n"${'x'.repeat(300_000)}`;
  const upload = `POST /api/v1/orders/import?mapping=none HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: text/csv\r\n`;
  const [text] = await exchange([`${upload}Content-Length: ${rows.length}\r\n\r\n`, rows, `GET /health/live HTTP/1.1\r\n${CLOSE}\r\n`], {
    within: 8_000,
  });
  expect([...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1])).toEqual(['422', '200']);
}, 15_000);

it('garbage behind a good request costs that connection only', async () => {
  const [text] = await exchange(`GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n\x01\x02\x03\r\n\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 (200|400) /);
});

it('a client that leaves in the middle of its headers, its body or the answer is forgotten', async () => {
  const leaveAfter = async (bytes: string): Promise<void> => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(bytes);
    await sleep(20);
    socket.resetAndDestroy();
  };
  const headers = `Host: x\r\nAuthorization: Bearer ${token}\r\n`;
  await Promise.all(
    Array.from({ length: 20 }, () => [
      leaveAfter('GET /api/v1/orders HT'),
      leaveAfter(`${post('Content-Length: 100\r\n')}{"name":`),
      leaveAfter(`GET /api/v1/integrity HTTP/1.1\r\n${headers}\r\n`),
      leaveAfter(`POST /api/v1/orders/import HTTP/1.1\r\n${headers}Content-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{"a`),
    ]).flat(),
  );
  const { pool } = app.container;
  for (let tries = 0; pool.idleCount < pool.totalCount && tries < 100; tries++) await sleep(50);
  expect({ waiting: pool.waitingCount, busy: pool.totalCount - pool.idleCount }).toEqual({ waiting: 0, busy: 0 });
});

it('CONNECT is refused, and told what there is', async () => {
  const [text, milliseconds] = await exchange(`CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n`);
  expect(refusalIn(text)).toBe('405 METHOD_NOT_ALLOWED');
  expect(text).toContain('\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n');
  expect(milliseconds).toBeLessThan(4_000);
});

it('a header counts wherever it stands: If-Match behind a hundred others', async () => {
  const { body } = await app.as(token).post('/categories', { name: 'Guarded' }).expect(201);
  const { id } = body as { id: string };
  const headers = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 15\r\n`;
  const [text] = await exchange(
    `PATCH /api/v1/categories/${id} HTTP/1.1\r\n${CLOSE}${headers}${'X: y\r\n'.repeat(105)}If-Match: "9999"\r\n\r\n{"name":"Mine"}`,
  );
  expect(refusalIn(text)).toMatch(/^412 /);
});
