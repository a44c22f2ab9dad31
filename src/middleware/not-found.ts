import type { RequestHandler } from 'express';
import { NotFound } from '../kernel/common-errors';

/** A path is quoted, but cut: it may be anything. */
export const notFound: RequestHandler = (req) => {
  const path = req.originalUrl.split('?', 1)[0]!;
  throw new NotFound(`Nothing is found at ${path.length > 200 ? `${path.slice(0, 200)}…` : path}`);
};
