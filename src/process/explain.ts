import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigError } from '../config/config-error';
import { SecretsDamaged } from '../config/development-secrets';
import { MigrationFailed, MigrationForbidden, NothingToSettle } from '../db/migrate/runner';
import { RolesMissing } from '../db/roles';
import { DatabaseUnusable } from '../db/unusable';
import { AppError } from '../kernel/app-error';

/** Their messages say all that a person needs. */
const PLAIN = [ConfigError, SecretsDamaged, DatabaseUnusable, MigrationFailed, MigrationForbidden, NothingToSettle, RolesMissing, AppError];

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

const isDenied = (code: string | undefined): boolean => code === 'EACCES' || code === 'EPERM' || code === 'EROFS';

/** The path itself, or the innermost folder above it that exists. */
function existing(file: string): string {
  const folder = path.dirname(file);
  return existsSync(file) || folder === file ? file : existing(folder);
}

function adviceFor({ code, syscall, address, port, path }: SystemError): string | undefined {
  if (syscall === 'listen') {
    if (code === 'EADDRINUSE' && port !== undefined)
      return `Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port < 65_535 ? port + 1 : port - 1}`;
    if (code === 'EACCES') return `Port ${port} needs more rights than this account has. Choose one above 1023: PORT=3000`;
    if (code === 'EADDRNOTAVAIL')
      return `HOST: this machine does not have the address ${address}. 127.0.0.1 is this machine alone, 0.0.0.0 every address it has.`;
  }
  if (path !== undefined && syscall === 'access' && isDenied(code))
    return `This account may not use ${path}: give it the right to, or run as another.`;
  if (path !== undefined && syscall === 'mkdir' && isDenied(code) && !existsSync(path))
    return `This account may not make ${path}: it can't write in ${existing(path)}. Make it for this account, or set DATA_DIR to another folder.`;
  if (path !== undefined && isDenied(code))
    return (
      `This account may not ${syscall} ${path}. Another account made it, perhaps root: ` +
      'run as that one, give this one the folder (sudo chown -R "$(id -un)" FOLDER), or, if it is in DATA_DIR, set that to another folder.'
    );
  if (path !== undefined && code === 'ENOENT' && (syscall === 'open' || syscall === 'access')) return `There is no file or folder ${path}.`;
  if (path !== undefined && (code === 'ENOTDIR' || (code === 'EEXIST' && syscall === 'mkdir')))
    return `A file is in the way where a folder is needed: ${existing(path)}. Move it away, or set DATA_DIR to another folder.`;
  if (code === 'EISDIR') return 'A folder is named where a file is needed.';
  if (code === 'ENOSPC') return 'The disk is full.';
  return undefined;
}
