import type { Request, Response } from 'express';
import { MethodNotAllowed } from './errors';

/** A path that exists, but not with this method: 405, or for OPTIONS the methods there are. @throws MethodNotAllowed */
export function answerOtherMethod(req: Request, res: Response, allowed: readonly string[]): void {
  const Allow = allowed.join(', ');
  if (req.method !== 'OPTIONS') throw new MethodNotAllowed(`${req.method} is not possible here; allowed: ${Allow}`, { allowed }, { Allow });
  res.setHeader('Allow', Allow);
  res.statusCode = 204;
  res.end();
}
