import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Response } from 'supertest';
import { toAppError } from '../../src/db/db-errors';
import { Prisma } from '../../src/generated/prisma/client';
import { asOrganization } from '../../src/kernel/context';
import { startTestApp, type SignedUp, type TestApp } from '../support/app';
import { startBadNetwork, type BadNetwork } from '../support/bad-network';
import { testCluster } from '../support/cluster';

let network: BadNetwork;
let app: TestApp;
let user: SignedUp;
let productId: string;

/**
 * Behaviours that only a real server has at COMMIT, by the name of a store or the notes of an order: `collide` fails with 40001 the first
 * two times, `collide always` each time, `slow` takes two seconds.
 */
const AT_COMMIT = `
  CREATE SEQUENCE tries;
  CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  DECLARE wish text := CASE TG_TABLE_NAME WHEN 'stores' THEN to_jsonb(NEW) ->> 'name' ELSE to_jsonb(NEW) ->> 'notes' END;
  BEGIN
    IF wish NOT IN ('collide', 'collide always', 'slow') THEN RETURN NULL; END IF;
    -- Sequences don't roll back: it counts every try.
    IF nextval('tries') <= 2 AND wish = 'collide' OR wish = 'collide always' THEN
      RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001';
    END IF;
    IF wish = 'slow' THEN PERFORM pg_sleep(2); END IF;
    RETURN NULL;
  END $$;
  CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON stores DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit();
  CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit();`;

beforeAll(async () => {
  network = await startBadNetwork(testCluster().superuserUrl);
  app = await startTestApp({ through: (url) => network.through(url) });
  await app.sql(AT_COMMIT);
  user = await app.signUp();
  const { body } = await app
    .as(user.token)
    .post('/products', { name: 'Lamp', price: '10.00', cost: '4.00', initialStock: { quantity: '1000' } })
    .expect(201);
  productId = (body as { id: string }).id;
  await order({}); // order numbers come in blocks: the next ones are there
});
afterAll(async () => {
  await app.close();
  await network.close();
});
beforeEach(() => app.sql(`SELECT setval('tries', 1, false)`));

const order = async (fields: object, key?: string): Promise<Response> => {
  const request = app.as(user.token).post('/orders', { items: [{ productId, quantity: '1' }], ...fields });
  return key === undefined ? request : request.set('Idempotency-Key', key);
};
const rename = async (name: string): Promise<Response> => app.as(user.token).patch(`/stores/${user.storeId}`, { name });
const outcome = ({ status, body, headers }: Response): unknown => [
  status,
  (body as { error?: { code: string } }).error?.code,
  headers['retry-after'],
];
const tries = async (): Promise<number> =>
  (await app.sql<{ tries: number }>('SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int AS tries FROM tries'))[0]!.tries;
const ordersNoted = async (notes: string): Promise<number> =>
  (await app.sql<{ count: number }>('SELECT count(*)::int AS count FROM orders WHERE notes = $1', [notes]))[0]!.count;
