import { createServer, type RequestListener, type Server } from 'node:http';

/**
 * An HTTP server that slow or silent clients can't hold: headers within 10 s; idle connections closed. An ordinary body has 30 s (body.ts),
 * and a body nobody reads 5 s (error-handler); `requestTimeout` counts for the longest upload a route takes, since Node has only one for all.
 */
export function createLimitedServer(listener: RequestListener, longestUploadSeconds = 15 * 60): Server {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: (longestUploadSeconds + 60) * 1000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16 * 1024,
    },
    listener,
  );
  server.maxHeadersCount = 100;
  return server;
}
