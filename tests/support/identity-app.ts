import type { Express } from 'express';
import request from 'supertest';
import { createApp } from '../../src/app';
import { connect } from '../../src/db/client';
import { toAppError } from '../../src/db/db-errors';
import { HotLane } from '../../src/db/hot-lane';
import { Idempotency } from '../../src/db/idempotency';
import { isStaleSession } from '../../src/db/sql-state';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { EventStore } from '../../src/events/event-store';
import { Background } from '../../src/jobs/background';
import { SettableClock } from '../../src/kernel/clock';
import type { Role } from '../../src/kernel/permissions';
import { FieldCipher } from '../../src/kernel/field-cipher';
import { MailTransport } from '../../src/mail/mail-transport';
import { Mailer } from '../../src/mail/mailer';
import { OutboxRepository } from '../../src/mail/outbox.repository';
import { createIdentity } from '../../src/modules/identity/identity.module';
import { complaints, integrityCheck } from '../../src/modules/integrity/integrity.module';
import { createOrganization } from '../../src/modules/organization/organization.module';
import { createLogger } from '../../src/observability/logger';
import { Metrics } from '../../src/observability/metrics';
import { freshDatabase, queryOnce } from './database';
import { temporaryMailbox } from './mailbox';

export const TOKEN_SECRET = 'a secret that only the tests of identity know';
export const PREVIOUS_TOKEN_SECRET = 'the secret that was used before that one';

export interface Member {
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly storeId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export type IdentityApp = Awaited<ReturnType<typeof startIdentityApp>>;

/** The modules identity and organization behind the real app, on a database of their own, with a clock that can be set. */
export async function startIdentityApp() {
  const database = await freshDatabase();
  const client = connect(database.runtimeUrl, 10);
  const clock = new SettableClock(new Date());
  const unitOfWork = new UnitOfWork(client.prisma, () => undefined);
  const lane = new HotLane(client.pool, unitOfWork, () => undefined);
  const events = new EventStore(unitOfWork, clock);
  const mailbox = await temporaryMailbox();
  const logger = createLogger({ level: 'error', json: true });
  const background = new Background(logger);
  const encryptionKeys = [{ id: 'test', key: Buffer.alloc(32, 7) }];
  const mailer = new Mailer(
    unitOfWork,
    new OutboxRepository(unitOfWork),
    new MailTransport({ smtpUrl: undefined, from: 'no-reply@example.com', mailbox: `${mailbox.dataDir}/mailbox` }, clock, logger),
    new FieldCipher(encryptionKeys),
    background,
    clock,
    logger,
  );
  const organization = createOrganization({ unitOfWork, lane, events, clock });
  const identity = createIdentity({
    unitOfWork,
    lane,
    events,
    clock,
    organizations: organization.organizations,
    mailer,
    background,
    appUrl: 'https://app.example.com',
    passwords: { pepper: 'a pepper that only the tests know', cost: 4, atOnce: 2 },
    tokenSecrets: [TOKEN_SECRET, PREVIOUS_TOKEN_SECRET],
    trustedOrigins: [],
    encryptionKeys,
    throttle: {
      failedLogins: { perDevice: 1_000_000, perIp: 1_000_000 },
      accountRequests: { perAddress: 1_000_000, perIp: 1_000_000 },
    },
  });
  const app: Express = createApp({
    endpoints: [...identity.routes, ...organization.routes],
    documents: { openapi: { info: { title: 'Identity' } }, collection: {}, environmentAt: () => ({}) },
    authenticate: (request) => identity.principals.authenticate(request),
    forgetSession: (sessionId) => identity.principals.forget(sessionId),
    isStaleSession,
    idempotency: new Idempotency(unitOfWork),
    toAppError,
    logger,
    metrics: new Metrics(),
    health: {
      version: 'test',
      isStopping: () => false,
      pingDatabase: () => Promise.resolve(),
      isMigrated: () => Promise.resolve(true),
    },
    config: {
      corsOrigins: [],
      rateLimits: { anonymousPerMinute: 1_000_000, userPerMinute: 1_000_000 },
      trustProxy: false,
      checkResponses: true,
    },
  });

  const http = request(app);
  let made = 0;
  const asOwner = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    queryOnce<Row>(database.superuserUrl, sql, values);

  async function signUp(fields: Record<string, unknown> = {}): Promise<Member> {
    const credentials = { email: `person${++made}@example.com`, password: `a fine passphrase ${made}` };
    const { body } = await http
      .post('/api/v1/auth/register')
      .send({ ...credentials, name: `Person ${made}`, ...fields })
      .expect(201);
    const [store] = await asOwner<{ id: string }>('SELECT id FROM stores WHERE organization_id = $1', [body.organization.id]);
    const { accessToken, refreshToken, organization, user } = body;
    return { ...credentials, userId: user.id, organizationId: organization.id, storeId: store!.id, accessToken, refreshToken };
  }

  return {
    http,
    clock,
    identity,
    unitOfWork,
    asOwner,
    signUp,
    /** Mails to an address, when everything that was started is done. */
    mailsTo: async (address: string) => {
      await background.idle();
      return mailbox.of(address);
    },
    /** Sends with a token: `app.as(token).get('/stores')`. */
    as: (token: string) => {
      const send = (method: 'get' | 'post' | 'put' | 'patch' | 'delete') => (path: string) =>
        http[method](`/api/v1${path}`).set('Authorization', `Bearer ${token}`);
      return { get: send('get'), post: send('post'), put: send('put'), patch: send('patch'), delete: send('delete') };
    },
    setRole: (member: Member, role: Role) =>
      asOwner('UPDATE memberships SET role = $1 WHERE organization_id = $2 AND user_id = $3', [role, member.organizationId, member.userId]),
    close: async (): Promise<void> => {
      try {
        const report = await integrityCheck({ unitOfWork, clock });
        if (!report.healthy) throw new Error(complaints(report).join('\n'));
      } finally {
        await background.idle();
        await mailbox.remove();
        await client.close();
        await database.drop();
      }
    },
  };
}
