import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** Milliseconds. */
export interface DrainLimits {
  /** For clients to use a kept-alive connection once more, and be told that it was the last time. */
  readonly grace: number;
  /** For requests that are under way. */
  readonly drain: number;
}

const LIMITS: DrainLimits = { grace: 1_000, drain: 20_000 };
const LOOK_EVERY = 50;

const isLast = (res: ServerResponse): void => {
  if (!res.headersSent) res.setHeader('Connection', 'close');
};

/**
 * Stops a server without failing a request that was sent to it. Closing an idle connection at once would do that: the next request may be on
 * its way already. So a client is told `Connection: close` with its next answer, and only who stays silent meanwhile is cut off.
 */
export class GracefulStop {
  private readonly connections = new Set<Socket>();
  private readonly underWay = new Set<ServerResponse>();
  private accepted = 0;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.accepted++;
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    server.on('request', (_req: IncomingMessage, res: ServerResponse) => {
      this.underWay.add(res);
      res.once('close', () => this.underWay.delete(res));
    });
  }

  /** Stops accepting connections, lets requests end, closes what is left. */
  async run({ grace, drain }: DrainLimits = LIMITS): Promise<void> {
    const { server } = this;
    await this.acceptWaiting(performance.now() + grace);
    const closed = new Promise<void>((resolve) => {
      // Not the HTTP server's own close(): it cuts idle connections at once.
      NetServer.prototype.close.call(server, () => resolve());
    });
    // Only now: who is told to close connects again at once.
    this.underWay.forEach(isLast);
    server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => isLast(res));
    const closedAt = performance.now();
    const timer = setInterval(() => {
      const elapsed = performance.now() - closedAt;
      if (elapsed > drain) server.closeAllConnections();
      else if (elapsed > grace) this.closeSilentConnections();
    }, LOOK_EVERY);
    await closed;
    clearInterval(timer);
  }

  /**
   * Closing the port resets the connections that still wait to be accepted. Node accepts one each turn of its loop, so after a turn without
   * any none is waiting.
   */
  private async acceptWaiting(deadline: number): Promise<void> {
    for (let before = -1; before !== this.accepted && performance.now() < deadline;) {
      before = this.accepted;
      await turn(); // the rest of this one
      await turn();
    }
  }

  private closeSilentConnections(): void {
    this.server.closeIdleConnections();
    // One that never sent a byte does not count as idle: Node still waits for its first request.
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
  }
}
