import { createHmac } from 'node:crypto';
import { EmbeddedPostgres } from './embedded';
import { APP_ROLE, bootstrapRoles, DATABASE, OWNER_ROLE, prepareRoles, RUNTIME_ROLE } from './roles';
import { assertUsable, DatabaseUnusable } from './unusable';

export interface DatabaseConfig {
  /** The application's connection (DATABASE_URL). */
  readonly databaseUrl?: string | undefined;
  /** The owner's connection, for migrations (MIGRATION_DATABASE_URL). */
  readonly migrationDatabaseUrl?: string | undefined;
  /** Where the embedded PostgreSQL keeps its data. */
  readonly dataDir: string;
}

export interface DatabaseHandle {
  /** For everything the application does: row-level security applies. */
  readonly runtimeUrl: string;
  /** For migrations. */
  readonly ownerUrl: string;
  readonly embedded: boolean;
  /** Close your own connections first. The embedded server stops with its last user; a server of your own is left alone. */
  stop(): Promise<void>;
}

/**
 * Finds or starts the database and makes sure its roles exist. Tables are the migrations' affair.
 * - both addresses given: they are used as they are;
 * - only DATABASE_URL (development, one login for everything): the owner is that login, the application acts as the runtime role;
 * - none: the embedded PostgreSQL.
 * @throws DatabaseUnusable when it can't be reached or started
 * @throws RolesMissing when roles are missing on a given server and its login may not create them
 */
export async function openDatabase(config: DatabaseConfig): Promise<DatabaseHandle> {
  const { databaseUrl, migrationDatabaseUrl, dataDir } = config;
  if (databaseUrl === undefined) {
    if (migrationDatabaseUrl !== undefined)
      throw new DatabaseUnusable('MIGRATION_DATABASE_URL is set without DATABASE_URL: set both or neither.');
    return openEmbedded(dataDir);
  }
  await assertUsable('DATABASE_URL', databaseUrl);
  if (migrationDatabaseUrl !== undefined) await assertUsable('MIGRATION_DATABASE_URL', migrationDatabaseUrl);
  const ownerUrl = migrationDatabaseUrl ?? databaseUrl;
  await prepareRoles(ownerUrl, databaseUrl);
  return {
    runtimeUrl: migrationDatabaseUrl === undefined ? actingAs(databaseUrl, RUNTIME_ROLE) : databaseUrl,
    ownerUrl,
    embedded: false,
    stop: () => Promise.resolve(),
  };
}

async function openEmbedded(dataDir: string): Promise<DatabaseHandle> {
  const server = await EmbeddedPostgres.start(dataDir);
  const passwordOf = (role: string): string => createHmac('sha256', server.password).update(role).digest('base64url');
  const urlAs = (role: string): string => `postgresql://${role}:${passwordOf(role)}@127.0.0.1:${server.port}/${DATABASE}`;
  try {
    await bootstrapRoles(server.url('postgres'), { owner: passwordOf(OWNER_ROLE), app: passwordOf(APP_ROLE) });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { runtimeUrl: urlAs(APP_ROLE), ownerUrl: urlAs(OWNER_ROLE), embedded: true, stop: () => server.stop() };
}

/** The same connection with its rights reduced to a role's, so that row-level security applies even to a superuser's login. */
function actingAs(url: string, role: string): string {
  const address = new URL(url);
  const options = address.searchParams.get('options');
  address.searchParams.set('options', [...(options === null ? [] : [options]), `-c role=${role}`].join(' '));
  address.search = address.search.replaceAll('+', '%20'); // not every client takes + for a space
  return address.toString();
}
