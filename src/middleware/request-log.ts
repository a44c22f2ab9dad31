import type { Request, RequestHandler, Response } from 'express';
import morgan from 'morgan';
import { requestState } from '../http/request-state';
import type { Logger } from '../observability/logger';
import type { Metrics } from '../observability/metrics';

const SYSTEM_ROUTES = /^\/(?:health|metrics)/;

/**
 * One line per answered request, through Winston, and its duration into the histogram. The route template stands for the URL: URLs carry
 * ids and search words. Nothing of bodies or headers is logged.
 */
export const requestLog = (logger: Logger, metrics: Metrics): RequestHandler =>
  morgan<Request, Response>((_tokens, req, res) => {
    const state = requestState(res);
    const durationMs = performance.now() - state.startedAt;
    // A client that went away before the answer never saw a status.
    const status = res.headersSent ? res.statusCode : 499;
    metrics.httpDuration.observe({ method: req.method, route: state.route, status }, durationMs / 1000);
    if (status < 400 && SYSTEM_ROUTES.test(state.route)) return undefined;
    logger.info('request', {
      requestId: state.requestId,
      method: req.method,
      route: state.route,
      status,
      durationMs: Math.round(durationMs * 100) / 100,
      bytes: Number(res.getHeader('content-length') ?? 0),
      ...(state.principal !== undefined && { userId: state.principal.userId, organizationId: state.principal.organizationId }),
      ip: state.ip,
    });
    // Morgan writes nothing itself: the line went to Winston with its fields apart.
    return undefined;
  });
