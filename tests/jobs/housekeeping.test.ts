import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { connect, type DatabaseClient } from '../../src/db/client';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { Housekeeping, startHousekeeping, type HousekeepingDependencies } from '../../src/jobs/housekeeping';
import { BATCH } from '../../src/jobs/housekeeping.repository';
import { SettableClock } from '../../src/kernel/clock';
import { newId } from '../../src/kernel/ids';
import type { LogFields, Logger } from '../../src/observability/logger';
import { freshDatabase, type TestDatabase } from '../support/database';

const NOW = new Date('2026-11-21T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000);

let database: TestDatabase;
let client: DatabaseClient;
let superuser: Client;
let dependencies: HousekeepingDependencies;
const lines: Array<{ message: string; fields: LogFields | undefined }> = [];
const record = (message: string, fields?: LogFields): void => void lines.push({ message, fields });
const logger: Logger = { error: record, warn: record, info: record, debug: record };
const organizations = [newId(), newId()];
const user = newId();

beforeAll(async () => {
  database = await freshDatabase();
  superuser = new Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  client = connect(database.runtimeUrl, 3);
  dependencies = {
    unitOfWork: new UnitOfWork(client.prisma, () => undefined),
    clock: new SettableClock(NOW),
    logger,
    config: { idempotencyKeyHours: 72 },
  };
  for (const id of organizations)
    await superuser.query(`INSERT INTO organizations (id, name, currency, time_zone) VALUES ($1, 'Acme', 'EUR', 'UTC')`, [id]);
  await superuser.query(`INSERT INTO users (id, email, name, password_hash) VALUES ($1, 'ann@example.com', 'Ann', '-')`, [user]);
});
afterAll(async () => {
  await client.close();
  await superuser.end();
  await database.drop();
});
beforeEach(async () => {
  lines.length = 0;
  await superuser.query('DELETE FROM idempotency_keys; DELETE FROM sessions');
});

const addKeys = (organizationId: string, createdAt: Date, count = 1): Promise<unknown> =>
  superuser.query(
    `INSERT INTO idempotency_keys (organization_id, principal, key, fingerprint, status, body, created_at)
     SELECT $1, 'p', $2::timestamptz::text || n, '\\x00', 201, '{}', $2 FROM generate_series(1, $3) n`,
    [organizationId, createdAt, count],
  );
async function addSession(expiresAt: Date, revokedAt: Date | null, tokens: readonly Date[]): Promise<string> {
  const id = newId();
  await superuser.query('INSERT INTO sessions (id, user_id, organization_id, expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5)', [
    id,
    user,
    organizations[0],
    expiresAt,
    revokedAt,
  ]);
  for (const at of tokens)
    await superuser.query(
      `INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES (decode(replace($1::text, '-', ''), 'hex'), $2, $3)`,
      [newId(), id, at],
    );
  return id;
}
const count = async (table: string): Promise<number> =>
  Number((await superuser.query<{ count: string }>(`SELECT count(*) FROM ${table}`)).rows[0]!.count);

describe('housekeeping', () => {
  it('deletes the idempotency keys of every organization that are past their time, and no other', async () => {
    for (const id of organizations) {
      await addKeys(id, hoursAgo(73), 2);
      await addKeys(id, hoursAgo(71), 3);
    }
    expect(await new Housekeeping(dependencies).runOnce()).toBe(4);
    expect(await count('idempotency_keys')).toBe(6);
    expect(await new Housekeeping({ ...dependencies, config: { idempotencyKeyHours: 24 } }).runOnce()).toBe(6);
  });

  it('goes on batch after batch', async () => {
    await addKeys(organizations[1]!, hoursAgo(100), 2 * BATCH + 1);
    expect(await new Housekeeping(dependencies).runOnce()).toBe(2 * BATCH + 1);
    expect(await count('idempotency_keys')).toBe(0);
  });

  it('deletes sessions that ended a week ago with their tokens, and expired tokens of those that go on', async () => {
    const week = 7 * 24;
    await addSession(hoursAgo(week + 1), null, [hoursAgo(week + 1)]);
    await addSession(hoursAgo(-24), hoursAgo(week + 1), [hoursAgo(-24)]);
    const kept = [
      await addSession(hoursAgo(week - 1), null, []),
      await addSession(hoursAgo(-24), null, [hoursAgo(week + 1), hoursAgo(-24)]),
    ];
    await new Housekeeping(dependencies).runOnce();
    const { rows } = await superuser.query<{ id: string }>('SELECT id FROM sessions ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(kept.sort());
    expect(await count('refresh_tokens')).toBe(1);
  });

  it('deletes counters of attempts and challenges of sign-ins that are over', async () => {
    for (const [key, at] of [
      ['01', hoursAgo(0.1)],
      ['02', hoursAgo(-0.1)],
    ] as const) {
      await superuser.query(`INSERT INTO throttles (key, count, window_ends_at, next_at) VALUES (decode($1, 'hex'), 3, $2, $2)`, [key, at]);
      await superuser.query(
        `INSERT INTO login_challenges (token_hash, user_id, organization_id, session, expires_at) VALUES (decode($1, 'hex'), $2, $3, 'bearer', $4)`,
        [key, user, organizations[0], at],
      );
    }
    expect(await new Housekeeping(dependencies).runOnce()).toBe(2);
    expect([await count('throttles'), await count('login_challenges')]).toEqual([1, 1]);
  });

  it('deletes mailed links whose time is over', async () => {
    const add = (minutes: number) =>
      superuser.query(
        `INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES (decode(md5(random()::text), 'hex'), $1, $2::timestamptz + make_interval(mins => $3))`,
        [user, NOW, minutes],
      );
    await Promise.all([add(-1), add(-50), add(1)]);
    expect(await new Housekeeping(dependencies).runOnce()).toBe(2);
    const { rows } = await superuser.query('DELETE FROM password_resets RETURNING 1');
    expect(rows).toHaveLength(1);
  });

  it('leaves it to the process that is at it', async () => {
    await addKeys(organizations[0]!, hoursAgo(100));
    await superuser.query(`BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('housekeeping', 0))`);
    expect(await new Housekeeping(dependencies).runOnce()).toBe(0);
    await superuser.query('ROLLBACK');
    expect(await new Housekeeping(dependencies).runOnce()).toBe(1);
  });

  it('runs by a timer, says what it did, survives a failure, and stops', async () => {
    await addKeys(organizations[0]!, hoursAgo(100));
    const times = { firstAfter: 5, every: 20 };
    const running = startHousekeeping(dependencies, times);
    while (lines.length === 0) await sleep(5);
    await running.stop();
    expect(lines).toEqual([{ message: 'housekeeping deleted what was over', fields: { component: 'housekeeping', count: 1 } }]);

    lines.length = 0;
    const broken = connect('postgresql://nobody@127.0.0.1:1/none', 1);
    const failing = startHousekeeping({ ...dependencies, unitOfWork: new UnitOfWork(broken.prisma, () => undefined) }, times);
    while (lines.length < 2) await sleep(5);
    await failing.stop();
    await broken.close();
    expect(lines[1]).toMatchObject({ message: 'housekeeping failed, and will try again', fields: { error: expect.any(Error) as Error } });
    const told = lines.length;
    await sleep(60);
    expect(lines).toHaveLength(told);
  });

  it('stops at once when it has not begun', async () => {
    await startHousekeeping(dependencies).stop();
    expect(lines).toEqual([]);
  });
});
