import type { RequestHandler } from 'express';
import { requestIdOf, type RequestState } from '../http/request-state';

/** Gives every request its id, answered as X-Request-Id. */
export const requestContext: RequestHandler = (req, res, next) => {
  const requestId = requestIdOf(req);
  const state: RequestState = { requestId, ip: req.ip ?? '', startedAt: performance.now(), route: 'unmatched', principal: undefined };
  res.locals['state'] = state;
  res.setHeader('X-Request-Id', requestId);
  next();
};
