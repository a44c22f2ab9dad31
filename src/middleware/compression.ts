import compression from 'compression';
import type { RequestHandler } from 'express';
import type { Compress } from '../http/answers';

const middleware = compression({ threshold: 1024 });

/** For static pages. */
export const compressAlways: RequestHandler = middleware;

/** Hooked in only when an answer turns out to be worth it: wrapping every small answer would cost the hot path for nothing. */
export const compressAnswer: Compress = (req, res) => middleware(req, res, () => undefined);
