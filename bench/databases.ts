import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { startThrowAwayServer } from '../src/db/embedded/throw-away';
import { deploy } from '../src/db/migrate/runner';
import { APP_ROLE, bootstrapRoles, DATABASE, OWNER_ROLE } from '../src/db/roles';

export interface Databases {
  /** The application's database, as its runtime role, its owner, and a superuser. */
  readonly runtimeUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** The database of limits-schema.sql, on the same server. */
  readonly limitsUrl: string;
  /** What PostgreSQL does by itself within a minute of the first rows: before, it plans for empty tables. */
  analyze(): Promise<void>;
  stop(): Promise<void>;
}

const LIMITS = 'limits';
/** Durability as it comes; what is set spares both sides a checkpoint in the middle of a round. */
const SETTINGS = { max_connections: 200, shared_buffers: '256MB', max_wal_size: '4GB', checkpoint_timeout: '30min' };

/** A PostgreSQL of our own with both databases on it. */
export async function startDatabases(): Promise<Databases> {
  const server = await startThrowAwayServer(SETTINGS, { durable: true });
  try {
    const passwords = { owner: randomBytes(16).toString('hex'), app: randomBytes(16).toString('hex') };
    await bootstrapRoles(server.url('postgres'), passwords);
    const urlAs = (role: string, password: string): string => `postgresql://${role}:${password}@127.0.0.1:${server.port}/${DATABASE}`;
    const ownerUrl = urlAs(OWNER_ROLE, passwords.owner);
    await deploy({ url: ownerUrl });

    await withClient(server.url('postgres'), (client) => client.query(`CREATE DATABASE ${LIMITS}`));
    const schema = await readFile(path.join(__dirname, 'sql/limits-schema.sql'), 'utf8');
    const [tables, vacuum] = schema.split(/^(?=VACUUM)/m);
    await withClient(server.url(LIMITS), async (client) => {
      await client.query(tables!);
      await client.query(vacuum!); // not in the transaction that several statements are
    });
    return {
      ownerUrl,
      runtimeUrl: urlAs(APP_ROLE, passwords.app),
      superuserUrl: server.url(DATABASE),
      limitsUrl: server.url(LIMITS),
      analyze: async () => {
        for (const name of [DATABASE, LIMITS]) await withClient(server.url(name), (client) => client.query('ANALYZE'));
      },
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
