import type { ErrorRequestHandler } from 'express';
import { errorBody, Internal, problemBody } from '../http/errors';
import { requestState } from '../http/request-state';
import { AppError } from '../kernel/app-error';
import { InvalidInput } from '../kernel/common-errors';
import type { Logger } from '../observability/logger';

/** Every refusal and fault leaves here, in one shape. What is not an AppError is a fault of ours: logged in full, told in one sentence. */
export function errorHandler(toAppError: (error: unknown) => AppError | undefined, logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req, res, _next) => {
    const { requestId, route, principal } = requestState(res);
    const known = error instanceof AppError ? error : (toAppError(error) ?? refusedByExpress(error));
    const answer = known ?? new Internal('Something went wrong; quote the request id when you report it');
    if (answer.status >= 500) {
      const fields = {
        requestId,
        route,
        code: answer.code,
        error,
        ...(principal !== undefined && { organizationId: principal.organizationId }),
      };
      if (answer.status === 503) logger.warn('unavailable', fields);
      else logger.error('request failed', fields);
    }
    if (res.headersSent) {
      // Half an answer can't be taken back: cutting the connection is the only way to say that it is not whole.
      if (!res.writableEnded) res.destroy();
      return;
    }
    for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
    if (answer.status === 401 && !res.hasHeader('WWW-Authenticate')) res.setHeader('WWW-Authenticate', 'Bearer');
    if (answer.status === 503 && !res.hasHeader('Retry-After')) res.setHeader('Retry-After', '1');
    if (res.destroyed) return;
    const problem = req.headers.accept?.includes('application/problem+json') === true;
    const body = JSON.stringify(problem ? problemBody(answer, requestId) : errorBody(answer, requestId));
    res.statusCode = answer.status;
    res.setHeader('Content-Type', problem ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8');
    res.setHeader('Content-Length', Buffer.byteLength(body));
    res.end(body);
  };
}

/** Errors that Express or a middleware of its family raises carry an HTTP status. Their text is not for clients. */
function refusedByExpress(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 ? new InvalidInput('The request could not be understood') : undefined;
}
