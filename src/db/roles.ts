import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { loginOf } from '../kernel/connection-address';

/** Owns the database and every table in it; migrations run as this role. */
export const OWNER_ROLE = 'quartermaster_owner';
/** Group role (no login) with the application's grants. Row-level security applies to its members. */
export const RUNTIME_ROLE = 'quartermaster_runtime';
/** Group role (no login) that may write the position and hash of events, and nothing else. */
export const SEQUENCER_ROLE = 'quartermaster_sequencer';
/** Login of the application where we make the logins ourselves: a member of the runtime role, and not of the owner. */
export const APP_ROLE = 'quartermaster_app';
export const DATABASE = 'quartermaster';

/** The migrations grant to these and expect them to exist. */
const GROUP_ROLES = [RUNTIME_ROLE, SEQUENCER_ROLE];

/** A query must not hang on a lock or an idle transaction for ever, however the application is connected. */
const APP_SETTINGS = { statement_timeout: '5s', lock_timeout: '2s', idle_in_transaction_session_timeout: '10s', timezone: 'UTC' };

const BOOTSTRAP_LOCK = 7_158_302;

/** The login may not create the roles: the message has the SQL for somebody who may. */
export class RolesMissing extends Error {
  constructor(
    login: string,
    readonly statements: readonly string[],
    cause: unknown,
  ) {
    super(`The database login ${login} may not prepare the roles Quartermaster needs. Let a superuser run:\n  ${statements.join('\n  ')}`, {
      cause,
    });
    this.name = 'RolesMissing';
  }
}

export interface LoginPasswords {
  readonly owner: string;
  readonly app: string;
}

/**
 * Makes, on a PostgreSQL of our own, every role and the database `quartermaster`. Repeatable, and safe to run from several processes.
 * @param superuserUrl connection to the database `postgres` as a superuser
 */
export async function bootstrapRoles(superuserUrl: string, passwords: LoginPasswords): Promise<void> {
  await withLockedClient(superuserUrl, async (client) => {
    await createGroupRoles(client);
    await createLogin(client, OWNER_ROLE, passwords.owner);
    await createLogin(client, APP_ROLE, passwords.app);
    const settings = Object.entries(APP_SETTINGS).map(([name, value]) => `ALTER ROLE ${APP_ROLE} SET ${name} = ${escapeLiteral(value)};`);
    await client.query([`GRANT ${RUNTIME_ROLE} TO ${APP_ROLE};`, ...settings].join('\n'));
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`);
  });
}

/** Only the group roles, for a server on which migrations are replayed and nothing runs. */
export async function bootstrapGroupRoles(superuserUrl: string): Promise<void> {
  await withLockedClient(superuserUrl, createGroupRoles);
}

/**
 * Creates, on somebody else's PostgreSQL, the group roles that are missing, and makes the login of `runtimeUrl` a member of the runtime
 * role. When nothing is missing it needs no rights at all.
 * @param runtimeUrl the application's connection; the one of `adminUrl` when it is left out
 * @throws RolesMissing when something is missing and the login of `adminUrl` may not create it
 */
export async function prepareRoles(adminUrl: string, runtimeUrl: string = adminUrl): Promise<void> {
  await withLockedClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ login: string; existing: string[] }>(
      'SELECT current_user::text AS login, ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($1)) AS existing',
      [GROUP_ROLES],
    );
    const { login = '', existing = [] } = rows[0] ?? {};
    const runtimeLogin = loginOf(runtimeUrl) ?? login;
    const statements = GROUP_ROLES.filter((role) => !existing.includes(role)).map((role) => `CREATE ROLE ${role} NOLOGIN;`);
    if (!existing.includes(RUNTIME_ROLE) || !(await isMember(client, runtimeLogin))) {
      statements.push(`GRANT ${RUNTIME_ROLE} TO ${escapeIdentifier(runtimeLogin)};`);
    }
    for (const statement of statements) await execute(client, statement, login, statements);
  });
}

async function execute(client: Client, statement: string, login: string, all: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === '42501') throw new RolesMissing(login, all, error);
      if (isDuplicate(code)) return;
      if (code !== CONCURRENTLY_UPDATED || attempt === 5) throw error;
    }
  }
}

/** Roles belong to the whole server, our lock to one database: another database's bootstrap may create the same role at this moment. */
const isDuplicate = (code: string | undefined): boolean => code === '42710' || code === '23505';
/** "tuple concurrently updated": two grants on the same role at once. */
const CONCURRENTLY_UPDATED = 'XX000';

async function createGroupRoles(client: Client): Promise<void> {
  for (const role of GROUP_ROLES) await createUnlessThere(client, role, 'NOLOGIN');
}

function createLogin(client: Client, role: string, password: string): Promise<void> {
  return createUnlessThere(client, role, `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD ${escapeLiteral(password)}`);
}

async function createUnlessThere(client: Client, role: string, attributes: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount !== 0) return;
  await client.query(`CREATE ROLE ${role} ${attributes}`).catch((error: { code?: string }) => {
    if (!isDuplicate(error.code)) throw error;
  });
}

async function isMember(client: Client, login: string): Promise<boolean> {
  const { rows } = await client.query<{ member: boolean }>(
    `SELECT pg_has_role(oid, $2, 'MEMBER') AS member FROM pg_roles WHERE rolname = $1`,
    [login, RUNTIME_ROLE],
  );
  return rows[0]?.member === true;
}

async function withLockedClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [BOOTSTRAP_LOCK]); // released with the session
    await work(client);
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'quartermaster-roles', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // reported by the query under way
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface RuntimeRole {
  /** Any of these makes row-level security ineffective for the login. */
  readonly superuser: boolean;
  readonly bypassRls: boolean;
  readonly ownsTables: boolean;
  /** Of the owner of the database or of any table in it: SET ROLE would reach it. */
  readonly memberOfOwner: boolean;
  /** Superusers and roles with BYPASSRLS that SET ROLE would reach, however long the chain of memberships. A superuser's are not listed. */
  readonly reaches: readonly string[];
}

/** What the login behind the application's connection could do. `SET ROLE` in the connection options doesn't hide the login. */
export function inspectRuntimeRole(runtimeUrl: string): Promise<RuntimeRole> {
  return withClient(runtimeUrl, async (client) => {
    const { rows } = await client.query<RuntimeRole>(`
      WITH me AS (SELECT oid, rolsuper, rolbypassrls FROM pg_roles WHERE rolname IN (session_user, current_user)),
      tables AS (
        SELECT relowner AS owner FROM pg_class
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_|^information_schema$')
      ),
      owners AS (SELECT owner FROM tables UNION SELECT datdba FROM pg_database WHERE datname = current_database())
      SELECT bool_or(rolsuper) AS superuser, bool_or(rolbypassrls) AS "bypassRls",
        EXISTS (SELECT FROM tables JOIN me ON me.oid = owner) AS "ownsTables",
        EXISTS (SELECT FROM owners, me WHERE pg_has_role(me.oid, owner, 'MEMBER')) AS "memberOfOwner",
        ARRAY(SELECT rolname::text FROM pg_roles role
          WHERE (role.rolsuper OR role.rolbypassrls) AND role.oid NOT IN (SELECT oid FROM me) AND NOT EXISTS (SELECT FROM me WHERE rolsuper)
            AND EXISTS (SELECT FROM me WHERE pg_has_role(me.oid, role.oid, 'MEMBER')) ORDER BY 1) AS reaches
      FROM me`);
    return rows[0]!;
  });
}
