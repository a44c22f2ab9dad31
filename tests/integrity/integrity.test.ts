import { Client } from 'pg';
import { checkIntegrity } from '../../src/cli/commands/integrity';
import { connect, type DatabaseClient } from '../../src/db/client';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { systemClock } from '../../src/kernel/clock';
import { asOrganization } from '../../src/kernel/context';
import {
  complaints,
  createIntegrity,
  integrityCheck,
  NothingExamined,
  type IntegrityDependencies,
} from '../../src/modules/integrity/integrity.module';
import { freshDatabase, type TestDatabase } from '../support/database';
import { id, OF_ROWS, OF_THE_SCHEMA } from './corruptions';
import { healthyData, key } from './healthy-data';

let database: TestDatabase;
let client: DatabaseClient;
let superuser: Client;
let dependencies: IntegrityDependencies;

async function open(): Promise<void> {
  database = await freshDatabase();
  superuser = new Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  client = connect(database.runtimeUrl, 2);
  dependencies = { unitOfWork: new UnitOfWork(client.prisma, () => undefined), clock: systemClock };
}
async function close(): Promise<void> {
  await client.close();
  await superuser.end();
  await database.drop();
}

const asSuperuser = (sql: string): Promise<unknown> => superuser.query(`SET session_replication_role = origin; ${sql}`);

/** Past every trigger, foreign key and CHECK. */
const corrupt = (sql: string): Promise<unknown> =>
  asSuperuser(`
    DO $$ DECLARE c record; BEGIN
      FOR c IN SELECT conname, conrelid::regclass AS relation FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.relation, c.conname);
      END LOOP;
    END $$;
    SET session_replication_role = replica;
    ${sql};`);

async function violated(): Promise<string[]> {
  const { database, organizations, healthy } = await integrityCheck(dependencies);
  const bad = [...database, ...organizations.flatMap((report) => report.invariants)].filter(({ violations }) => violations > 0);
  expect(healthy).toBe(bad.length === 0);
  for (const { examples, violations } of bad) expect(examples).toHaveLength(Math.min(violations, 5));
  return bad.map(({ id }) => id);
}

/** Healthy rows again, in a database whose schema is as it was (but for the CHECKs). DELETE, because TRUNCATE makes new files. */
const heal = (): Promise<unknown> =>
  asSuperuser(`
    SET session_replication_role = replica;
    DO $$ DECLARE t record; BEGIN
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
        EXECUTE format('DELETE FROM %I', t.tablename);
      END LOOP;
    END $$;
    SET session_replication_role = origin;
    ${healthyData()}`);

describe('the check of a schema', () => {
  beforeEach(open);
  afterEach(close);

  it.each(OF_THE_SCHEMA)('reports when %s', async (_what, sql, expected) => {
    await asSuperuser(healthyData());
    await corrupt(sql);
    expect((await violated()).sort()).toEqual([...expected].sort());
  });

  it('fails when there is nothing to examine', async () => {
    await expect(integrityCheck(dependencies)).rejects.toThrow(NothingExamined);
    await asSuperuser(healthyData());
    await expect(integrityCheck(dependencies, 'Nobody')).rejects.toThrow(NothingExamined);
    await expect(integrityCheck(dependencies, 'Acme')).resolves.toMatchObject({ healthy: true });
    await asSuperuser(`INSERT INTO organizations (id, name, currency, time_zone) VALUES ('${key('user')}', 'Empty', 'EUR', 'UTC')`);
    await expect(integrityCheck(dependencies, 'Empty')).rejects.toThrow(NothingExamined);
  });
});

