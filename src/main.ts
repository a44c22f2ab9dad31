import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VERSION } from './api-document';
import { assertSafeRuntimeRole } from './boot-checks';
import { type Config, ConfigError, loadConfig } from './config';
import { createContainer, type Container } from './container';
import { openDatabase } from './db/database';
import { deploy } from './db/migrate/runner';
import { createLimitedServer } from './http/server-limits';
import { startHousekeeping } from './jobs/housekeeping';
import { createLogger, type Logger } from './logger';
import { seedDemo } from './seed/demo';
import { DEMO_LOGIN } from './seed/demo-login';
import { welcome } from './welcome';

/** Milliseconds for requests that are under way when the process is told to stop. */
const DRAIN_LIMIT = 20_000;

/** Configuration → database → container → listen → stop when told to. */
async function main(): Promise<void> {
  const startedAt = performance.now();
  const config = loadConfig();
  const logger = createLogger(config.log);
  const database = await openDatabase({
    databaseUrl: config.database.url,
    migrationDatabaseUrl: config.database.migrationUrl,
    dataDir: config.dataDir,
  });
  if (config.environment === 'production') await assertSafeRuntimeRole(database.runtimeUrl);
  // In production migrations are a command of their own: `npm run cli -- migrate`.
  if (config.environment !== 'production' || database.embedded) await deploy({ url: database.ownerUrl });

  const container = createContainer({ config, runtimeUrl: database.runtimeUrl, logger });
  container.metrics.collectProcess();
  if (config.seedDemo) await seedDemo(config, database.runtimeUrl, logger);

  const server = await listen(container, config);
  const housekeeping = startHousekeeping(container);
  stopOnSignal(async () => {
    container.stop();
    await housekeeping.stop();
    await drain(server);
    await container.close();
    await database.stop();
  }, logger);

  const { port } = server.address() as AddressInfo;
  logger.info('listening', { port, durationMs: Math.round(performance.now() - startedAt), version: VERSION });
  if (config.environment === 'development')
    process.stdout.write(welcome({ host: config.host, port, demo: config.seedDemo ? DEMO_LOGIN : undefined }));
}

async function listen(container: Container, { host, port }: Config): Promise<Server> {
  const server = createLimitedServer(container.app()).listen(port, host);
  // Rejects with the error when the port is taken.
  await once(server, 'listening');
  return server;
}

/** Stops accepting, lets requests end, closes what is left. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT);
  await closed;
  clearTimeout(late);
}

function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      logger.info('stopping', { signal });
      stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
}

function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

/** What to do about it, for the mistakes a person can make; a stack for ours. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port ?? ''} is taken by another program. Stop it, or choose another one: PORT=3001 npm start`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} needs more rights than this account has. Choose one above 1023: PORT=3000 npm start`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(fail);
