import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Config } from '../../../src/config/config';
import { readJsonBody } from '../../../src/http/body/json-body';
import { longUpload } from '../../../src/http/server/long-uploads';
import { createLimitedServer } from '../../../src/http/server/server-limits';
import { Metrics } from '../../../src/observability/metrics';
import { startServer } from '../../../src/process/server';

const HEADERS = 'Host: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n';

/** A byte every quarter of a second, twenty in all: what is answered until the connection is closed. */
async function drip(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nConnection: close\r\n${HEADERS}\r\n`);
  const timer = setInterval(() => socket.write(' '), 250);
  const said = await text(socket);
  clearInterval(timer);
  return said;
}

async function withServer<T>(listener: RequestListener, work: (port: number, server: Server) => Promise<T>): Promise<T> {
  const server = createLimitedServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work((server.address() as AddressInfo).port, server);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Both: the longer one is the limit of the whole. */
const shorten = (server: Server): void => void Object.assign(server, { headersTimeout: 400, requestTimeout: 500 });

describe('the time for a whole request', () => {
  test('is 30 s', () => withServer(jest.fn(), async (_port, server) => expect(server.requestTimeout).toBe(30_000)));

  test('ends one that does not arrive: 408', () =>
    withServer(
      (req) => void readJsonBody(req, 1_000).catch(() => undefined),
      async (port, server) => {
        shorten(server);
        expect(await drip(port)).toMatch(/^HTTP\/1\.1 408 [^]*"code":"REQUEST_TIMEOUT"/);
      },
    ));

  test('does not count for an upload that has a limit of its own', () =>
    withServer(
      (req, res) => {
        const arrived = longUpload(req);
        void text(req).then((body) => {
          arrived();
          res.end(`${body.length} bytes`);
        });
      },
      async (port, server) => {
        shorten(server);
        expect(await drip(port)).toMatch(/^HTTP\/1\.1 200 [^]*20 bytes/);
      },
    ));
});

test(
  'a body that nobody reads is cut off five seconds after the answer',
  () =>
    withServer(
      (_req, res) => void res.end('done'),
      async (port) => {
        const startedAt = performance.now();
        const socket = connect(port, '127.0.0.1');
        socket.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx');
        expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
        expect(performance.now() - startedAt).toBeLessThan(9_000);
      },
    ),
  15_000,
);

test('no header is dropped, however many there are', () =>
  withServer(
    (req, res) => void res.end(String(req.headers['if-match'])),
    async (port) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${'X: y\r\n'.repeat(1_000)}If-Match: "7"\r\n\r\n`);
      expect(await text(socket)).toMatch(/\r\n\r\n"7"$/);
    },
  ));

test('connections beyond the limit are closed at once, and counted', async () => {
  const metrics = new Metrics();
  const load = { maxInFlight: 10, maxEventLoopLag: 10_000 };
  const config = { host: '127.0.0.1', port: 0, load, maxConnections: 2 } as unknown as Config;
  const server = await startServer((_req, res) => void res.end('served'), { config, metrics });
  const open = async (): Promise<Socket> => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  const kept = [await open(), await open()];
  expect(await text(await open())).toBe('');
  expect(await metrics.registry.metrics()).toContain('http_requests_shed_total{reason="connections"} 1');
  kept[0]!.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await text(kept[0]!)).toContain('served');
  kept[1]!.destroy();
  await server.stop();
});
