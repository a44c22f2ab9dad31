/* npm run db -- deploy | status | new <name> [--empty] | check | drift | resolve applied|rolled-back <migration> */
import { environmentVariables, given } from '../../config/environment-variables';
import { openDatabase } from '../database';
import { startThrowAwayServer } from '../embedded/throw-away';
import { bootstrapGroupRoles } from '../roles';
import { systemClock } from '../../kernel/clock';
import { reportOf } from './report';
import { createMigration, deploy, drift, missingFromMigrations, resolve, status } from './runner';

const USAGE = `Usage: npm run db -- <command>
  deploy                              apply what is missing
  status                              what is pending, failed, edited, unknown
  new <name> [--empty]                write a migration with what the schema has and the migrations lack
  check                               fail when the schema has something the migrations lack
  drift                               fail when the database was changed by hand
  resolve applied|rolled-back <name>  settle a failed migration
`;

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** The owner's connection to the database at hand: the given one, or the embedded one. */
async function withDatabase<T>(work: (ownerUrl: string) => Promise<T>): Promise<T> {
  const variables = environmentVariables();
  const database = await openDatabase({
    databaseUrl: given(variables, 'DATABASE_URL'),
    migrationDatabaseUrl: given(variables, 'MIGRATION_DATABASE_URL'),
    dataDir: given(variables, 'DATA_DIR') ?? '.data',
  });
  try {
    return await work(database.ownerUrl);
  } finally {
    await database.stop();
  }
}

/** A server to replay migrations on, with the roles they grant to. */
async function withShadowServer<T>(work: (superuserUrl: string) => Promise<T>): Promise<T> {
  const server = await startThrowAwayServer();
  try {
    const url = server.url('postgres');
    await bootstrapGroupRoles(url);
    return await work(url);
  } finally {
    await server.stop();
  }
}

async function main([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'deploy': {
      const { done, warnings } = reportOf(await withDatabase((url) => deploy({ url })));
      print(done);
      for (const warning of warnings) process.stderr.write(`${warning}\n`);
      return 0;
    }
    case 'status': {
      const history = await withDatabase((url) => status({ url }));
      print(JSON.stringify(history, null, 2));
      return Object.values(history).every((names: readonly string[]) => names.length === 0) ? 0 : 1;
    }
    case 'new': {
      const name = rest.find((argument) => argument !== '--empty');
      if (name === undefined) break;
      const options = { empty: rest.includes('--empty'), now: systemClock.now() };
      const folder = await withShadowServer((url) => createMigration({ url }, name, options));
      print(folder === null ? 'The schema and the migrations agree: nothing to write.' : `Wrote prisma/migrations/${folder}`);
      return 0;
    }
    case 'check': {
      const sql = await withShadowServer((url) => missingFromMigrations({ url }));
      print(sql === '' ? 'The schema and the migrations agree.' : `Missing from the migrations:\n${sql}`);
      return sql === '' ? 0 : 1;
    }
    case 'drift': {
      const sql = await withShadowServer((shadowUrl) => withDatabase((url) => drift({ url, shadowUrl })));
      print(sql === '' ? 'The database is what the migrations make.' : `The database differs from the migrations:\n${sql}`);
      return sql === '' ? 0 : 1;
    }
    case 'resolve': {
      const [outcome, name] = rest;
      if ((outcome !== 'applied' && outcome !== 'rolled-back') || name === undefined) break;
      await withDatabase((url) => resolve({ url }, outcome, name));
      return 0;
    }
    case undefined:
    default:
  }
  process.stderr.write(USAGE);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
