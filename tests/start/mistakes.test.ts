/* What a person can get wrong in the first hour: the server says what, and what to do, in words and without a stack. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { generateSecrets } from '../../src/config/development-secrets';
import { explain } from '../../src/process/explain';
import { APP_ROLE, OWNER_ROLE, RUNTIME_ROLE } from '../../src/db/roles';
import { urlFor } from '../support/cluster';
import { emptyDatabase, freshDatabase, queryOnce, type TestDatabase } from '../support/database';
import { startServerProcess } from '../support/server-process';
import { attemptStart, ROOT } from './attempt';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await freshDatabase();
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'quartermaster-mistakes-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

const refusedWith = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const { code, listened, output } = await attemptStart({ DATA_DIR: dataDir, SEED_DEMO: 'false', ...env });
  expect({ code, listened }).toEqual({ code: 1, listened: false });
  return output.trimEnd();
};
const owner = (): Readonly<Record<string, string>> => ({ DATABASE_URL: database.runtimeUrl, MIGRATION_DATABASE_URL: database.ownerUrl });

describe('where to listen', () => {
  it('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await refusedWith({ ...owner(), PORT: String(port) })).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1} npm start`,
    );
    other.close();
  });

  it('an address of another machine', async () => {
    expect(await refusedWith({ ...owner(), HOST: '203.0.113.7' })).toBe(
      'HOST: this machine does not have the address 203.0.113.7. 127.0.0.1 is this machine alone, 0.0.0.0 every address it has.',
    );
  });
});

describe('the database', () => {
  const at = (): string => new URL(database.superuserUrl).host;

  it('nobody at its address', async () => {
    expect(await refusedWith({ DATABASE_URL: 'postgresql://app:s3cret-word@127.0.0.1:1/shop' })).toBe(
      'DATABASE_URL: no PostgreSQL answers at 127.0.0.1:1. Start it or correct the address; with no address at all, one that comes with the packages is used.',
    );
  });

  it('a host that does not exist', async () => {
    expect(await refusedWith({ DATABASE_URL: 'postgresql://app:pw@nowhere.invalid/shop' })).toBe(
      'DATABASE_URL: there is no host nowhere.invalid.',
    );
  });

  it('a wrong password, of either login', async () => {
    const wrong = { name: OWNER_ROLE, password: 's3cret-word' };
    const url = urlFor(database.superuserUrl, database.name, wrong);
    const sentence = `PostgreSQL at ${at()} refuses the password of ${OWNER_ROLE}.`;
    expect(await refusedWith({ DATABASE_URL: url })).toBe(`DATABASE_URL: ${sentence}`);
    expect(await refusedWith({ ...owner(), MIGRATION_DATABASE_URL: url })).toBe(`MIGRATION_DATABASE_URL: ${sentence}`);
  });

  it('a database that does not exist', async () => {
    const url = urlFor(database.superuserUrl, 'no_such_shop');
    expect(await refusedWith({ DATABASE_URL: url })).toBe(
      `DATABASE_URL: PostgreSQL at ${at()} has no database no_such_shop. Let somebody who may run: CREATE DATABASE no_such_shop;`,
    );
  });

  it('TLS with a server that speaks none', async () => {
    expect(await refusedWith({ DATABASE_URL: `${database.ownerUrl}?sslmode=verify-full` })).toBe(
      `DATABASE_URL: PostgreSQL at ${at()} speaks no TLS. Remove sslmode from the address, or turn its ssl on.`,
    );
  });

  it('a login that may not prepare the roles: with the SQL for somebody who may', async () => {
    expect(await refusedWith({ DATABASE_URL: database.ownerUrl })).toBe(
      `The database login ${OWNER_ROLE} may not prepare the roles Quartermaster needs. Let a superuser run:\n` +
        `  GRANT ${RUNTIME_ROLE} TO "${OWNER_ROLE}";`,
    );
  });

  it('the owner’s address alone', async () => {
    expect(await refusedWith({ MIGRATION_DATABASE_URL: database.ownerUrl })).toBe(
      'MIGRATION_DATABASE_URL is set without DATABASE_URL: set both or neither.',
    );
  });

  it('a migration that failed: with the command that settles it', async () => {
    const broken = await freshDatabase();
    const [{ name } = { name: '' }] = await queryOnce<{ name: string }>(
      broken.superuserUrl,
      `UPDATE _prisma_migrations SET finished_at = NULL
       WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations) RETURNING migration_name AS name`,
    );
    const output = await refusedWith({ DATABASE_URL: broken.runtimeUrl, MIGRATION_DATABASE_URL: broken.ownerUrl });
    expect(output).toContain(`The migration ${name} failed`);
    expect(output).toMatch(new RegExp(`\n  npm run cli -- migrate --rolled-back ${name}$`));
    await broken.drop();
  });

  it('one that is newer than the code', async () => {
    const newer = await freshDatabase();
    await queryOnce(
      newer.superuserUrl,
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('x', 'x', '29990101000000_of_the_future', now(), 1)`,
    );
    const { code, output } = await attemptStart({
      DATA_DIR: dataDir,
      SEED_DEMO: 'false',
      DATABASE_URL: newer.runtimeUrl,
      MIGRATION_DATABASE_URL: newer.ownerUrl,
    });
    expect(code).toBe(0);
    expect(output).toContain('the database is newer than this code');
    await newer.drop();
  });

  it('one without tables in production: not ready, and the log says why', async () => {
    const empty = await emptyDatabase();
    const logFile = path.join(dataDir, 'production.log');
    const env = { NODE_ENV: 'production', DATA_DIR: dataDir, DATABASE_URL: empty.runtimeUrl, ...generateSecrets() };
    const server = await startServerProcess({ env, logFile, until: '/health/live' });
    const ready = await fetch(`http://127.0.0.1:${server.port}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: 'ok', migrations: 'failed' } });
    await server.end('SIGTERM');
    expect(server.log()).toContain('migrations are missing, and nothing works before: run the command migrate');
    await empty.drop();
  });
});

describe('a damaged DATA_DIR', () => {
  const damaged = (file: string, text: string): string => {
    const folder = mkdtempSync(path.join(dataDir, 'damaged-'));
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
    return folder;
  };

  it.each([
    ['cut off', '{"JWT_SECRET": "x'],
    ['empty', ''],
    ['without its keys', '{}'],
    ['null', 'null'],
    ['with keys that are none', JSON.stringify({ ...generateSecrets(), ENCRYPTION_KEYS: 'k1:x' })],
  ])('secrets.json is %s', async (_what, text) => {
    const folder = damaged('secrets.json', text);
    expect(await refusedWith({ ...owner(), DATA_DIR: folder })).toBe(
      `${folder}/secrets.json is damaged: JWT_SECRET, PASSWORD_PEPPER and ENCRYPTION_KEYS have to be in it as JSON. Put it back from a copy; ` +
        'or remove it to get new ones, and no password made before is right.',
    );
  });

  it('it is a file, or below one', async () => {
    const file = path.join(damaged('data', ''), 'data');
    const sentence = `A file is in the way where a folder is needed: ${file}. Move it away, or set DATA_DIR to another folder.`;
    for (const folder of [file, path.join(file, 'below')]) {
      expect(await refusedWith({ ...owner(), DATA_DIR: folder })).toBe(sentence);
      expect(await refusedWith({ DATA_DIR: folder, ...generateSecrets() })).toBe(sentence);
    }
  });

  it('the password of the embedded PostgreSQL is empty: without waiting for it, with data and without', async () => {
    const folder = damaged('postgres-password', '\n');
    expect(await refusedWith({ DATA_DIR: folder })).toBe(`${folder}/postgres-password is empty. Remove it, and a new one is made.`);
    mkdirSync(path.join(folder, 'postgres'));
    writeFileSync(path.join(folder, 'postgres', 'PG_VERSION'), '18\n');
    expect(await refusedWith({ DATA_DIR: folder })).toBe(
      `${folder}/postgres-password is missing or empty, without it ${folder}/postgres can't be opened. Put it back, or remove both to start anew.`,
    );
  });
});

describe('an environment that is forgotten', () => {
  it('is production for scripts/start.sh', () => {
    const { status, stderr } = spawnSync(path.join(ROOT, 'scripts/start.sh'), ['api'], {
      cwd: dataDir,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...owner() },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('  - JWT_SECRET is missing\n');
  });

  it('is development for npm start: no demo company in a database that was named, and the log tells', async () => {
    const { code, output } = await attemptStart({ DATA_DIR: dataDir, ...owner() });
    expect(code).toBe(0);
    expect(output).toContain('NODE_ENV is not production: unsafe settings are taken');
    expect(await queryOnce(database.superuserUrl, 'SELECT email FROM users')).toEqual([]);
  });
});

describe('a command', () => {
  const run = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    spawnSync(process.execPath, [path.join(ROOT, 'dist/cli/main.js'), ...args], {
      cwd: dataDir,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env },
      encoding: 'utf8',
    });

  it('seed in production is refused before a table is made', async () => {
    const empty = await emptyDatabase();
    const env = { NODE_ENV: 'production', DATABASE_URL: empty.runtimeUrl, MIGRATION_DATABASE_URL: empty.ownerUrl, ...generateSecrets() };
    const { status, stderr } = run(env, 'seed');
    expect([status, stderr]).toEqual([
      1,
      "The configuration can't be used:\n  - NODE_ENV is production: the demo company has passwords that everybody knows, and is not made there\n",
    ]);
    expect(await queryOnce(empty.superuserUrl, `SELECT FROM pg_tables WHERE schemaname = 'public'`)).toEqual([]);
    await empty.drop();
  });

  it('migrate with the application’s login alone names the variable, whatever is refused', async () => {
    const [empty, behind] = [await emptyDatabase(), await freshDatabase()];
    await queryOnce(
      behind.superuserUrl,
      'DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)',
    );
    for (const [{ runtimeUrl }, refused] of [
      [empty, 'schema public'],
      [behind, 'table _prisma_migrations'],
    ] as const) {
      const { status, stderr } = run({ NODE_ENV: 'production', DATABASE_URL: runtimeUrl, ...generateSecrets() }, 'migrate');
      expect([status, stderr]).toEqual([
        1,
        `The database login ${APP_ROLE} may not make and change tables (permission denied for ${refused}). ` +
          "Set MIGRATION_DATABASE_URL to the address with the login of the tables' owner: without it DATABASE_URL is used.\n",
      ]);
    }
    await Promise.all([empty.drop(), behind.drop()]);
  });

  it.each([
    [['there-is-none.csv'], 'there-is-none.csv'],
    [[__filename, '--rejects', '/nowhere/rejects.csv'], '/nowhere'],
  ])('import of a file that is not there, or with nowhere to put the rejects, makes no organization: %j', async (args, missing) => {
    const { status, stderr } = run(owner(), 'import', 'orders', ...args, '--mapping', 'order-lines', '--organization', 'Nobody');
    expect([status, stderr]).toEqual([1, `There is no file or folder ${missing}.\n`]);
    expect(await queryOnce(database.superuserUrl, 'SELECT FROM organizations')).toEqual([]);
  });
});

describe('what the operating system refuses', () => {
  const refused = (fields: object): string => explain(Object.assign(new Error('no'), fields));

  it.each(['EACCES', 'EPERM', 'EROFS'])('a folder of somebody else: %s', (code) => {
    expect(refused({ code, syscall: 'open', path: '.data/secrets.json' })).toBe(
      'This account may not open .data/secrets.json. Another account made it, perhaps root: run as that one, ' +
        'give this one the folder (sudo chown -R "$(id -un)" FOLDER), or set DATA_DIR to another folder.',
    );
  });

  it('a folder that is not there yet, in one that is somebody else’s', () => {
    expect(refused({ code: 'EACCES', syscall: 'mkdir', path: path.join(dataDir, 'no', 'such') })).toBe(
      `This account may not make ${dataDir}/no/such: it can't write in ${dataDir}. Make it for this account, or set DATA_DIR to another folder.`,
    );
  });

  it('a port below 1024, a full disk', () => {
    expect(refused({ code: 'EACCES', syscall: 'listen', port: 80 })).toBe(
      'Port 80 needs more rights than this account has. Choose one above 1023: PORT=3000 npm start',
    );
    expect(refused({ code: 'ENOSPC', syscall: 'write' })).toBe('The disk is full.');
  });

  it('a mistake of ours keeps its stack', () => {
    expect(refused({})).toContain('mistakes.test.ts');
    expect(explain('just text')).toBe('just text');
  });
});