describe('the check of rows', () => {
  beforeAll(open);
  afterAll(close);
  beforeEach(heal);

  it('finds nothing wrong with a healthy database, and has looked at something for every invariant', async () => {
    const report = await integrityCheck(dependencies);
    expect(complaints(report)).toEqual([]);
    expect(report.healthy).toBe(true);
    const [own] = report.organizations;
    for (const finding of [...report.database, ...own!.invariants]) expect([finding.id, finding.examined > 0]).toEqual([finding.id, true]);
  });

  it.each(OF_ROWS)('reports when %s', async (_what, sql, expected) => {
    await corrupt(sql);
    expect((await violated()).sort()).toEqual([...expected].sort());
  });

  it('reports each invariant there is for at least one corruption above', async () => {
    const { database, organizations } = await integrityCheck(dependencies);
    const known = [...database, ...organizations[0]!.invariants].map(({ id }) => id);
    const shown = new Set([...OF_ROWS, ...OF_THE_SCHEMA].flatMap(([, , reported]) => reported));
    expect(known.filter((id) => !shown.has(id))).toEqual([]);
    expect([...shown].filter((id) => !known.includes(id))).toEqual([]);
  });

  it('accepts an imported order that starts as completed, and an order whose reservation expired', async () => {
    await corrupt(`
      UPDATE events SET type = 'order.imported', after = '{"status":"confirmed"}' WHERE aggregate_id = '${key('order')}';
      UPDATE orders SET status = 'confirmed' WHERE ${id('order')};
      UPDATE stock_reservations SET status = 'expired', open_quantity = 0; UPDATE stock_levels SET reserved = 0`);
    expect(await violated()).toEqual([]);
  });

  it('accepts a stored answer whose resource was deleted since', async () => {
    await corrupt(`
      UPDATE idempotency_keys SET body = '{"id":"0190a000-0000-7000-8000-999999999999"}' WHERE key = 'first';
      INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, actor_kind, occurred_at)
      VALUES ('${key('organization')}', gen_random_uuid(), 'order.deleted', 'order', '0190a000-0000-7000-8000-999999999999', 2, 'system', now())`);
    expect(await violated()).toEqual([]);
  });

  it('tells people what is wrong', async () => {
    await corrupt('UPDATE stock_levels SET reserved = 4');
    const [complaint] = complaints(await integrityCheck(dependencies));
    expect(complaint).toContain(`Acme (${key('organization')}): INV-4 `);
    expect(complaint).toContain('1 of 1 violate it');
    expect(complaint).toContain('"reserved":"4.000000"');
  });

  it('is a command that prints its findings and answers 1 for violations', async () => {
    const printed: string[] = [];
    const io = { out: (line: string): void => void printed.push(line), err: (line: string): void => void printed.push(`! ${line}`) };
    const options = { organization: undefined, json: false };
    expect(await checkIntegrity(dependencies, options, io)).toBe(0);
    expect(await checkIntegrity(dependencies, { ...options, json: true }, io)).toBe(0);
    await corrupt('UPDATE stock_levels SET reserved = 4');
    expect(await checkIntegrity(dependencies, options, io)).toBe(1);
    expect(await checkIntegrity(dependencies, { ...options, organization: 'Nobody' }, io)).toBe(1);
    expect(printed[0]).toMatch(/^Organizations: 1\. Checks: \d+\. Things examined: \d+\. Invariants violated: 0\.$/);
    expect(JSON.parse(printed[1]!)).toMatchObject({ healthy: true, organizations: [{ organization: { name: 'Acme' } }] });
    expect(printed[2]).toMatch(/INV-4 (.|\n)+ Invariants violated: 1\.$/);
    expect(printed[3]).toBe('! There is no organization named "Nobody"');
  });

  it('gives one organization its own report', async () => {
    const { service } = createIntegrity(dependencies);
    const report = await asOrganization(key('organization'), () => service.checkOwn());
    expect(report).toMatchObject({ organization: { id: key('organization'), name: 'Acme' }, healthy: true });
    expect(report.invariants.map((finding) => finding.id)).toEqual(expect.arrayContaining(['INV-3', 'INV-10.organization', 'INV-17']));
  });
});
