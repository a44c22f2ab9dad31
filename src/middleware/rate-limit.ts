import type { Request, RequestHandler, Response } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { TooManyRequests } from '../http/errors';
import { networkOf } from '../http/network';
import { requestState } from '../http/request-state';

export interface RateLimits {
  /** Requests per minute and IP (IPv6: per /56) without a valid token. */
  readonly anonymousPerMinute: number;
  /** Requests per minute and signed-in user. */
  readonly userPerMinute: number;
}

/** A store shared by several processes; without it each process counts in its own memory. */
export type StoreFactory = (prefix: string) => Store;

/** Counts one request. @throws TooManyRequests */
export type Limiter = (req: Request, res: Response) => Promise<void>;

function limiter(name: string, limit: number, keyOf: (req: Request, res: Response) => string, store: StoreFactory | undefined): Limiter {
  const handle: RequestHandler = rateLimit({
    windowMs: 60_000,
    limit,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: keyOf,
    // A dead shared store must not refuse every request.
    passOnStoreError: true,
    // Its checks write to the console; the trust in proxies is checked with the configuration.
    validate: false,
    handler: (_req, _res, next) =>
      next(new TooManyRequests(`More than ${limit} requests in a minute; wait as long as Retry-After says`, { limit })),
    ...(store !== undefined && { store: store(`${name}:`) }),
  });
  return (req, res) =>
    new Promise((resolve, reject) => {
      // The limiter calls next() itself; its promise only tells of its own faults.
      void Promise.resolve(handle(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)))).catch(reject);
    });
}

export const rateLimiters = (limits: RateLimits, store?: StoreFactory): { readonly anonymous: Limiter; readonly user: Limiter } => ({
  anonymous: limiter('anonymous', limits.anonymousPerMinute, (_req, res) => networkOf(requestState(res).ip), store),
  user: limiter('user', limits.userPerMinute, (_req, res) => requestState(res).principal!.userId, store),
});
