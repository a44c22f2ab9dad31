import express, { type Express, type RequestHandler } from 'express';
import type { AnyEndpoint } from './http/endpoint';
import { ApiRouter, type RouterDependencies } from './http/router';
import type { AppError } from './kernel/app-error';
import { compressAnswer } from './middleware/compression';
import { corsAllowList } from './middleware/cors';
import { errorHandler } from './middleware/error-handler';
import { hostHeader } from './middleware/host-header';
import { notFound } from './middleware/not-found';
import { rateLimiters, type RateLimits, type StoreFactory } from './middleware/rate-limit';
import { requestContext } from './middleware/request-context';
import { requestLog } from './middleware/request-log';
import { securityHeaders } from './middleware/security-headers';
import type { Logger } from './observability/logger';
import type { Metrics } from './observability/metrics';
import { documentationRoutes, type Documents } from './system/documentation';
import { healthRoutes, type HealthChecks } from './system/health';

export interface AppDependencies extends Pick<
  RouterDependencies,
  'authenticate' | 'isStaleSession' | 'forgetSession' | 'idempotency' | 'aliases'
> {
  readonly endpoints: readonly AnyEndpoint[];
  readonly documents: Documents;
  readonly health: Omit<HealthChecks, 'metrics'>;
  /** The answer an error of the database stands for. */
  readonly toAppError: (error: unknown) => AppError | undefined;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly config: {
    readonly corsOrigins: readonly string[];
    readonly rateLimits: RateLimits;
    /** As Express's `trust proxy`: how many proxies, or which addresses. */
    readonly trustProxy: number | string | false;
    /** Check every answer against its declared shape: for tests. */
    readonly checkResponses: boolean;
  };
  readonly rateLimitStore?: StoreFactory;
}

/** Every middleware in order, top to bottom. */
export function createApp(deps: AppDependencies): Express {
  const { config, logger, metrics } = deps;
  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy);

  app.use(requestContext);
  app.use(requestLog(logger, metrics));
  app.use(securityHeaders);
  app.use(hostHeader);
  app.use(corsAllowList(config.corsOrigins));

  const router = new ApiRouter(deps.endpoints, {
    ...deps,
    limits: rateLimiters(config.rateLimits, deps.rateLimitStore),
    compress: compressAnswer,
    checkResponses: config.checkResponses,
  });
  // Before the rest: every layer costs the requests that pass it.
  app.use('/api', router.handle);

  app.use(documentationRoutes(deps.documents));
  app.use(healthOf(deps));

  app.use(notFound);
  app.use(errorHandler(deps.toAppError, logger));
  return app;
}

/** What a worker answers: whether it is well, and how it does. */
export function createHealthApp(deps: Pick<AppDependencies, 'health' | 'logger' | 'metrics' | 'toAppError'>): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(requestContext);
  app.use(requestLog(deps.logger, deps.metrics));
  app.use(securityHeaders);
  app.use(healthOf(deps));
  app.use(notFound);
  app.use(errorHandler(deps.toAppError, deps.logger));
  return app;
}

const healthOf = ({ health, metrics: { registry } }: Pick<AppDependencies, 'health' | 'metrics'>): RequestHandler =>
  healthRoutes({ ...health, metrics: async () => ({ contentType: registry.contentType, text: await registry.metrics() }) });
