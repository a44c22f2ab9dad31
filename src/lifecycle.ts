import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VERSION } from './api-document';
import { assertSafeRuntimeRole } from './boot-checks';
import { type Config, loadConfig } from './config';
import { createContainer, type Container } from './container';
import { openDatabase } from './db/database';
import { deploy } from './db/migrate/runner';
import { explain } from './explain';
import { createLimitedServer } from './http/server-limits';
import { startJobs } from './jobs/jobs';
import { createLogger, type Logger } from './logger';

/** Milliseconds for requests that are under way when the process is told to stop. */
const DRAIN_LIMIT = 20_000;

/** What a process is for. */
export interface Purpose {
  /** What it answers over HTTP. */
  readonly listener: (container: Container) => RequestListener;
  readonly runsJobs: (config: Config) => boolean;
  /** Once, on a migrated database, before it listens. */
  readonly prepare?: (config: Config, runtimeUrl: string, logger: Logger) => Promise<void>;
  /** Once it listens. */
  readonly greet?: (config: Config, port: number) => void;
}

/** Runs a process from its start to the signal that ends it; the mistakes a person can make are told in one sentence. */
export function run(purpose: Purpose): void {
  start(purpose).catch(fail);
}

/** Configuration → database → container → listen → stop when told to. */
async function start(purpose: Purpose): Promise<void> {
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
  await purpose.prepare?.(config, database.runtimeUrl, logger);

  const server = await listen(purpose.listener(container), config);
  const jobs = purpose.runsJobs(config) ? startJobs(container) : undefined;
  stopOnSignal(async () => {
    container.stop();
    await jobs?.stop();
    await drain(server);
    await container.close();
    await database.stop();
  }, logger);

  const { port } = server.address() as AddressInfo;
  logger.info('listening', { port, durationMs: Math.round(performance.now() - startedAt), version: VERSION });
  purpose.greet?.(config, port);
}

async function listen(listener: RequestListener, { host, port }: Config): Promise<Server> {
  const server = createLimitedServer(listener).listen(port, host);
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
