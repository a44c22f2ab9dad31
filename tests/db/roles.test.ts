import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../src/db/database';
import {
  APP_ROLE,
  bootstrapRoles,
  inspectRuntimeRole,
  OWNER_ROLE,
  prepareRoles,
  RolesMissing,
  RUNTIME_ROLE,
  SEQUENCER_ROLE,
} from '../../src/db/roles';
import { testCluster, urlFor } from '../support/cluster';
import { freshDatabase, queryOnce, type TestDatabase } from '../support/database';
import { startThrowAwayServer, type ThrowAwayServer } from '../../src/db/embedded/throw-away';

describe('the roles of our own server', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it('gives the application a login that row-level security binds', async () => {
    expect(await inspectRuntimeRole(database.runtimeUrl)).toEqual({
      superuser: false,
      bypassRls: false,
      ownsTables: false,
      memberOfOwner: false,
      reaches: [],
    });
  });

  it('recognizes an owner and a superuser, also behind SET ROLE', async () => {
    expect(await inspectRuntimeRole(database.ownerUrl)).toMatchObject({ superuser: false, ownsTables: true, memberOfOwner: true });
    expect(await inspectRuntimeRole(`${database.superuserUrl}?options=-c%20role%3D${RUNTIME_ROLE}`)).toMatchObject({
      superuser: true,
      memberOfOwner: true,
    });
  });

  it('bounds how long a statement, a lock and an idle transaction may last', async () => {
    const rows = await queryOnce<{ name: string; setting: string }>(
      database.runtimeUrl,
      `SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'TimeZone') ORDER BY name`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      TimeZone: 'UTC',
      idle_in_transaction_session_timeout: '10000',
      lock_timeout: '2000',
      statement_timeout: '5000',
    });
  });

  it('is repeatable, also from several processes at once', async () => {
    const { superuserUrl, passwords } = testCluster();
    await Promise.all([1, 2, 3].map(() => bootstrapRoles(superuserUrl, passwords)));
    const members = await queryOnce<{ member: string }>(
      superuserUrl,
      'SELECT member::regrole::text AS member FROM pg_auth_members WHERE roleid::regrole::text = ANY ($1)',
      [[RUNTIME_ROLE, OWNER_ROLE]],
    );
    expect(members).toEqual([{ member: APP_ROLE }]);
  });
});

describe("somebody else's server", () => {
  let server: ThrowAwayServer;
  let adminUrl: string;
  const createLogin = async (attributes: string): Promise<{ name: string; password: string }> => {
    const login = { name: `login_${randomBytes(4).toString('hex')}`, password: 'pw' };
    await queryOnce(adminUrl, `CREATE ROLE ${login.name} LOGIN PASSWORD 'pw' ${attributes}`);
    return login;
  };
  beforeAll(async () => {
    server = await startThrowAwayServer();
    adminUrl = server.url('postgres');
  });
  afterAll(() => server.stop());

  it('names the SQL when the login may not create roles', async () => {
    const login = await createLogin('');
    const refused = await prepareRoles(urlFor(adminUrl, 'postgres', login)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RolesMissing);
    const { statements, message } = refused as RolesMissing;
    expect(statements).toEqual([
      `CREATE ROLE ${RUNTIME_ROLE} NOLOGIN;`,
      `CREATE ROLE ${SEQUENCER_ROLE} NOLOGIN;`,
      `GRANT ${RUNTIME_ROLE} TO "${login.name}";`,
    ]);
    expect(message).toContain(statements.join('\n  '));
  });

  it('creates what is missing when it may, from several databases at once, and needs no rights afterwards', async () => {
    const admin = await createLogin('CREATEROLE');
    const runtime = await createLogin('');
    const runtimeUrl = urlFor(adminUrl, 'postgres', runtime);
    await Promise.all(['postgres', 'template1', 'postgres'].map((database) => prepareRoles(urlFor(adminUrl, database, admin), runtimeUrl)));
    await prepareRoles(runtimeUrl);
    expect(await inspectRuntimeRole(runtimeUrl)).toEqual({
      superuser: false,
      bypassRls: false,
      ownsTables: false,
      memberOfOwner: false,
      reaches: [],
    });
  });

  it('with one address for both, the application acts as the runtime role', async () => {
    const database = await openDatabase({ databaseUrl: adminUrl, dataDir: 'unused' });
    expect(database).toMatchObject({ ownerUrl: adminUrl, embedded: false });
    const [row] = await queryOnce(database.runtimeUrl, `SELECT current_user::text, current_setting('is_superuser') AS superuser`);
    expect(row).toEqual({ current_user: RUNTIME_ROLE, superuser: 'off' });
    await database.stop();
  });

  it('with two addresses, both are used as they are', async () => {
    const runtime = await createLogin('');
    const runtimeUrl = urlFor(adminUrl, 'postgres', runtime);
    const database = await openDatabase({ databaseUrl: runtimeUrl, migrationDatabaseUrl: adminUrl, dataDir: 'unused' });
    expect(database).toMatchObject({ runtimeUrl, ownerUrl: adminUrl, embedded: false });
    const [row] = await queryOnce(adminUrl, `SELECT pg_has_role($1, $2, 'USAGE') AS member`, [runtime.name, RUNTIME_ROLE]);
    expect(row).toEqual({ member: true });
  });

  it('refuses the owner address alone', async () => {
    await expect(openDatabase({ migrationDatabaseUrl: adminUrl, dataDir: 'unused' })).rejects.toThrow('set both or neither');
  });
});
