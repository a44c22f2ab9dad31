import { createServer, type RequestListener, type Server } from 'node:http';
import { hasBody } from '../body/json-body';
import { lingerOverUnreadBody } from './linger';
import { refuseUnreadableRequests } from './unreadable-requests';

/**
 * An HTTP server that slow or silent clients can't hold: headers arrive within 10 s, a whole request within 30 s (uploads have a limit of
 * their own), a body nobody reads within 5 s of its answer; idle connections are closed.
 */
export function createLimitedServer(listener: RequestListener): Server {
  const receive: RequestListener = (req, res) => {
    // RFC 9112 wants an absolute address taken as well; Express would look for its host in the path.
    if (req.url?.startsWith('http') === true) req.url = req.url.replace(/^https?:\/\/[^/?#]*\/?/i, '/');
    if (hasBody(req)) res.once('finish', () => lingerOverUnreadBody(req));
    return listener(req, res);
  };
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: false, // looked at by middleware/host-header
    },
    receive,
  );
  // The size bounds them. Of more than a number Node would drop the rest without a word, If-Match and Idempotency-Key among them.
  server.maxHeadersCount = 0;
  // An expectation we don't know is no reason to refuse: RFC 9110 leaves it to the server, and Node's own refusal is empty.
  server.on('checkExpectation', receive);
  refuseUnreadableRequests(server);
  return server;
}
