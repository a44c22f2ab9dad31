import type { Config } from '../config/config';
import { ConfigError } from '../config/config-error';
import { inspectRuntimeRole } from '../db/roles';
import { assertUsable } from '../db/unusable';

/**
 * In production the application must not be able to step around row-level security, whatever it is told to run.
 * Asked before anything else touches the database.
 * @throws ConfigError naming the variable, never its value
 */
export async function assertSafeRuntimeRole({ environment, database }: Pick<Config, 'environment' | 'database'>): Promise<void> {
  if (environment !== 'production' || database.url === undefined) return;
  const runtimeUrl = database.url;
  await assertUsable('DATABASE_URL', runtimeUrl);
  const role = await inspectRuntimeRole(runtimeUrl);
  const problems = [
    role.superuser && 'DATABASE_URL: the login is a superuser',
    role.bypassRls && 'DATABASE_URL: the login bypasses row-level security',
    role.ownsTables && 'DATABASE_URL: the login owns the tables; use a runtime login, and the owner in MIGRATION_DATABASE_URL',
    role.memberOfOwner && 'DATABASE_URL: the login is a member of the role that owns the tables',
    ...role.reaches.map((name) => `DATABASE_URL: the login may become ${name} (SET ROLE), which row-level security does not bind`),
  ].filter((problem): problem is string => problem !== false);
  if (problems.length > 0) throw new ConfigError(problems);
}
