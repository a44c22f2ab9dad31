import type { Client } from 'pg';
import { loginOf } from '../../kernel/connection-address';
import { withEngine, type EngineInput, type MigrationList } from './engine';
import { migrationList, PROJECT_FILES, readMigrations, readSchema, writeMigration, type Migration, type MigrationFiles } from './files';
import { grantHistoryToRuntime, readHistory, withHistoryClient, type MigrationHistory } from './history';

/** What the migrations are run on. */
export interface MigrationTarget {
  /** The owner's connection. */
  readonly url: string;
  /** Superuser of a server to replay migrations on; the one of `url` when it is left out. */
  readonly shadowUrl?: string | undefined;
  readonly files?: MigrationFiles;
}

export interface Deployment {
  /** Names of the migrations that were applied now. */
  readonly applied: readonly string[];
  /** Applied earlier and changed on disk since. Like Prisma, deploy goes on; continuous integration should not. */
  readonly edited: readonly string[];
  /** The database has them and this code doesn't. */
  readonly unknown: readonly string[];
}

/** A migration has to be settled by somebody who looks: the message says how. */
export class MigrationFailed extends Error {
  constructor(name: string, reason: string, cause?: unknown) {
    super(
      `The migration ${name} failed, and nothing more is applied until that is settled.\n${reason}\n` +
        'It left nothing behind. When the cause is mended, have it tried again:\n' +
        `  npm run cli -- migrate --rolled-back ${name}`,
      { cause },
    );
    this.name = 'MigrationFailed';
  }
}

/** A name that was mistyped, or of a migration that is done. */
export class NothingToSettle extends Error {
  constructor(name: string, failed: readonly string[]) {
    super(`No migration ${name} waits to be settled. Those that failed: ${failed.join(', ') || 'none'}.`);
    this.name = 'NothingToSettle';
  }
}

/** Without the engine's trace of its own calls. */
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split(/\n\s+0: /)[0]!;

/** The login may not do what migrations do (SQLSTATE 42501). */
export class MigrationForbidden extends Error {
  constructor(url: string, reason: string, cause: unknown) {
    super(
      `The database login ${loginOf(url) ?? '(none named)'} may not make and change tables (${reason}). ` +
        "Set MIGRATION_DATABASE_URL to the address with the login of the tables' owner: without it DATABASE_URL is used.",
      { cause },
    );
    this.name = 'MigrationForbidden';
  }
}

/** The engine tells PostgreSQL's sentence, and no SQLSTATE. */
const FORBIDDEN = /^(?:ERROR: )?((?:permission denied for|must be owner of) .*)$/m;

/** `work`, whose rights are told in a sentence when they don't reach. */
async function asOwner<T>({ url }: MigrationTarget, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [, reason] = FORBIDDEN.exec(textOf(error)) ?? [];
    if (reason === undefined || error instanceof MigrationFailed) throw error;
    throw new MigrationForbidden(url, reason, error);
  }
}

const NO_FILTER = { externalTables: [], externalEnums: [] };

/** The schema engine holds it while it applies migrations. */
const ENGINE_LOCK = 72_707_369;

/** A migration that another process applies at this moment looks like one that failed, so what is under way is waited for. */
async function settledHistory(client: Client, migrations: readonly Migration[]): Promise<MigrationHistory> {
  const history = await readHistory(client, migrations);
  if (history.failed.length === 0) return history;
  await client.query('SELECT pg_advisory_lock($1)', [ENGINE_LOCK]);
  try {
    return await readHistory(client, migrations);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [ENGINE_LOCK]);
  }
}

/**
 * Applies what is missing, like `prisma migrate deploy`, in whose table it keeps the history. When nothing is missing the schema engine
 * is not even loaded. Several processes may do it at once: one applies, the others wait and find nothing to do.
 * @throws MigrationFailed when one fails (it leaves nothing behind but the note that it failed), or failed earlier
 * @throws MigrationForbidden when the login is not the owner's
 */
export const deploy = (target: MigrationTarget): Promise<Deployment> => asOwner(target, () => applyMissing(target));

