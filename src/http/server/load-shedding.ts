/**
 * Says no early. A server that takes on more than it can do answers everybody late; one that refuses what is too much answers the rest in
 * time. Stands before Express, because a refusal must cost next to nothing.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Unavailable } from '../../kernel/common-errors';
import { errorBody } from '../errors';
import { requestIdOf } from '../request-state';

export interface LoadLimits {
  /** Requests taken on and not yet answered. */
  readonly maxInFlight: number;
  /** Milliseconds by which the event loop may be behind, smoothed. */
  readonly maxEventLoopLag: number;
}

/** Why a request is refused. */
export const OVERLOADS = ['in-flight', 'event-loop-lag'] as const;
export type Overload = (typeof OVERLOADS)[number];

/** Never refused: what tells whether the server lives, and what keeps those signed in who are already here. */
const VITAL = /^\/(?:health|metrics|api\/(?:v1\/)?auth\/refresh)(?=[/?]|$)/;
const REFUSAL = new Unavailable('The server has too much to do at this moment; try again');

export class LoadShedding {
  private taken = 0;

  constructor(
    private readonly limits: LoadLimits,
    /** Milliseconds the event loop is behind. */
    private readonly eventLoopLag: () => number,
    private readonly onShed: (reason: Overload) => void,
  ) {}

  get inFlight(): number {
    return this.taken;
  }

  /** `listener` for what is taken on; 503 with Retry-After for the rest. */
  guard(listener: RequestListener): RequestListener {
    return (req, res) => {
      const overload = VITAL.test(req.url ?? '') ? undefined : this.overload();
      if (overload !== undefined) {
        this.onShed(overload);
        refuse(req, res);
        return;
      }
      this.taken++;
      res.once('close', () => {
        this.taken--;
      });
      listener(req, res);
    };
  }

  private overload(): Overload | undefined {
    if (this.taken >= this.limits.maxInFlight) return 'in-flight';
    return this.eventLoopLag() > this.limits.maxEventLoopLag ? 'event-loop-lag' : undefined;
  }
}

function refuse(req: IncomingMessage, res: ServerResponse): void {
  const requestId = requestIdOf(req);
  const body = JSON.stringify(errorBody(REFUSAL, requestId));
  res.writeHead(REFUSAL.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'Retry-After': '1',
    'X-Request-Id': requestId,
  });
  res.end(body);
}
