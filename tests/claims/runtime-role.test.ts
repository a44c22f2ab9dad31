import type { Client, QueryResult } from 'pg';
import { asOrganization } from '../../src/kernel/context';
import { IDENTITY_PLANE, LEDGERS } from '../../src/modules/integrity/invariants/database';
import { startTestApp, type TestApp } from '../support/app';
import { connectTo } from '../support/database';
import { rowOf, tablesOf, type Table } from '../support/tables';

/**
 * A-3: what SQL can do as the runtime role, through the application's own pool. The tables come from the catalogue and get a made-up row
 * for each organization, so that a new table is tried from its migration on.
 */
let app: TestApp;
let superuser: Client;
let own: string;
let foreign: string;
let everyTable: Table[];
let tenantTables: Table[];

beforeAll(async () => {
  app = await startTestApp({ skipIntegrity: true });
  superuser = await connectTo(app.database.superuserUrl);
  own = (await app.signUp()).organizationId;
  foreign = (await app.signUp()).organizationId;
  everyTable = await tablesOf(superuser);
  tenantTables = everyTable.filter(({ name }) => !(IDENTITY_PLANE as readonly string[]).includes(name));
  // Made-up rows pass no CHECK and refer to nothing.
  await superuser.query(`DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT conname, conrelid::regclass AS relation FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.relation, c.conname);
    END LOOP; END $$`);
  await superuser.query('SET session_replication_role = replica');
  for (const table of tenantTables) for (const organization of [own, foreign]) await superuser.query(...insertion(table, organization));
});
afterAll(async () => {
  await superuser.end();
  await app.close();
});

function insertion({ name, columns }: Table, organizationId: string): [string, unknown[]] {
  const row = rowOf(columns, { organization_id: organizationId });
  const names = Object.keys(row).map((column) => `"${column}"`);
  return [`INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`, Object.values(row)];
}

interface Attempt {
  readonly rows: ReadonlyArray<Record<string, unknown>>;
  readonly count: number;
  /** SQLSTATE of the refusal. */
  readonly refused: string | undefined;
}

/** One statement through the application's pool, as the application of the first organization sends it. */
const attempt = (sql: string, values: readonly unknown[] = []): Promise<Attempt> => asOrganization(own, () => outcomeOf(sql, values));

async function outcomeOf(sql: string, values: readonly unknown[] = []): Promise<Attempt> {
  try {
    const { rows, rowCount } = (await app.container.pool.query(sql, [...values])) as QueryResult<Record<string, unknown>>;
    return { rows, count: rowCount ?? 0, refused: undefined };
  } catch (error) {
    return { rows: [], count: 0, refused: (error as { code?: string }).code ?? String(error) };
  }
}

const NO_PRIVILEGE = '42501';
const contentOf = async (table: string, organizationId: string): Promise<unknown> =>
  (
    await superuser.query(
      `SELECT count(*)::integer AS rows, md5(string_agg(t::text, '|' ORDER BY t::text)) AS content FROM ${table} t WHERE organization_id = $1`,
      [organizationId],
    )
  ).rows[0];
/** Names of the tables for which something is not as it should be. */
async function failing(tables: readonly Table[], isRight: (table: Table) => Promise<boolean>): Promise<string[]> {
  const wrong: string[] = [];
  for (const table of tables) if (!(await isRight(table))) wrong.push(table.name);
  return wrong;
}

it('A-3: there are tables, and each holds rows of both organizations', async () => {
  expect(tenantTables.length).toBeGreaterThan(20);
  expect(everyTable.map(({ name }) => name)).toEqual(expect.arrayContaining([...IDENTITY_PLANE, ...LEDGERS]));
  const filled = async ({ name }: Table) => {
    const { rows } = await superuser.query(`SELECT DISTINCT organization_id FROM ${name}`);
    return rows.length === 2;
  };
  expect(await failing(tenantTables, filled)).toEqual([]);
});

