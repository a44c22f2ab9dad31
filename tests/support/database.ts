import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { APP_ROLE, OWNER_ROLE } from '../../src/db/roles';
import { testCluster, urlFor } from './cluster';

/** A database of one test file: migrated, owned by the owner role, with no row in it. */
export interface TestDatabase {
  readonly name: string;
  /** Owner of the tables. Row-level security is forced on it too. */
  readonly ownerUrl: string;
  /** What the application connects as. */
  readonly runtimeUrl: string;
  /** Sees everything: row-level security does not apply. */
  readonly superuserUrl: string;
  /** Removes the database, ending every connection to it. */
  drop(): Promise<void>;
}

/** A copy of the migrated template. */
export const freshDatabase = (): Promise<TestDatabase> => createDatabase(`TEMPLATE ${testCluster().template} STRATEGY file_copy`);

/** A database without any table, for tests of the migrations themselves. */
export const emptyDatabase = (): Promise<TestDatabase> => createDatabase('');

async function createDatabase(options: string): Promise<TestDatabase> {
  const { superuserUrl, passwords } = testCluster();
  const name = `test_${process.env['JEST_WORKER_ID'] ?? '0'}_${randomBytes(5).toString('hex')}`;
  await asSuperuser(`CREATE DATABASE ${name} OWNER ${OWNER_ROLE} ${options}`);
  return {
    name,
    ownerUrl: urlFor(superuserUrl, name, { name: OWNER_ROLE, password: passwords.owner }),
    runtimeUrl: urlFor(superuserUrl, name, { name: APP_ROLE, password: passwords.app }),
    superuserUrl: urlFor(superuserUrl, name),
    drop: () => asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** An open connection; the caller ends it. */
export async function connectTo(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

async function asSuperuser(statement: string): Promise<void> {
  const client = await connectTo(testCluster().superuserUrl);
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** One query on a connection of its own. */
export async function queryOnce<Row extends object>(url: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = await connectTo(url);
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
