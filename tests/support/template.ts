import { createHash } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { PROJECT_FILES, readMigrations } from '../../src/db/migrate/files';
import { deploy } from '../../src/db/migrate/runner';
import { bootstrapRoles, OWNER_ROLE } from '../../src/db/roles';
import { urlFor } from './cluster';
import type { TestServer } from './test-server';

const BUILD_LOCK = 7_158_310;
const UNFINISHED = 'quartermaster_template_unfinished';

/**
 * A migrated database, of which every test file gets a copy. Its name tells the migrations in it, so that a kept server has one for each
 * state of the sources; it gets the name last, so that one left by a run that was killed is never used.
 */
export async function makeTemplate({ superuserUrl, passwords }: Pick<TestServer, 'superuserUrl' | 'passwords'>): Promise<string> {
  const template = `quartermaster_template_${await digestOfMigrations()}`;
  await bootstrapRoles(superuserUrl, passwords);
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [BUILD_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount !== 0) return template;
    await client.query(`DROP DATABASE IF EXISTS ${UNFINISHED} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${UNFINISHED} OWNER ${OWNER_ROLE}`);
    await deploy({ url: urlFor(superuserUrl, UNFINISHED, { name: OWNER_ROLE, password: passwords.owner }) });
    // A template can't be copied while somebody is connected to it.
    await client.query('UPDATE pg_database SET datallowconn = false WHERE datname = $1', [UNFINISHED]);
    await client.query(`ALTER DATABASE ${UNFINISHED} RENAME TO ${template}`);
    return template;
  } finally {
    await client.end();
  }
}

async function digestOfMigrations(): Promise<string> {
  const hash = createHash('sha1');
  for (const { name, checksum } of await readMigrations(PROJECT_FILES.migrationsDir)) hash.update(`${name}\0${checksum}\n`);
  return hash.digest('hex').slice(0, 10);
}

/** Removes the copies that runs which were killed have left behind. @returns how many */
export async function removeLeftCopies(superuserUrl: string): Promise<number> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database d
       WHERE datname ~ '^test_[0-9]+_' AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`,
    );
    for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)}`);
    return rows.length;
  } finally {
    await client.end();
  }
}
