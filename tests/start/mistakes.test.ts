/* What a person can get wrong in the first hour: the server says what, and what to do, in words and without a stack. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { generateSecrets } from '../../src/config/development-secrets';
import { OWNER_ROLE, RUNTIME_ROLE } from '../../src/db/roles';
import { urlFor } from '../support/cluster';
import { emptyDatabase, freshDatabase, queryOnce } from '../support/database';
import { startServerProcess } from '../support/server-process';
import { attemptStart, ROOT } from './attempt';
import { owner, prepareStart, refusedWith, site } from './mistaken-start';

prepareStart();

describe('where to listen', () => {
  it('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await refusedWith({ ...owner(), PORT: String(port) })).toBe(
      `Port ${port} is taken by another program. Stop it, or choose another one: PORT=${port + 1}`,
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
  const at = (): string => new URL(site.database().superuserUrl).host;

  it('nobody at its address', async () => {
    expect(await refusedWith({ DATABASE_URL: 'postgresql://app:s3cret-word@127.0.0.1:1/shop' })).toBe(
      'DATABASE_URL: no PostgreSQL answers at 127.0.0.1:1. Start it or correct the address; in development, with no address at all, one that comes with the packages is used.',
    );
  });

  it('a host that does not exist', async () => {
    expect(await refusedWith({ DATABASE_URL: 'postgresql://app:pw@nowhere.invalid/shop' })).toBe(
      'DATABASE_URL: there is no host nowhere.invalid.',
    );
  });

  it('a wrong password, of either login', async () => {
    const wrong = { name: OWNER_ROLE, password: 's3cret-word' };
    const url = urlFor(site.database().superuserUrl, site.database().name, wrong);
    const sentence = `PostgreSQL at ${at()} refuses the password of ${OWNER_ROLE}.`;
    expect(await refusedWith({ DATABASE_URL: url })).toBe(`DATABASE_URL: ${sentence}`);
    expect(await refusedWith({ ...owner(), MIGRATION_DATABASE_URL: url })).toBe(`MIGRATION_DATABASE_URL: ${sentence}`);
  });

  it('a database that does not exist', async () => {
    const url = urlFor(site.database().superuserUrl, 'no_such_shop');
    expect(await refusedWith({ DATABASE_URL: url })).toBe(
      `DATABASE_URL: PostgreSQL at ${at()} has no database no_such_shop. Let somebody who may run: CREATE DATABASE no_such_shop;`,
    );
  });

  it('TLS with a server that speaks none', async () => {
    expect(await refusedWith({ DATABASE_URL: `${site.database().ownerUrl}?sslmode=verify-full` })).toBe(
      `DATABASE_URL: PostgreSQL at ${at()} speaks no TLS. Remove sslmode from the address, or turn its ssl on.`,
    );
  });

  it('a login that may not prepare the roles: with the SQL for somebody who may', async () => {
    expect(await refusedWith({ DATABASE_URL: site.database().ownerUrl })).toBe(
      `The database login ${OWNER_ROLE} may not prepare the roles Quartermaster needs. Let a superuser run:\n` +
        `  GRANT ${RUNTIME_ROLE} TO "${OWNER_ROLE}";`,
    );
  });

  it('the owner’s address alone', async () => {
    expect(await refusedWith({ MIGRATION_DATABASE_URL: site.database().ownerUrl })).toBe(
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
      DATA_DIR: site.dataDir(),
      SEED_DEMO: 'false',
      DATABASE_URL: newer.runtimeUrl,
      MIGRATION_DATABASE_URL: newer.ownerUrl,
    });
    expect(code).toBe(0);
    expect(output).toContain('the database is newer than this code');
    await newer.drop();
  });

  it('one without tables in production: not ready, requests are told to come later, and the log says why', async () => {
    const empty = await emptyDatabase();
    const logFile = path.join(site.dataDir(), 'production.log');
    const env = { NODE_ENV: 'production', DATA_DIR: site.dataDir(), DATABASE_URL: empty.runtimeUrl, ...generateSecrets() };
    const server = await startServerProcess({ env, logFile, until: '/health/live' });
    const ready = await fetch(`http://127.0.0.1:${server.port}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: 'ok', migrations: 'failed' } });
    const refused = await fetch(`http://127.0.0.1:${server.port}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refreshToken: 'x'.repeat(43) }),
    });
    expect([refused.status, refused.headers.get('Retry-After'), await refused.json()]).toEqual([
      503,
      '30',
      {
        error: {
          code: 'UNAVAILABLE',
          message: 'The database is not prepared for this version yet; try again later',
          requestId: expect.any(String),
        },
      },
    ]);
    await server.end('SIGTERM');
    expect(server.log()).toContain('migrations are missing, and nothing works before: run the command migrate');
    expect(server.log()).not.toContain('"level":"error"');
    await empty.drop();
  });
});

describe('an environment that is forgotten', () => {
  it('is production for scripts/start.sh', () => {
    const { status, stderr } = spawnSync(path.join(ROOT, 'scripts/start.sh'), ['api'], {
      cwd: site.dataDir(),
      env: { PATH: process.env['PATH'], DATA_DIR: site.dataDir(), ...owner() },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('  - JWT_SECRET is missing\n');
  });

  it('is development for npm start: no demo company in a database that was named, and the log tells', async () => {
    const { code, output } = await attemptStart({ DATA_DIR: site.dataDir(), ...owner() });
    expect(code).toBe(0);
    expect(output).toContain('NODE_ENV is not production: unsafe settings are taken');
    expect(await queryOnce(site.database().superuserUrl, 'SELECT email FROM users')).toEqual([]);
  });
});
