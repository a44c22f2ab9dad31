import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventLoopLag } from '../../../src/http/server/event-loop-lag';
import { LoadShedding, type Overload } from '../../../src/http/server/load-shedding';

/** A server whose work ends when the test says so. */
async function start({ maxInFlight = 2, lag = 0 }) {
  const shed: Overload[] = [];
  const waiting: Array<() => void> = [];
  const state = { lag };
  const shedding = new LoadShedding(
    { maxInFlight, maxEventLoopLag: 100 },
    () => state.lag,
    (reason) => shed.push(reason),
  );
  const server: Server = createServer(
    shedding.guard((req, res) => {
      if (req.url === '/slow') waiting.push(() => res.end('done'));
      else res.end('done');
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);
  return {
    shed,
    state,
    shedding,
    ask,
    /** Requests that are being worked on. */
    occupy: async (count: number): Promise<Array<Promise<Response>>> => {
      const answers = Array.from({ length: count }, () => ask('/slow'));
      while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
      return answers;
    },
    finish: () => waiting.splice(0).forEach((end) => end()),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
type Loaded = Awaited<ReturnType<typeof start>>;

describe('shedding load', () => {
  let server: Loaded;
  afterEach(() => server.stop());

  test('what is taken on is answered; what is too much is told to come back, in the shape of every error', async () => {
    server = await start({});
    const taken = await server.occupy(2);
    const refused = await server.ask('/anything', { headers: { 'X-Request-Id': 'mine' } });
    expect(refused.status).toBe(503);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'retry-after': '1',
      'x-request-id': 'mine',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(await refused.json()).toEqual({
      error: { code: 'UNAVAILABLE', message: 'The server has too much to do at this moment; try again', requestId: 'mine' },
    });
    expect(server.shed).toEqual(['in-flight']);

    server.finish();
    expect(await Promise.all(taken.map(async (answer) => (await answer).text()))).toEqual(['done', 'done']);
    expect((await server.ask('/anything')).status).toBe(200);
  });

  test('a client that hangs up makes room', async () => {
    server = await start({ maxInFlight: 1 });
    const impatient = new AbortController();
    const answer = server.ask('/slow', { signal: impatient.signal }).catch(() => 'gone');
    while (server.shedding.inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    impatient.abort();
    expect(await answer).toBe('gone');
    while (server.shedding.inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await server.ask('/anything')).status).toBe(200);
  });

  test.each([
    '/health',
    '/health/live',
    '/health/ready?x',
    '/metrics',
    '/api/v1/auth/refresh',
    '/api/auth/refresh',
    '/api/v1/auth/refresh/',
  ])('%s is never refused', async (path) => {
    server = await start({ maxInFlight: 1, lag: 1_000 });
    await server.ask('/anything');
    expect((await server.ask(path, { method: 'POST' })).status).toBe(200);
    expect(server.shed).toEqual(['event-loop-lag']);
  });

  test.each(['/healthy', '/api/v1/auth/refreshments', '/api/v1/auth/login', '/api/v1/orders?next=/health', '//health'])(
    '%s is',
    async (path) => {
      server = await start({ lag: 1_000 });
      expect((await server.ask(path)).status).toBe(503);
    },
  );

  test('an upload that is refused is read no further, and its connection goes on', async () => {
    server = await start({ lag: 1_000 });
    const upload = await server.ask('/anything', { method: 'POST', body: 'x'.repeat(5_000_000) });
    expect(upload.status).toBe(503);
    await upload.text();
    server.state.lag = 0;
    expect((await server.ask('/anything')).status).toBe(200);
  });
});

test('the lag of the event loop is that of late timers, and passes', async () => {
  const lag = new EventLoopLag();
  const block = (milliseconds: number): void => {
    for (const until = performance.now() + milliseconds; performance.now() < until;);
  };
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  block(200);
  await turn();
  // One long task is not yet an overload …
  expect(lag.milliseconds).toBeLessThan(100);
  for (let times = 0; times < 10; times++) {
    block(200);
    await turn();
  }
  // … but going on like that is.
  expect(lag.milliseconds).toBeGreaterThan(100);
  for (let looks = 0; lag.milliseconds > 50; looks++) {
    if (looks === 500) throw new Error(`still ${lag.milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  lag.stop();
});
