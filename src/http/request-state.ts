import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { Principal } from '../kernel/context';
import { newId } from '../kernel/ids';

/** What middlewares and router know of one request. Lives on res.locals, made by the request-context middleware. */
export interface RequestState {
  readonly requestId: string;
  /** Read at the start: Express can't tell it any more once the connection is gone. */
  readonly ip: string;
  /** Milliseconds of performance.now(). */
  readonly startedAt: number;
  /** Route template such as `/orders/:orderId`, for log and metrics: an URL would leak ids and explode the labels. */
  route: string;
  principal: Principal | undefined;
}

export const requestState = (res: Response): RequestState => (res.locals as { state: RequestState }).state;

const ACCEPTED = /^[\w-]{1,64}$/;

/** The client's own request id when it is harmless, else a new one. */
export function requestIdOf(req: IncomingMessage): string {
  const sent = req.headers['x-request-id'];
  return typeof sent === 'string' && ACCEPTED.test(sent) ? sent : newId();
}
