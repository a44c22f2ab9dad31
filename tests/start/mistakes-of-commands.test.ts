/* Commands that can't be run: refused in words, and before anything is made for them. */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { generateSecrets } from '../../src/config/development-secrets';
import { APP_ROLE } from '../../src/db/roles';
import { emptyDatabase, freshDatabase, queryOnce } from '../support/database';
import { ROOT } from './attempt';
import { owner, prepareStart, site } from './mistaken-start';

prepareStart();

describe('a command', () => {
  const run = (env: Readonly<Record<string, string>>, ...args: string[]) =>
    spawnSync(process.execPath, [path.join(ROOT, 'dist/cli/main.js'), ...args], {
      cwd: site.dataDir(),
      env: { PATH: process.env['PATH'], DATA_DIR: site.dataDir(), ...env },
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
    expect(await queryOnce(site.database().superuserUrl, 'SELECT FROM organizations')).toEqual([]);
  });

  it.each([
    ['a folder', os.tmpdir(), [], `${os.tmpdir()} is no file: it is read twice, so neither a folder nor a pipe will do`],
    ['rejects into a folder', __filename, ['--rejects', os.tmpdir()], `${os.tmpdir()} is a folder: --rejects names a file in it`],
    ['a file of something else', __filename, [], 'the header lacks documentNumber'],
    ['a mapping that is a folder', __filename, ['--mapping', os.tmpdir()], 'the mapping'],
    ['another currency than the mapping’s', __filename, ['--mapping', 'online-retail', '--currency', 'EUR'], 'EUR cannot be used'],
  ])('import of %s makes no organization', async (_what, file, args, complaint) => {
    const { status, stderr } = run(owner(), 'import', 'orders', file, '--mapping', 'order-lines', '--organization', 'Nobody', ...args);
    expect([status, stderr]).toEqual([1, expect.stringContaining(complaint)]);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await queryOnce(site.database().superuserUrl, 'SELECT FROM organizations')).toEqual([]);
  });
});