const retried = async (state: string): Promise<number> => {
  const { values } = await app.container.metrics.retries.get();
  return values.find(({ labels }) => labels.sqlstate === state)?.value ?? 0;
};
/** Ends every session whose last statement is like this. */
const kill = (statement: string): Promise<unknown> =>
  app.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE $1`,
    [statement],
  );
const inUnit = <T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> =>
  asOrganization(user.organizationId, () => app.container.unitOfWork.run(() => work(app.container.unitOfWork.transaction)));
const answerTo = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => toAppError(error)?.code ?? (error as { code?: string }).code ?? String(error),
  );

/** Everything works again, on connections that are good. */
async function isWell(): Promise<void> {
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      expect((await app.as(user.token).get(`/products/${productId}`)).status).toBe(200);
      expect((await order({})).status).toBe(201);
    }),
  );
}

describe('somebody else holds the row', () => {
  test('55P03, a lock that is not had within two seconds: 409 RESOURCE_BUSY, for a unit of work and for a hot lane', async () => {
    const other = new Client({ connectionString: app.database.superuserUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM stores WHERE id = $1 FOR UPDATE', [user.storeId]);
    await other.query('SELECT FROM stock_levels WHERE product_id = $1 FOR UPDATE', [productId]);
    const startedAt = performance.now();
    const answers = await Promise.all([rename('Busy'), order({})]);
    const took = performance.now() - startedAt;
    await other.end();
    expect(answers.map(outcome)).toEqual([
      [409, 'RESOURCE_BUSY', '1'],
      [409, 'RESOURCE_BUSY', '1'],
    ]);
    expect(took).toBeGreaterThan(1_900);
    await isWell();
  });

  test('40P01, a deadlock: the unit that lost runs again, and both are done', async () => {
    const before = await retried('40P01');
    const [first, second] = [await app.signUp(), await app.signUp()].map(({ userId }) => userId) as [string, string];
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    let arrived = 0;
    const both = (one: string, other: string): Promise<unknown> =>
      inUnit(async (tx) => {
        await tx.$executeRaw`UPDATE users SET name = 'met' WHERE id = ${one}::uuid`;
        // Each waits until the other has its first row too.
        if (++arrived === 2) meet();
        await met;
        await tx.$executeRaw`UPDATE users SET name = 'met' WHERE id = ${other}::uuid`;
      });
    await Promise.all([both(first, second), both(second, first)]);
    expect(await retried('40P01')).toBe(before + 1);
  });
});

describe('40001 at COMMIT', () => {
  test('runs again and happens once, in a unit of work', async () => {
    const before = await retried('40001');
    expect((await rename('collide')).status).toBe(200);
    expect([await tries(), await retried('40001')]).toEqual([3, before + 2]);
    const history = await app.sql(`SELECT FROM events WHERE aggregate_id = $1 AND "after" ->> 'name' = 'collide'`, [user.storeId]);
    expect(history).toHaveLength(1);
  });

  test('runs again and happens once, in a hot lane', async () => {
    expect((await order({ notes: 'collide' })).status).toBe(201);
    expect([await tries(), await ordersNoted('collide')]).toEqual([3, 1]);
  });

  test('five times: 503, and nothing happened', async () => {
    expect(outcome(await order({ notes: 'collide always' }))).toEqual([503, 'UNAVAILABLE', '1']);
    expect([await tries(), await ordersNoted('collide always')]).toEqual([5, 0]);
  });
});

describe('a statement that takes too long', () => {
  test('57014: 503', async () => {
    const slow = inUnit(async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 100`;
      return tx.$queryRaw`SELECT pg_sleep(5)::text`;
    });
    expect(await answerTo(slow)).toBe('UNAVAILABLE');
  });

  test('25P03, a unit that idles: its session is ended, 503', async () => {
    const idle = inUnit(async (tx) => {
      await tx.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 100`;
      await sleep(400);
      return tx.store.findMany();
    });
    expect(await answerTo(idle)).toBe('UNAVAILABLE');
    await isWell();
  });
});

describe('a killed session', () => {
  const sleeping = Prisma.sql`SELECT pg_sleep(5)::text`;
  const cases: Array<[string, () => Promise<unknown>]> = [
    ['a unit of work', () => inUnit((tx) => tx.$queryRaw(sleeping))],
    ['a hot lane', () => app.container.lane.run((lane) => lane.rows(sleeping))],
    ['the last statement of a hot lane, before its COMMIT', () => app.container.lane.run((lane) => lane.rowsAndCommit(sleeping))],
    ['a read', () => app.container.lane.text(sleeping)],
  ];
  test.each(cases)('in %s: 503, and the next request has a good connection', async (_where, work) => {
    const answer = answerTo(asOrganization(user.organizationId, work));
    await sleep(200);
    await kill('%pg_sleep(5)%');
    expect(await answer).toBe('UNAVAILABLE');
    await isWell();
  });

  test('between two statements, where it is a plain Error', async () => {
    const unit = inUnit(async (tx) => {
      const [session] = await tx.$queryRaw<Array<{ pid: number }>>`SELECT pg_backend_pid() AS pid`;
      await app.sql('SELECT pg_terminate_backend($1)', [session!.pid]);
      await sleep(100);
      return tx.store.findMany();
    });
    expect(await answerTo(unit)).toBe('UNAVAILABLE');
    await isWell();
  });

  test('all of them while nobody works: nobody notices', async () => {
    await app.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await sleep(100);
    await isWell();
  });
});

describe('lost during COMMIT', () => {
  test('an order that was committed: 503 OUTCOME_UNKNOWN, not tried again; its key tells that it is there', async () => {
    network.loseAnswerTo('COMMIT');
    expect(outcome(await order({ notes: 'lost answer' }, 'lost-answer'))).toEqual([503, 'OUTCOME_UNKNOWN', '1']);
    expect(network.lost).toBe(1);
    expect(await ordersNoted('lost answer')).toBe(1);
    const again = await order({ notes: 'lost answer' }, 'lost-answer');
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(await ordersNoted('lost answer')).toBe(1);
    await isWell();
  });

  test('an order that was not: the same answer; its key does it', async () => {
    const answer = order({ notes: 'slow' }, 'killed-at-commit');
    await sleep(700);
    await kill('COMMIT');
    expect(outcome(await answer)).toEqual([503, 'OUTCOME_UNKNOWN', '1']);
    expect([await tries(), await ordersNoted('slow')]).toEqual([1, 0]);
    const again = await order({ notes: 'slow' }, 'killed-at-commit');
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, undefined]);
    expect(await ordersNoted('slow')).toBe(1);
  });

  test('a unit of work: the same', async () => {
    const customer = { name: 'Lost Answer' };
    const create = async (): Promise<Response> => app.as(user.token).post('/customers', customer).set('Idempotency-Key', 'lost-customer');
    network.loseAnswerTo('COMMIT');
    expect(outcome(await create())).toEqual([503, 'OUTCOME_UNKNOWN', '1']);
    const again = await create();
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(await app.sql(`SELECT FROM customers WHERE name = $1`, [customer.name])).toHaveLength(1);
  });
});
