import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import type { Config } from '../config/config';
import type { Container } from '../container';
import { EventLoopLag } from '../http/server/event-loop-lag';
import { GracefulStop } from '../http/server/graceful-stop';
import { LoadShedding, OVERLOADS } from '../http/server/load-shedding';
import { createLimitedServer } from '../http/server/server-limits';

export interface RunningServer {
  readonly port: number;
  /** Answers what it has taken on, and closes. */
  stop(): Promise<void>;
}

/** Whether the port can be had, asked before a long start: rejects with the error of listening when not. */
export async function assertPortFree({ port, host }: Pick<Config, 'port' | 'host'>): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

/** Puts a listener on its port: slow clients can't hold it, load can't bury it, and it stops without breaking a request. */
export async function startServer(
  listener: RequestListener,
  { config, metrics }: Pick<Container, 'config' | 'metrics'>,
): Promise<RunningServer> {
  const lag = new EventLoopLag();
  // From the start: a series that is born with its first refusal shows no increase by it.
  for (const reason of OVERLOADS) metrics.requestsShed.inc({ reason }, 0);
  const shedding = new LoadShedding(
    config.load,
    () => lag.milliseconds,
    (reason) => metrics.requestsShed.inc({ reason }),
  );
  metrics.watchRequests(() => shedding.inFlight);
  const server = createLimitedServer(shedding.guard(listener));
  server.maxConnections = config.maxConnections;
  server.on('drop', () => metrics.requestsShed.inc({ reason: 'connections' }));
  const graceful = new GracefulStop(server);
  server.listen(config.port, config.host);
  // Rejects with the error when the port is taken.
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      await graceful.run();
      lag.stop();
    },
  };
}
