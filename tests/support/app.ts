import type { Express } from 'express';
import supertest from 'supertest';
import { loadConfig } from '../../src/config/config';
import { type Container, createContainer } from '../../src/container';
import type { Clock } from '../../src/kernel/clock';
import { newId } from '../../src/kernel/ids';
import type { Role } from '../../src/kernel/permissions';
import { createLogger } from '../../src/observability/logger';
import { complaints, integrityCheck } from '../../src/modules/integrity/integrity.module';
import { temporaryMailbox, type WrittenMail } from './mailbox';
import { freshDatabase, queryOnce, type TestDatabase } from './database';

export const TOKEN_SECRET = 'a-secret-of-the-tests-that-signs-access-tokens';
export const PASSWORD = 'correct horse battery staple';

/** A signed-up admin with an organization. */
export interface SignedUp {
  readonly token: string;
  readonly refreshToken: string;
  readonly email: string;
  readonly userId: string;
  readonly organizationId: string;
  /** The organization's first store. */
  readonly storeId: string;
}

export interface TestApp {
  readonly container: Container;
  readonly express: Express;
  readonly database: TestDatabase;
  /** Requests against the real application. */
  readonly http: ReturnType<typeof supertest>;
  /** Requests with a token: `app.as(token).get('/orders')`; paths are below /api/v1. */
  as(token: string): Requests;
  signUp(organization?: { currency?: string; timeZone?: string; organizationName?: string }): Promise<SignedUp>;
  /** The access token of another member of the organization, of this role. */
  member(organizationId: string, role: Role): Promise<string>;
  /** Mails to an address, when everything that was started is done. */
  mailsTo(address: string): Promise<WrittenMail[]>;
  /** Types of the events that a thing's changes left behind, in the order of its versions. */
  eventsOf(aggregateType: string, aggregateId: string): Promise<string[]>;
  /** Rows as the superuser sees them. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Checks every invariant, then removes the database. */
  close(): Promise<void>;
}

export type Requests = Readonly<Record<'get' | 'post' | 'put' | 'patch' | 'delete', (path: string, body?: object) => supertest.Test>>;

/** The id of what a POST creates. */
export const idOfNew = async (requests: Requests, path: string, body: object): Promise<string> =>
  ((await requests.post(path, body).expect(201)).body as { id: string }).id;

const BASE = '/api/v1';

export interface TestAppOptions {
  readonly clock?: Clock;
  /** For files that corrupt the database on purpose. */
  readonly skipIntegrity?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The way to the database, for tests that make it bad. */
  readonly through?: (runtimeUrl: string) => string;
}

/** The real application on a database of its own: a copy of the migrated template. */
export async function startTestApp({
  clock,
  skipIntegrity = false,
  env = {},
  through = (url) => url,
}: TestAppOptions = {}): Promise<TestApp> {
  const database = await freshDatabase();
  const mailbox = await temporaryMailbox();
  const config = loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: database.runtimeUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    DATA_DIR: mailbox.dataDir,
    DATABASE_POOL_SIZE: '16',
    BCRYPT_COST: '4',
    JWT_SECRET: TOKEN_SECRET,
    PASSWORD_PEPPER: 'a-secret-of-the-tests-that-peppers-passwords',
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000',
    RATE_LIMIT_USER_PER_MINUTE: '1000000',
    THROTTLE_FAILED_LOGINS_PER_DEVICE: '1000000',
    THROTTLE_FAILED_LOGINS_PER_IP: '1000000',
    THROTTLE_ACCOUNT_REQUESTS_PER_ADDRESS: '1000000',
    THROTTLE_ACCOUNT_REQUESTS_PER_IP: '1000000',
    ...env,
  });
  const logger = createLogger({ ...config.log, console: false });
  const container = createContainer({
    config,
    runtimeUrl: through(database.runtimeUrl),
    logger,
    checkResponses: true,
    ...(clock && { clock }),
  });
  const express = container.app();
  const server = express.listen(0, '127.0.0.1');
  const http = supertest(server);
  const sql = <Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    queryOnce<Row>(database.superuserUrl, text, values);

  const signIn = async (email: string): Promise<string> => {
    const { body } = await http.post(`${BASE}/auth/login`).send({ email, password: PASSWORD }).expect(200);
    return (body as { accessToken: string }).accessToken;
  };

  return {
    container,
    express,
    database,
    http,
    as: (token) => requestsWith(http, token),
    mailsTo: async (address) => {
      await container.settled();
      return mailbox.of(address);
    },
    sql,
    eventsOf: async (...aggregate) => {
      const rows = await sql<{ type: string }>(
        'SELECT type FROM events WHERE aggregate_type = $1 AND aggregate_id = $2 ORDER BY aggregate_version',
        aggregate,
      );
      return rows.map(({ type }) => type);
    },
    signUp: async (organization = {}) => {
      const email = `${newId()}@example.com`;
      const { body } = await http
        .post(`${BASE}/auth/register`)
        .send({ email, password: PASSWORD, name: 'Ada Admin', ...organization })
        .expect(201);
      const answer = body as { accessToken: string; refreshToken: string; user: { id: string }; organization: { id: string } };
      const [store] = await sql<{ id: string }>('SELECT id FROM stores WHERE organization_id = $1', [answer.organization.id]);
      return {
        token: answer.accessToken,
        refreshToken: answer.refreshToken,
        email,
        userId: answer.user.id,
        organizationId: answer.organization.id,
        storeId: store!.id,
      };
    },
    member: async (organizationId, role) => {
      const id = newId();
      const email = `${id}@example.com`;
      // Quicker than POST /users: the password hash of somebody who registered with the same password.
      await sql(
        `WITH u AS (INSERT INTO users (id, email, name, password_hash) SELECT $1, $2, 'A ' || $3, password_hash FROM users ORDER BY created_at LIMIT 1 RETURNING id)
         INSERT INTO memberships (organization_id, user_id, role) SELECT $4, id, $3 FROM u`,
        [id, email, role, organizationId],
      );
      return signIn(email);
    },
    close: async () => {
      const found = skipIntegrity ? [] : complaints(await integrityCheck(container));
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await container.close();
      await mailbox.remove();
      await database.drop();
      if (found.length > 0) throw new Error(`The database is not sound:\n${found.join('\n')}`);
    },
  };
}

function requestsWith(http: ReturnType<typeof supertest>, token: string): Requests {
  const request =
    (method: 'get' | 'post' | 'put' | 'patch' | 'delete') =>
    (path: string, body?: object): supertest.Test => {
      const sent = http[method](BASE + path).set('Authorization', `Bearer ${token}`);
      return body === undefined ? sent : sent.send(body);
    };
  return { get: request('get'), post: request('post'), put: request('put'), patch: request('patch'), delete: request('delete') };
}
