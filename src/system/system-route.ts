import type { RequestHandler } from 'express';
import { answerOtherMethod } from '../http/other-method';
import { requestState } from '../http/request-state';

/** All that these routes know: they are there to be read. */
const ALLOWED = ['GET', 'HEAD', 'OPTIONS'];

/** Goes before a route that is not declared as an endpoint: names it for log and metrics, and lets it be read only. */
export const systemRoute =
  (route: string): RequestHandler =>
  (req, res, next) => {
    requestState(res).route = route;
    if (req.method === 'GET' || req.method === 'HEAD') next();
    else answerOtherMethod(req, res, ALLOWED);
  };
