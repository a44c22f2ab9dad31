import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** Milliseconds. */
export interface DrainLimits {
  /** For clients to use a kept-alive connection once more, and be told that it was the last time. */
  readonly grace: number;
  /** For requests that are under way. */
  readonly drain: number;
}

const LIMITS: DrainLimits = { grace: 1_000, drain: 20_000 };
const LOOK_EVERY = 50;

/**
 * Stops a server without failing a request that was sent to it. Closing an idle connection at once would do that: the next request may be on
 * its way already. So a client is first told `Connection: close` with its next answer, and only who stays silent meanwhile is cut off.
 */
export class GracefulStop {
  private readonly connections = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** Stops accepting connections, lets requests end, closes what is left. */
  async run({ grace, drain }: DrainLimits = LIMITS): Promise<void> {
    const { server } = this;
    server.prependListener('request', (_req, res: ServerResponse) => {
      res.setHeader('Connection', 'close');
    });
    const closed = new Promise<void>((resolve) => {
      // Not the HTTP server's own close(): it cuts idle connections at once.
      NetServer.prototype.close.call(server, () => resolve());
    });
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      if (elapsed > drain) server.closeAllConnections();
      else if (elapsed > grace) this.closeSilentConnections();
    }, LOOK_EVERY);
    await closed;
    clearInterval(timer);
  }

  private closeSilentConnections(): void {
    this.server.closeIdleConnections();
    // One that never sent a byte does not count as idle: Node still waits for its first request.
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
  }
}