describe('A-3: another organization', () => {
  it('is not seen, with or without a condition', async () => {
    const unseen = async ({ name }: Table) => {
      const all = await attempt(`SELECT DISTINCT organization_id::text AS id FROM ${name}`);
      const asked = await attempt(`SELECT FROM ${name} WHERE organization_id = $1`, [foreign]);
      return all.rows.length === 1 && all.rows[0]!['id'] === own && asked.refused === undefined && asked.count === 0;
    };
    expect(await failing(tenantTables, unseen)).toEqual([]);
  });

  it('is not seen by a statement outside of every organization, nor by one after another organization’s', async () => {
    const empty = async ({ name }: Table) => (await outcomeOf(`SELECT FROM ${name}`)).count === 0;
    expect(await failing(tenantTables, empty)).toEqual([]);
    const clients = await Promise.all(Array.from({ length: 8 }, () => app.container.pool.connect()));
    for (const client of clients) {
      const { rows } = await client.query(`SELECT nullif(current_setting('app.organization_id', true), '') AS organization`);
      client.release();
      expect(rows).toEqual([{ organization: null }]);
    }
  });

  it('is not written: no row inserted, moved over, locked, changed or deleted', async () => {
    for (const { name } of everyTable) await superuser.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
    const untouched = async (table: Table) => {
      const { name, columns } = table;
      const before = await contentOf(name, foreign);
      const set = columns.filter(({ generated }) => !generated).map(({ name: column }) => `"${column}" = "${column}"`);
      const insert = await attempt(...insertion(table, foreign));
      const move = await attempt(`UPDATE ${name} SET organization_id = $1`, [foreign]);
      const misses = await Promise.all([
        attempt(`DELETE FROM ${name} WHERE organization_id = $1`, [foreign]),
        attempt(`SELECT FROM ${name} WHERE organization_id = $1 FOR UPDATE`, [foreign]),
        ...set.map((assignment) => attempt(`UPDATE ${name} SET ${assignment} WHERE organization_id = $1`, [foreign])),
      ]);
      const missed = misses.every(({ refused, count }) => refused === NO_PRIVILEGE || (refused === undefined && count === 0));
      const same = JSON.stringify(await contentOf(name, foreign)) === JSON.stringify(before);
      return insert.refused === NO_PRIVILEGE && move.refused === NO_PRIVILEGE && missed && same;
    };
    expect(await failing(tenantTables, untouched)).toEqual([]);
    for (const { name } of everyTable) await superuser.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  });
});

describe('A-3: ledgers and events', () => {
  it('are what has an insert-only trigger', async () => {
    const { rows } = await superuser.query<{ name: string }>(
      `SELECT DISTINCT tgrelid::regclass::text AS name FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE '%insert_only'`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...LEDGERS].sort());
  });

  it('cannot be updated, not a single column, nor deleted, by the application', async () => {
    const wrong: string[] = [];
    for (const { name, columns } of tenantTables.filter((table) => (LEDGERS as readonly string[]).includes(table.name))) {
      const before = await contentOf(name, own);
      const statements = [
        `DELETE FROM ${name}`,
        `TRUNCATE ${name}`,
        ...columns.map(({ name: column }) => `UPDATE ${name} SET "${column}" = DEFAULT`),
        `INSERT INTO ${name} SELECT * FROM ${name} ON CONFLICT (organization_id, id) DO UPDATE SET organization_id = EXCLUDED.organization_id`,
      ];
      for (const sql of statements) if ((await attempt(sql)).refused !== NO_PRIVILEGE) wrong.push(sql);
      expect(await contentOf(name, own)).toEqual(before);
    }
    expect(wrong).toEqual([]);
  });

  it('cannot be updated or deleted by the owner of the tables either', async () => {
    const owner = await connectTo(app.database.ownerUrl);
    await owner.query(`SET app.organization_id = '${own}'`);
    for (const ledger of LEDGERS)
      for (const sql of [`UPDATE ${ledger} SET organization_id = organization_id`, `DELETE FROM ${ledger}`])
        await expect(owner.query(sql)).rejects.toMatchObject({ code: '55000' });
    await owner.end();
  });
});

describe('A-3: the fence itself', () => {
  it('cannot be taken down by the application', async () => {
    const statements = [
      'SET ROLE quartermaster_owner',
      'SET SESSION AUTHORIZATION postgres',
      'SET session_replication_role = replica',
      `COPY events TO PROGRAM 'cat'`,
      `SELECT pg_read_file('postgresql.conf')`,
      'CREATE TABLE loose (id uuid)',
      'CREATE EXTENSION file_fdw',
      'DROP POLICY tenant ON orders',
      'CREATE POLICY everything ON orders USING (true)',
      'ALTER TABLE stock_movements DISABLE TRIGGER ALL',
      ...everyTable.flatMap(({ name }) => [
        `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
        `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`,
        `TRUNCATE ${name}`,
        `DROP TABLE ${name} CASCADE`,
      ]),
    ];
    const passed: string[] = [];
    for (const sql of statements) if ((await attempt(sql)).refused !== NO_PRIVILEGE) passed.push(sql);
    expect(passed).toEqual([]);
  });

  it('refuses a session that asks not to be bound by it', async () => {
    const client = await app.container.pool.connect();
    await client.query('BEGIN');
    await client.query('SET LOCAL row_security = off');
    await expect(client.query('SELECT FROM orders')).rejects.toMatchObject({ code: NO_PRIVILEGE });
    await client.query('ROLLBACK');
    client.release();
  });

  it('has no gate: no view reads with its owner’s eyes, and no function acts for a role that is not bound', async () => {
    const { rows } = await superuser.query<{ gate: string }>(`
      SELECT c.oid::regclass::text AS gate FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND (c.relkind = 'm' OR (c.relkind = 'v' AND NOT 'security_invoker=true' = ANY (coalesce(c.reloptions, '{}'))))
      UNION ALL
      SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
      WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND (r.rolsuper OR r.rolbypassrls)`);
    expect(rows).toEqual([]);
  });
});
