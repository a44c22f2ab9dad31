import type { RequestHandler } from 'express';
import { InvalidInput } from '../kernel/common-errors';

/** HTTP/1.1 wants a Host in every request (RFC 9112, 3.2). Node could refuse for us, but with an empty answer. */
export const hostHeader: RequestHandler = (req, _res, next) => {
  if (req.headers.host !== undefined || req.httpVersion !== '1.1') next();
  else next(new InvalidInput('The request has no Host header'));
};
