import type { RequestHandler } from 'express';
import { requestState } from '../http/request-state';

/** Names a route that is not declared as an endpoint, for log and metrics. */
export const systemRoute =
  (route: string): RequestHandler =>
  (_req, res, next) => {
    requestState(res).route = route;
    next();
  };
