import { ConfigError } from '../config/config';
import { MigrationFailed } from '../db/migrate/runner';
import { RolesMissing } from '../db/roles';
import { DatabaseUnusable } from '../db/unusable';
import { AppError } from '../kernel/app-error';

/** Their messages say all that a person needs. */
const PLAIN = [ConfigError, DatabaseUnusable, MigrationFailed, RolesMissing, AppError];

/** What to do about it, for what a person can mend; a stack for our own mistakes. */
export function explain(error: unknown): string {
  if (PLAIN.some((plain) => error instanceof plain)) return (error as Error).message;
  return adviceFor(error as SystemError) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** What the operating system refuses. */
interface SystemError {
  readonly code?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly path?: string;
}

function adviceFor({ code, syscall, address, port, path }: SystemError): string | undefined {
  if (syscall === 'listen') {
    if (code === 'EADDRINUSE' && port !== undefined)
      return `Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1} npm start`;
    if (code === 'EACCES') return `Port ${port} needs more rights than this account has. Choose one above 1023: PORT=3000 npm start`;
    if (code === 'EADDRNOTAVAIL')
      return `HOST: this machine does not have the address ${address}. 127.0.0.1 is this machine alone, 0.0.0.0 every address it has.`;
  }
  if (path !== undefined && (code === 'EACCES' || code === 'EPERM' || code === 'EROFS'))
    return (
      `This account may not ${syscall} ${path}. Another account made it, perhaps root: ` +
      'run as that one, give this one the folder (sudo chown -R "$(id -un)" FOLDER), or set DATA_DIR to another folder.'
    );
  if (path !== undefined && code === 'ENOENT' && (syscall === 'open' || syscall === 'access')) return `There is no file or folder ${path}.`;
  if (code === 'ENOSPC') return 'The disk is full.';
  return undefined;
}
