import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { createApp, createHealthApp } from './app';
import type { Config } from './config/config';
import { connect } from './db/client';
import { toAppError } from './db/db-errors';
import { HotLane } from './db/hot-lane';
import { Idempotency } from './db/idempotency';
import { readMigrations, PROJECT_FILES } from './db/migrate/files';
import { readHistory } from './db/migrate/history';
import { DatabasePing } from './db/ping';
import { isStaleSession, RETRYABLE } from './db/sql-state';
import { UnitOfWork } from './db/unit-of-work';
import { apiDocuments, VERSION } from './description/api-document';
import { OLDER_PATHS } from './description/older-paths';
import { EventStore } from './events/event-store';
import type { AnyEndpoint } from './http/endpoint';
import { Background } from './jobs/background';
import { type Clock, systemClock } from './kernel/clock';
import { FieldCipher } from './kernel/field-cipher';
import { MailTransport } from './mail/mail-transport';
import { Mailer } from './mail/mailer';
import { OutboxRepository } from './mail/outbox.repository';
import { createCatalogue } from './modules/catalogue/catalogue.module';
import { createCustomers } from './modules/customers/customers.module';
import { createDashboard } from './modules/dashboard/dashboard.module';
import { createIdentity } from './modules/identity/identity.module';
import { createImport } from './modules/import/import.module';
import { createIntegrity } from './modules/integrity/integrity.module';
import { createInventory } from './modules/inventory/inventory.module';
import { createOrders } from './modules/orders/orders.module';
import { createOrganization } from './modules/organization/organization.module';
import type { Logger } from './observability/logger';
import { Metrics } from './observability/metrics';
import { SharedRateLimitStore } from './redis/rate-limit-store';
import { Redis } from './redis/redis';
import { DEMO_LOGIN } from './seed/demo-login';

export interface ContainerOptions {
  readonly config: Config;
  /** The database as the runtime role reaches it. */
  readonly runtimeUrl: string;
  readonly logger: Logger;
  /** The demo seed and the tests live on other days. */
  readonly clock?: Clock;
  /** Check every answer against its declared shape: for tests. */
  readonly checkResponses?: boolean;
}

/** The composition root: what depends on what, and the only place besides the modules' own faces where it is put together. */
export function createContainer({ config, runtimeUrl, logger, clock = systemClock, checkResponses = false }: ContainerOptions) {
  const metrics = new Metrics();
  const database = connect(runtimeUrl, config.database.poolSize);
  const { pool } = database;
  metrics.watchPool(() => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }));
  // From the start: a series that is born with its first value shows no increase by it.
  for (const sqlstate of RETRYABLE) metrics.retries.inc({ sqlstate }, 0);
  const onRetry = (sqlstate: string): void => metrics.retries.inc({ sqlstate });
  const unitOfWork = new UnitOfWork(database.prisma, onRetry);
  const lane = new HotLane(pool, unitOfWork, onRetry);
  const events = new EventStore(unitOfWork, clock);
  const shared = { unitOfWork, lane, events, clock };
  const background = new Background(logger);
  const mailer = new Mailer(
    unitOfWork,
    new OutboxRepository(unitOfWork),
    new MailTransport({ ...config.mail, mailbox: join(config.dataDir, 'mailbox') }, clock, logger),
    new FieldCipher(config.secrets.encryptionKeys),
    new Background(logger),
    clock,
    logger,
  );

  const organization = createOrganization(shared);
  const { jwt, previousJwt, passwordPepper } = config.secrets;
  const identity = createIdentity({
    ...shared,
    organizations: organization.organizations,
    passwords: { pepper: passwordPepper, cost: config.bcryptCost, atOnce: availableParallelism() },
    tokenSecrets: previousJwt === undefined ? [jwt] : [jwt, previousJwt],
    throttle: config.throttle,
    mailer,
    background,
    appUrl: config.appUrl,
    encryptionKeys: config.secrets.encryptionKeys,
    // A star is no page that could be trusted.
    trustedOrigins: config.corsOrigins.filter((origin) => origin !== '*'),
  });
  const inventory = createInventory(shared);
  const catalogue = createCatalogue({ ...shared, ...inventory });
  const customers = createCustomers(shared);
  const orders = createOrders({ ...shared, stock: inventory.stock, onPlaced: () => metrics.ordersPlaced.inc() });
  const imports = createImport({ ...shared, pool });
  const dashboard = createDashboard(shared);
  const integrity = createIntegrity(shared);

  const endpoints: AnyEndpoint[] = [identity, organization, catalogue, customers, inventory, orders, imports, dashboard, integrity].flatMap(
    (module) => module.routes,
  );
  const stopping = { value: false };
  const ping = new DatabasePing(runtimeUrl);
  const redis = config.redisUrl === undefined ? undefined : new Redis(config.redisUrl, logger);
  const health = {
    version: VERSION,
    isStopping: () => stopping.value,
    pingDatabase: () => ping.ask(),
    isMigrated: onceTrue(() => isMigrated(pool)),
  };

  const app = (): Express => {
    const express = createApp({
      endpoints,
      aliases: OLDER_PATHS,
      documents: apiDocuments(endpoints, config.seedDemo ? DEMO_LOGIN : { email: '', password: '' }),
      authenticate: (request) => identity.principals.authenticate(request),
      forgetSession: (sessionId) => identity.principals.forget(sessionId),
      isStaleSession,
      idempotency: new Idempotency(unitOfWork),
      toAppError,
      logger,
      metrics,
      health: { ...health, ...(redis && { isRedisUp: () => redis.isUp }) },
      config: { corsOrigins: config.corsOrigins, rateLimits: config.rateLimits, trustProxy: config.trustProxy, checkResponses },
      ...(redis && { rateLimitStore: (prefix: string) => new SharedRateLimitStore(redis, `quartermaster:limit:${prefix}`) }),
    });
    if (redis) {
      metrics.watchRedis(() => redis.isUp);
      redis.start();
    }
    return express;
  };

  return {
    ...shared,
    config,
    logger,
    metrics,
    mailer,
    pool,
    endpoints,
    modules: { identity, organization, inventory, catalogue, customers, orders, imports, dashboard, integrity },
    app,
    /** Of a process without the API. */
    healthApp: (): Express => createHealthApp({ health, logger, metrics, toAppError }),
    /** From now on /health/ready answers 503, so that balancers send no more. */
    stop: (): void => {
      stopping.value = true;
    },
    /** When everything that requests have started is done, mails among it. */
    settled: async (): Promise<void> => {
      await background.idle();
      await mailer.idle();
    },
    close: async (): Promise<void> => {
      await background.idle();
      await mailer.close();
      redis?.close();
      await Promise.all([database.close(), ping.close()]);
    },
  };
}
export type Container = ReturnType<typeof createContainer>;

/** Every migration this build brings is in the database. */
async function isMigrated(pool: Parameters<typeof readHistory>[0]): Promise<boolean> {
  const history = await readHistory(pool, await readMigrations(PROJECT_FILES.migrationsDir));
  return history.pending.length === 0 && history.failed.length === 0;
}

/** Asks until the answer is yes; it stays so. */
function onceTrue(question: () => Promise<boolean>): () => Promise<boolean> {
  let known = false;
  return async () => (known ||= await question());
}
