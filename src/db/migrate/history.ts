import { Client, escapeIdentifier, type ClientBase } from 'pg';
import { RUNTIME_ROLE } from '../roles';
import type { Migration } from './files';

/** The migrations on disk beside those the database remembers, by name. */
export interface MigrationHistory {
  /** On disk, not in the database. */
  readonly pending: readonly string[];
  /** Begun and not finished: somebody has to look (`npm run db -- resolve`). */
  readonly failed: readonly string[];
  /** Changed on disk after they were applied. */
  readonly edited: readonly string[];
  /** In the database, not on disk: the database is newer than this code. */
  readonly unknown: readonly string[];
}

interface Row {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** Compares without the schema engine, in two short queries. The connection needs SELECT on `_prisma_migrations`. */
export async function readHistory(client: Pick<ClientBase, 'query'>, migrations: readonly Migration[]): Promise<MigrationHistory> {
  const rows = await appliedMigrations(client);
  const finished = new Map(rows.filter((row) => row.finished).map((row) => [row.name, row.checksum]));
  const onDisk = new Set(migrations.map((migration) => migration.name));
  const failed = rows.filter((row) => !row.finished && !finished.has(row.name)).map((row) => row.name);
  return {
    pending: migrations.filter(({ name }) => !finished.has(name) && !failed.includes(name)).map(({ name }) => name),
    failed,
    edited: migrations.filter(({ name, checksum }) => finished.has(name) && finished.get(name) !== checksum).map(({ name }) => name),
    unknown: [...finished.keys()].filter((name) => !onDisk.has(name)),
  };
}

async function appliedMigrations(client: Pick<ClientBase, 'query'>): Promise<readonly Row[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`);
  if (tables[0]?.exists !== true) return [];
  const { rows } = await client.query<Row>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** Lets the application ask how far the migrations are (readiness). Not a migration's business: the table is the engine's. */
export async function grantHistoryToRuntime(client: Pick<ClientBase, 'query'>): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [RUNTIME_ROLE]);
  if (rowCount !== 0) await client.query(`GRANT SELECT ON _prisma_migrations TO ${RUNTIME_ROLE}`);
}

/** A connection in the schema that the address names (Prisma's `schema` parameter). */
export async function withHistoryClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const address = new URL(url);
  const schema = address.searchParams.get('schema') ?? 'public';
  address.searchParams.delete('schema'); // node-postgres does not know it
  const client = new Client({
    connectionString: address.toString(),
    application_name: 'quartermaster-migrations',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // reported by the query under way
  try {
    await client.connect();
    await client.query(`SET search_path = ${escapeIdentifier(schema)}`);
    return await work(client);
  } finally {
    await client.end();
  }
}
