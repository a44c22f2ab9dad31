import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, loadConfig } from '../config/config';
import { createContainer, type Container } from '../container';
import { openDatabase, type DatabaseHandle } from '../db/database';
import { deploy, status } from '../db/migrate/runner';
import { VERSION } from '../description/api-document';
import { startJobs } from '../jobs/jobs';
import { createLogger, type LogFields, type Logger } from '../observability/logger';
import { assertSafeRuntimeRole } from './boot-checks';
import { explain } from './explain';
import { keepHeapSmall } from './heap';
import { onLostOutput } from './output';
import { onParentGone } from './parent';
import { assertPortFree, startServer } from './server';

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

/** Runs a process from its start to the signal that ends it. */
export function start(purpose: Purpose): void {
  keepHeapSmall();
  // Requests are answered whether somebody reads the log or not.
  onLostOutput(() => undefined);
  const running = new Running(purpose);
  running.run().catch((reason: unknown) => running.fail(reason));
}

/** From the first line of the configuration to the last connection closed. */
class Running {
  /** How to close what is open, in the order in which it was opened. */
  private readonly opened: Array<() => Promise<unknown>> = [];
  private stopping = false;

  constructor(private readonly purpose: Purpose) {}

  /** Configuration → database → container → listen. */
  async run(): Promise<void> {
    const startedAt = performance.now();
    const config = loadConfig();
    const logger = createLogger(config.log);
    this.stopWhenTold(config, logger);
    await assertPortFree(config);
    await assertSafeRuntimeRole(config);
    const database = await openDatabase({
      databaseUrl: config.database.url,
      migrationDatabaseUrl: config.database.migrationUrl,
      dataDir: config.dataDir,
    });
    this.opened.push(() => database.stop());
    await bringUpToDate(config, database, logger);

    const container = createContainer({ config, runtimeUrl: database.runtimeUrl, logger });
    this.opened.push(() => container.close());
    container.metrics.collectProcess();
    warnOf(config, logger);
    await this.purpose.prepare?.(config, database.runtimeUrl, logger);

    const server = await startServer(this.purpose.listener(container), container);
    const jobs = this.purpose.runsJobs(config) ? startJobs(container) : undefined;
    this.opened.push(async () => {
      container.stop();
      await sleep(config.stopDelay);
      await Promise.all([server.stop(), jobs?.stop()]);
    });

    logger.info('listening', { port: server.port, durationMs: Math.round(performance.now() - startedAt), version: VERSION });
    this.purpose.greet?.(config, server.port);
  }

  /** Ends a process that could not start, or stop; the mistakes a person can make are told in one sentence. */
  async fail(reason: unknown): Promise<void> {
    // What is being closed under a start fails it: that is no news.
    if (this.stopping) return;
    this.stopping = true;
    process.stderr.write(`${explain(reason)}\n`);
    // The embedded database must not outlive us; how that goes changes nothing.
    await this.close().catch(() => undefined);
    process.exit(1);
  }

  private stopWhenTold({ startedByNpm }: Config, logger: Logger): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.stop(logger, { signal }));
    if (startedByNpm) onParentGone(() => this.stop(logger, { reason: 'npm is gone' }));
  }

  private stop(logger: Logger, cause: Pick<LogFields, 'signal' | 'reason'>): void {
    if (this.stopping) return;
    this.stopping = true;
    logger.info('stopping', cause);
    setTimeout(() => {
      logger.warn('stopped before everything was closed', cause);
      process.exit(0);
    }, STOP_LIMIT).unref();
    this.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${explain(error)}\n`);
        process.exit(1);
      },
    );
  }

  private async close(): Promise<void> {
    for (const close of this.opened.toReversed()) await close();
  }
}

/** What is allowed, but seldom meant. */
function warnOf({ environment, database, mail }: Config, logger: Logger): void {
  if (environment === 'development' && database.url !== undefined)
    logger.warn('NODE_ENV is not production: unsafe settings are taken, which the database of DATABASE_URL may be too good for', {
      component: 'config',
    });
  if (environment === 'production' && mail.smtpUrl === undefined)
    logger.warn('SMTP_URL is not set: mails are written to the folder mailbox in DATA_DIR and reach nobody', { component: 'mail' });
}

/** Applies what is missing. In production that is a command of its own, and until it has run /health/ready answers 503. */
async function bringUpToDate({ environment }: Config, { embedded, ownerUrl, runtimeUrl }: DatabaseHandle, logger: Logger): Promise<void> {
  const here = { component: 'database' };
  if (environment === 'production' && !embedded) {
    const { length: count } = (await status({ url: runtimeUrl })).pending;
    if (count > 0) logger.warn('migrations are missing, and nothing works before: run the command migrate', { ...here, count });
    return;
  }
  const { length: count } = (await deploy({ url: ownerUrl })).unknown;
  if (count > 0) logger.warn('the database is newer than this code: update the code, or set DATA_DIR to a new folder', { ...here, count });
}
