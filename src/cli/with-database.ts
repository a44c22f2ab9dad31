import { loadConfig, type Config } from '../config/config';
import { createContainer, type Container } from '../container';
import { openDatabase, type DatabaseHandle } from '../db/database';
import { deploy } from '../db/migrate/runner';
import { createLogger } from '../observability/logger';
import { assertSafeRuntimeRole } from '../process/boot-checks';

/** Runs `work` with the database the configuration names; the embedded one is shared with a server that runs. */
export async function withDatabase<T>(work: (database: DatabaseHandle, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const { url, migrationUrl } = config.database;
  const database = await openDatabase({ databaseUrl: url, migrationDatabaseUrl: migrationUrl, dataDir: config.dataDir });
  try {
    return await work(database, config);
  } finally {
    await database.stop();
  }
}

/** Runs `work` with the whole application but its HTTP. Outside of production missing migrations are applied first, as the server does. The log goes to LOG_FILE alone: a command speaks for itself. */
export function withContainer<T>(work: (container: Container, database: DatabaseHandle) => Promise<T>): Promise<T> {
  return withDatabase(async (database, config) => {
    await assertSafeRuntimeRole(config);
    if (config.environment !== 'production' || database.embedded) await deploy({ url: database.ownerUrl });
    const container = createContainer({ config, runtimeUrl: database.runtimeUrl, logger: createLogger({ ...config.log, console: false }) });
    try {
      return await work(container, database);
    } finally {
      await container.close();
    }
  });
}