async function applyMissing(target: MigrationTarget): Promise<Deployment> {
  const files = target.files ?? PROJECT_FILES;
  const migrations = await readMigrations(files.migrationsDir);
  return withHistoryClient(target.url, async (client) => {
    const { pending, failed, edited, unknown } = await settledHistory(client, migrations);
    if (failed.length > 0) throw new MigrationFailed(failed[0]!, 'It was begun earlier and did not end well.');
    if (pending.length === 0) return { applied: [], edited, unknown };
    const { input, list } = await setUp(target);
    const { appliedMigrationNames } = await withEngine(input, (engine) =>
      engine.applyMigrations({ migrationsList: list, filters: NO_FILTER }),
    ).catch(async (error: unknown) => {
      const [name] = (await readHistory(client, migrations)).failed;
      throw name === undefined ? error : new MigrationFailed(name, textOf(error), error);
    });
    if (appliedMigrationNames.length > 0) await grantHistoryToRuntime(client);
    return { applied: appliedMigrationNames, edited, unknown };
  });
}

export async function status(target: MigrationTarget): Promise<MigrationHistory> {
  const migrations = await readMigrations((target.files ?? PROJECT_FILES).migrationsDir);
  return withHistoryClient(target.url, (client) => readHistory(client, migrations));
}

/**
 * Writes the SQL that leads from the migrations to the schema into a new migration, like `prisma migrate dev --create-only`.
 * @returns the new folder's name, or null when the two agree and no empty migration was asked for
 */
export async function createMigration(
  target: MigrationTarget,
  name: string,
  options: { empty: boolean; now: Date },
): Promise<string | null> {
  const sql = await missingFromMigrations(target);
  if (sql === '' && !options.empty) return null;
  return writeMigration((target.files ?? PROJECT_FILES).migrationsDir, name, sql, options.now);
}

/** The SQL that leads from the migrations to the schema; '' when they agree. (The engine's own createMigration can't make shadow databases.) */
export async function missingFromMigrations(target: MigrationTarget): Promise<string> {
  const { input, list } = await setUp(target);
  const result = await withEngine(input, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...list },
      to: { tag: 'schemaDatamodel', files: input.schemaFiles },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    }),
  );
  return result.exitCode === 2 ? (result.stdout ?? '') : '';
}

/** What was changed by hand in the database, as SQL leading from the migrations to it; '' when nothing was. */
export async function drift(target: MigrationTarget): Promise<string> {
  const { input, list } = await setUp(target);
  const result = await withEngine(input, (engine) =>
    engine.diff({
      from: { tag: 'migrations', ...list },
      to: { tag: 'schemaDatasource', files: input.schemaFiles, configDir: '.' },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    }),
  );
  return result.exitCode === 2 ? (result.stdout ?? '') : '';
}

/**
 * Settles a failed migration: `applied` when it was finished by hand, `rolled-back` to have it tried again.
 * @throws NothingToSettle when it did not fail (one that was never tried may be `applied`)
 * @throws MigrationForbidden when the login is not the owner's
 */
export async function resolve(target: MigrationTarget, outcome: 'applied' | 'rolled-back', migrationName: string): Promise<void> {
  await asOwner(target, async () => {
    const { failed, pending } = await status(target);
    if (![...failed, ...(outcome === 'applied' ? pending : [])].includes(migrationName)) throw new NothingToSettle(migrationName, failed);
    const { input, list } = await setUp(target);
    await withEngine(input, (engine) =>
      outcome === 'applied'
        ? engine.markMigrationApplied({ migrationName, migrationsList: list })
        : engine.markMigrationRolledBack({ migrationName }),
    );
  });
}

async function setUp(target: MigrationTarget): Promise<{ input: EngineInput; list: MigrationList }> {
  const files = target.files ?? PROJECT_FILES;
  const [schemaFiles, migrations] = await Promise.all([readSchema(files.schemaDir), readMigrations(files.migrationsDir)]);
  return {
    input: { url: target.url, shadowUrl: target.shadowUrl, schemaFiles },
    list: migrationList(files.migrationsDir, migrations),
  };
}
