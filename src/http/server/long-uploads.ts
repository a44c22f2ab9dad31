import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Node has one limit of time for all requests. A route that takes large uploads has a timer of its own, and says here for how long the
 * server's limit does not count.
 */
const connections = new WeakSet<Duplex>();

/** From now until the function it answers is called. */
export function longUpload({ socket }: IncomingMessage): () => void {
  connections.add(socket);
  return () => connections.delete(socket);
}

export const hasLongUpload = (connection: Duplex): boolean => connections.has(connection);
