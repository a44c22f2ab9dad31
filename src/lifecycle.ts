import type { RequestListener } from 'node:http';
import { VERSION } from './api-document';
import { assertSafeRuntimeRole } from './boot-checks';
import { type Config, loadConfig } from './config';
import { createContainer, type Container } from './container';
import { openDatabase } from './db/database';
import { deploy } from './db/migrate/runner';
import { explain } from './explain';
import { startJobs } from './jobs/jobs';
import { createLogger, type Logger } from './logger';
import { startServer } from './server';

/** Milliseconds after which the process ends, whatever still runs: supervisors kill after thirty seconds. */
const STOP_LIMIT = 28_000;

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
  await assertSafeRuntimeRole(config);
  const database = await openDatabase({
    databaseUrl: config.database.url,
    migrationDatabaseUrl: config.database.migrationUrl,
    dataDir: config.dataDir,
  });
  // In production migrations are a command of their own: `npm run cli -- migrate`.
  if (config.environment !== 'production' || database.embedded) await deploy({ url: database.ownerUrl });

  const container = createContainer({ config, runtimeUrl: database.runtimeUrl, logger });
  container.metrics.collectProcess();
  if (config.environment === 'production' && config.mail.smtpUrl === undefined)
    logger.warn('SMTP_URL is not set: mails are written to the folder mailbox in DATA_DIR and reach nobody', { component: 'mail' });
  await purpose.prepare?.(config, database.runtimeUrl, logger);

  const server = await startServer(purpose.listener(container), container);
  const jobs = purpose.runsJobs(config) ? startJobs(container) : undefined;
  stopOnSignal(async () => {
    container.stop();
    await Promise.all([server.stop(), jobs?.stop()]);
    await container.close();
    await database.stop();
  }, logger);

  const { port } = server;
  logger.info('listening', { port, durationMs: Math.round(performance.now() - startedAt), version: VERSION });
  purpose.greet?.(config, port);
}

function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      logger.info('stopping', { signal });
      setTimeout(() => {
        logger.warn('stopped before everything was closed', { signal });
        process.exit(0);
      }, STOP_LIMIT).unref();
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
