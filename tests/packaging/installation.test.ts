import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, escapeLiteral } from 'pg';
import { VARIABLE_NAMES } from '../../src/config/config';
import { startThrowAwayServer, type ThrowAwayServer } from '../../src/db/embedded/throw-away';
import { bootstrapRoles } from '../../src/db/roles';

const read = (file: string): string => readFileSync(path.resolve(__dirname, '../..', file), 'utf8');

describe('the installation', () => {
  it('.env.example explains every variable, and no other', () => {
    const explained = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(explained.sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  it('docker-compose.yml sets variables that exist', () => {
    const compose = read('docker-compose.yml');
    const environment = /^x-environment:.*\n((?: {2}.*\n)+)/m.exec(compose)![1]!;
    const names = [...environment.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
    // What .env says has to arrive, but for what compose itself decides.
    const decided = ['NODE_ENV', 'HOST', 'PORT', 'DATA_DIR', 'MIGRATION_DATABASE_URL', 'LOG_FILE', 'SEED_DEMO', 'RUN_JOBS'];
    expect([...names, ...decided].sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  it('docker-compose.yml names the variable that is missing, and never tells to write over the others', () => {
    const required = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+):?\?([^}]*)\}/g)];
    expect(required.length).toBeGreaterThan(5);
    for (const [, name, message] of required) expect(message).toBe(`${name} is missing in .env, see docs/DEPLOYMENT.md`);
  });

  it.each(['docker-compose.yml', '.github/workflows/ci.yml', 'docs/DEPLOYMENT.md', 'docs/SCRIPTS.md'])(
    '%s writes no secrets over those that are there',
    (file) => {
      const writes = read(file)
        .split('\n')
        .filter((line) => /secrets\b.*> *\.env/.test(line));
      expect(writes.filter((line) => !line.includes('set -o noclobber; umask 077;'))).toEqual([]);
    },
  );
});

describe('docker/postgres/init.sql', () => {
  const servers: ThrowAwayServer[] = [];
  const start = async (): Promise<ThrowAwayServer> => {
    const server = await startThrowAwayServer();
    servers.push(server);
    return server;
  };
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  it('makes the same roles and database as the embedded server has', async () => {
    const [scripted, bootstrapped] = await Promise.all([start(), start()]);
    await runScript(scripted.url('postgres'), read('docker/postgres/init.sql'), { owner_password: "o'wner", app_password: 'app' });
    await bootstrapRoles(bootstrapped.url('postgres'), { owner: 'owner', app: 'app' });
    const made = await rolesOf(scripted.url('postgres'));
    expect(made).toEqual(await rolesOf(bootstrapped.url('postgres')));
    expect(made.map(({ name }) => name)).toContain('quartermaster_app');
  });
});

/** What psql does with it: the variables in place, one statement after the other. */
async function runScript(url: string, script: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const sql = script.replaceAll(/^(\\|--).*$/gm, '').replaceAll(/:'(\w+)'/g, (_whole, name: string) => escapeLiteral(variables[name]!));
  await withClient(url, async (client) => {
    for (const statement of sql.split(/;\s*$/m)) await client.query(statement);
  });
}

/** Every role of ours with its rights, settings, memberships and databases. */
function rolesOf(url: string): Promise<Array<{ name: string }>> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(`
      SELECT rolname::text AS name, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls, rolinherit, rolreplication, rolconfig,
        ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid ORDER BY 1) AS groups,
        ARRAY(SELECT datname::text FROM pg_database WHERE datdba = r.oid ORDER BY 1) AS databases
      FROM pg_roles r WHERE rolname !~ '^pg_' ORDER BY rolname`);
    return rows;
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
