import { ConfigError } from './config';
import { RolesMissing } from './db/roles';
import { AppError } from './kernel/app-error';

/** What to do about it, for what a person can mend; a stack for our own mistakes. */
export function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof RolesMissing || error instanceof AppError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port ?? ''} is taken by another program. Stop it, or choose another one: PORT=3001 npm start`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} needs more rights than this account has. Choose one above 1023: PORT=3000 npm start`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
