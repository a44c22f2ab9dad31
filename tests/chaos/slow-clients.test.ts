import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLimitedServer } from '../../src/http/server/server-limits';
import { startTestApp, type SignedUp, type TestApp } from '../support/app';

/** I-1: clients that take their time are cut off at the limits, and nobody else waits for them. */
let app: TestApp;
let owner: SignedUp;
let server: Server;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  server = createLimitedServer(app.express).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await app.close();
});

/** Sends the beginning, then a drop every half second, until the server closes. What it said, and after how many seconds. */
async function drip(beginning: string, drop: string): Promise<{ text: string; seconds: number }> {
  const startedAt = performance.now();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  socket.write(beginning);
  const timer = setInterval(() => socket.write(drop), 500);
  await once(socket, 'close');
  clearInterval(timer);
  return { text: Buffer.concat(chunks).toString(), seconds: (performance.now() - startedAt) / 1000 };
}

const timesOut = async (dripping: Promise<Array<{ text: string; seconds: number }>>, limit: number): Promise<void> => {
  // Meanwhile everybody else is served.
  const startedAt = performance.now();
  await app.as(owner.token).get('/auth/me').expect(200);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  for (const { text, seconds } of await dripping) {
    expect(text).toMatch(/^HTTP\/1\.1 408 [^]*"code":"REQUEST_TIMEOUT"/);
    expect(seconds).toBeGreaterThan(limit - 1);
    expect(seconds).toBeLessThan(limit + 10);
  }
};

it('headers have ten seconds, also those of 200 clients at once', () =>
  timesOut(Promise.all(Array.from({ length: 200 }, () => drip('GET /health/live HTTP/1.1\r\nHost: x\r\n', 'X: y\r\n'))), 10));

it('a body has thirty seconds', () => {
  const headers = `Host: x\r\nAuthorization: Bearer ${owner.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n`;
  return timesOut(Promise.all(Array.from({ length: 50 }, () => drip(`POST /api/v1/orders HTTP/1.1\r\n${headers}\r\n`, ' '))), 30);
});

it('an upload has a time of its own: one of 35 seconds is read to its end', async () => {
  const headers = `Host: x\r\nConnection: close\r\nAuthorization: Bearer ${owner.token}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n`;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`POST /api/v1/orders/import?mapping=order-lines HTTP/1.1\r\n${headers}\r\n`);
  for (let seconds = 0; seconds < 35; seconds++) {
    socket.write('1\r\n\n\r\n');
    await sleep(1_000);
  }
  socket.write('3\r\n{}\n\r\n0\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*"totalRows":1[^]*"type":"report"/);
});
