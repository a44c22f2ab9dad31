import type { IncomingMessage } from 'node:http';

/** How long a client may go on sending a body nobody reads, before its connection is cut. */
const LINGER_MS = 5_000;

/** After an answer: reads what is left of the request for a while, so that the client sees the answer instead of a reset, but not for ever. */
export function lingerOverUnreadBody(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  // A reader that gave up may hold it back.
  req.unpipe();
  req.resume();
  const timer = setTimeout(() => {
    if (!req.complete) req.destroy();
  }, LINGER_MS).unref();
  req.once('close', () => clearTimeout(timer));
}
