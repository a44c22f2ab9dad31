import cors from 'cors';
import type { RequestHandler } from 'express';

const EXPOSED = [
  'ETag',
  'Location',
  'X-Request-Id',
  'Idempotency-Replayed',
  'Dry-Run',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Allow',
];
const ALLOWED = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'X-Request-Id', 'X-CSRF-Token', 'Accept'];

/** Answers browsers of the listed origins only; `*` stands for any origin, and then never with credentials. */
export function corsAllowList(origins: readonly string[]): RequestHandler {
  const any = origins.includes('*');
  const handle = cors({
    origin: any ? '*' : [...origins],
    credentials: !any,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });
  return (req, res, next) => {
    if (req.headers.origin === undefined) next();
    else handle(req, res, next);
  };
}
