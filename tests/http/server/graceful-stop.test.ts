import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { GracefulStop } from '../../../src/http/server/graceful-stop';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

async function start() {
  const waiting: Array<() => void> = [];
  const server = createServer((_req, res) => {
    waiting.push(() => res.end('done'));
  }).listen(0, '127.0.0.1');
  const graceful = new GracefulStop(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  return {
    stop: (grace: number, drain = 5_000) => graceful.run({ grace, drain }),
    dial: async () => {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    /** Sends a request and waits until the server works on it. */
    send: async (socket: Socket): Promise<void> => {
      const before = waiting.length;
      socket.write(GET);
      while (waiting.length === before && !socket.destroyed) await sleep(1);
    },
    finish: () => waiting.splice(0).forEach((end) => end()),
    closeAll: () => sockets.forEach((socket) => socket.destroy()),
  };
}
type Stopping = Awaited<ReturnType<typeof start>>;

const answer = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

describe('a graceful stop', () => {
  let server: Stopping;
  beforeEach(async () => {
    server = await start();
  });
  afterEach(() => server.closeAll());

  test('ends at once when nobody is connected', async () => {
    const startedAt = performance.now();
    await server.stop(60_000);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('answers what is under way, takes what comes on a kept-alive connection as its last, and accepts no new connection', async () => {
    const [busy, idle] = [await server.dial(), await server.dial()];
    await server.send(busy);
    const stopped = server.stop(60_000);
    await sleep(50);
    await expect(server.dial()).rejects.toThrow('ECONNREFUSED');

    for (const socket of [busy, idle]) {
      const last = answer(socket);
      // The idle one may still send a request.
      if (socket === idle) await server.send(socket);
      server.finish();
      const text = await last;
      expect(text).toMatch(/^HTTP\/1.1 200 OK/);
      expect(text).toMatch(/\r\nConnection: close\r\n/i);
      await once(socket, 'close');
    }
    await stopped;
  });

  test('cuts connections that stay silent after the grace', async () => {
    const [fresh, used] = [await server.dial(), await server.dial()];
    await server.send(used);
    const first = answer(used);
    server.finish();
    await first;
    const closed = [fresh, used].map((socket) => once(socket, 'close'));
    const startedAt = performance.now();
    await server.stop(100);
    await Promise.all(closed);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('cuts what takes longer than the drain', async () => {
    const stuck = await server.dial();
    await server.send(stuck);
    const startedAt = performance.now();
    await server.stop(10, 300);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300);
  });
});
