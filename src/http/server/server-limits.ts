import { createServer, type RequestListener, type Server } from 'node:http';
import { refuseUnreadableRequests } from './unreadable-requests';

/**
 * An HTTP server that slow or silent clients can't hold: headers within 10 s; idle connections closed. An ordinary body has 30 s (body.ts),
 * and a body nobody reads 5 s (linger); `requestTimeout` counts for the longest upload a route takes, since Node has only one for all.
 */
export function createLimitedServer(listener: RequestListener, longestUploadSeconds = 15 * 60): Server {
  const receive: RequestListener = (req, res) => {
    // RFC 9112 wants an absolute address taken as well; Express would look for its host in the path.
    if (req.url?.startsWith('http') === true) req.url = req.url.replace(/^https?:\/\/[^/?#]*\/?/i, '/');
    return listener(req, res);
  };
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: (longestUploadSeconds + 60) * 1000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: false, // looked at by middleware/host-header
    },
    receive,
  );
  server.maxHeadersCount = 100;
  // An expectation we don't know is no reason to refuse: RFC 9110 leaves it to the server, and Node's own refusal is empty.
  server.on('checkExpectation', receive);
  refuseUnreadableRequests(server);
  return server;
}
