import type { RequestHandler } from 'express';
import { newId } from '../kernel/ids';
import type { RequestState } from '../http/request-state';

const ACCEPTED = /^[\w-]{1,64}$/;

/** Gives every request its id: the client's own when it is harmless, else a new one. Answered as X-Request-Id. */
export const requestContext: RequestHandler = (req, res, next) => {
  const sent = req.headers['x-request-id'];
  const requestId = typeof sent === 'string' && ACCEPTED.test(sent) ? sent : newId();
  const state: RequestState = { requestId, ip: req.ip ?? '', startedAt: performance.now(), route: 'unmatched', principal: undefined };
  res.locals['state'] = state;
  res.setHeader('X-Request-Id', requestId);
  next();
};
