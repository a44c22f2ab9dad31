import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type DatabaseClient } from '../../src/db/client';
import { toAppError } from '../../src/db/db-errors';
import { RUNTIME_ROLE } from '../../src/db/roles';
import { TenantPool } from '../../src/db/tenant-pool';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { startTestApp, type SignedUp, type TestApp } from '../support/app';
import { startBadNetwork, type BadNetwork } from '../support/bad-network';
import { testCluster, urlFor } from '../support/cluster';
import { queryOnce } from '../support/database';

let network: BadNetwork;
let app: TestApp;
let user: SignedUp;

beforeAll(async () => {
  network = await startBadNetwork(testCluster().superuserUrl);
  app = await startTestApp({ through: (url) => network.through(url), env: { DATABASE_POOL_SIZE: '2' } });
  user = await app.signUp();
});
afterAll(async () => {
  await app.close();
  await network.close();
});

const LIMITS = `current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
  current_setting('idle_in_transaction_session_timeout') AS idle`;
interface Limits {
  readonly statement: string;
  readonly lock: string;
  readonly idle: string;
}

describe('limits of a session', () => {
  const login = { name: `external_${process.pid}`, password: 'of somebody else’s server' };
  let client: DatabaseClient;

  beforeAll(async () => {
    // A login made by somebody else, with no settings of its own.
    await app.sql(`CREATE ROLE ${login.name} LOGIN PASSWORD '${login.password}' IN ROLE ${RUNTIME_ROLE}`);
    client = connect(urlFor(testCluster().superuserUrl, app.database.name, login), 2);
  });
  afterAll(async () => {
    await client.close();
    await app.sql(`DROP ROLE ${login.name}`);
  });

  test('are those of the role that we make, however it is connected', async () => {
    expect(await queryOnce<Limits>(app.database.runtimeUrl, `SELECT ${LIMITS}`)).toEqual([{ statement: '5s', lock: '2s', idle: '10s' }]);
  });

  test('are set by the pool for a login that is not ours', async () => {
    expect((await client.pool.query(`SELECT ${LIMITS}`)).rows).toEqual([{ statement: '5s', lock: '2s', idle: '10s' }]);
    const unitOfWork = new UnitOfWork(client.prisma, () => undefined);
    const limits = (): Promise<Limits[]> => unitOfWork.client.$queryRaw<Limits[]>`
      SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
             current_setting('idle_in_transaction_session_timeout') AS idle`;
    expect(await unitOfWork.run(limits)).toEqual([{ statement: '5s', lock: '2s', idle: '10s' }]);
    expect(await unitOfWork.read(limits)).toEqual([{ statement: '1min', lock: '2s', idle: '10s' }]);
    expect(await limits()).toEqual([{ statement: '5s', lock: '2s', idle: '10s' }]);
  });
});

describe('no connection', () => {
  test('to be had from the pool within two seconds: 503', async () => {
    const { pool } = app.container;
    const held = [await pool.connect(), await pool.connect()];
    const startedAt = performance.now();
    const { status, body, headers } = await app.as(user.token).get('/products');
    const took = performance.now() - startedAt;
    for (const client of held) client.release();
    expect([status, (body as { error: { code: string } }).error.code, headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
    expect(took).toBeGreaterThan(1_900);
    expect(took).toBeLessThan(4_000);
    expect((await app.as(user.token).get('/products')).status).toBe(200);
  });

  test('to a server that is not there: 503 at once, and not ready', async () => {
    const astray = await startTestApp({ through: () => 'postgresql://nobody@127.0.0.1:1/nowhere', skipIntegrity: true });
    const startedAt = performance.now();
    const { status, body } = await astray.http.post('/api/v1/auth/login').send({ email: 'a@example.com', password: 'whatever it is' });
    expect([status, (body as { error: { code: string } }).error.code]).toEqual([503, 'UNAVAILABLE']);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect((await astray.http.get('/health/ready')).status).toBe(503);
    expect((await astray.http.get('/health/live')).status).toBe(200);
    await astray.close();
  });
});

describe('silence', () => {
  test('a frozen database holds a request no longer than a statement may take, and a little: 503', async () => {
    expect((await app.as(user.token).get('/products')).status).toBe(200);
    network.freeze();
    const startedAt = performance.now();
    const { status, body } = await app.as(user.token).get('/products');
    const took = performance.now() - startedAt;
    network.thaw();
    expect([status, (body as { error: { code: string } }).error.code]).toEqual([503, 'UNAVAILABLE']);
    expect(took).toBeGreaterThan(5_000);
    expect(took).toBeLessThan(10_000);
    expect((await app.as(user.token).get('/products')).status).toBe(200);
  });

  test('what has a longer limit of its own is waited for', async () => {
    const { unitOfWork } = app.container;
    const slept = await unitOfWork.runBulk(async () => {
      await unitOfWork.transaction.$executeRaw`SET LOCAL statement_timeout = '14s'`;
      return unitOfWork.transaction.$queryRaw`SELECT pg_sleep(8)::text AS slept`;
    });
    expect(slept).toEqual([{ slept: '' }]);
  });

  test('a server that is cut off: its connections count as lost, and new ones are good', async () => {
    const pool = new TenantPool({ connectionString: network.through(app.database.runtimeUrl), max: 2, query_timeout: 300 });
    await pool.query('SELECT 1');
    network.freeze();
    const failures = await Promise.all([0, 1].map(() => pool.query('SELECT 1').catch((error: unknown) => toAppError(error)?.code)));
    network.thaw();
    expect(failures).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect((await Promise.all([0, 1].map(() => pool.query('SELECT 2 AS two')))).map(({ rows }) => rows)).toEqual([
      [{ two: 2 }],
      [{ two: 2 }],
    ]);
    await pool.end();
  });

  test('health tells within half a second', async () => {
    expect((await app.http.get('/health/ready')).status).toBe(200);
    network.freeze();
    await sleep(250); // what was known before is too old
    const startedAt = performance.now();
    const { status, body } = await app.http.get('/health/ready');
    const took = performance.now() - startedAt;
    network.thaw();
    expect([status, (body as { checks: object }).checks]).toEqual([503, { database: 'failed', migrations: 'ok' }]);
    expect(took).toBeLessThan(1_000);
    await sleep(250);
    expect((await app.http.get('/health/ready')).status).toBe(200);
  });

  test('who asks for health again and again need not wait, and is told soon', async () => {
    const ready = async (): Promise<{ status: number; took: number }> => {
      const startedAt = performance.now();
      const { status } = await app.http.get('/health/ready');
      return { status, took: performance.now() - startedAt };
    };
    await ready();
    network.freeze();
    const frozenAt = performance.now();
    const first = await ready();
    while ((await ready()).status === 200) await sleep(20);
    const toldAfter = performance.now() - frozenAt;
    network.thaw();
    expect(first.status).toBe(200);
    expect(first.took).toBeLessThan(500); // who waits for the frozen database waits as long as that
    expect(toldAfter).toBeLessThan(1_000);
  });
});
