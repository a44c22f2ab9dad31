import type { RequestHandler } from 'express';
import { InvalidInput } from '../kernel/common-errors';

/** HTTP/1.1 wants one Host in every request (RFC 9112, 3.2). Node could refuse for us, but with an empty answer, and it takes the first of two. */
export const hostHeader: RequestHandler = (req, _res, next) => {
  if (req.headers.host === undefined && req.httpVersion === '1.1') next(new InvalidInput('The request has no Host header'));
  else if (countOf('host', req.rawHeaders) > 1) next(new InvalidInput('The request has more than one Host header'));
  else next();
};

/** `rawHeaders`: names and values in turn. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]!.length === name.length && rawHeaders[at]!.toLowerCase() === name) count++;
  return count;
}
