import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { readPostmaster, removeMisleading } from './postmaster-file';
import { freePort, type PostgresServer } from './server';
import { DatabaseUnusable } from '../unusable';

/**
 * Held shared, in the database `postgres`, by every process that uses the server, and exclusively by the one that stops it: nobody can
 * come in while it is being stopped.
 */
export const PRESENCE_LOCK = 7_158_301;

const PATIENCE_MS = 60_000;
/** A server whose process lives but whose port answers nobody for this long is taken for hung. */
const SILENCE_MS = 15_000;

/** ref() and unref() are in node-postgres, but not in its types. */
export type PresenceClient = Client & { ref(): void; unref(): void };

export interface Joined {
  /** An open session that holds the presence lock. */
  readonly client: PresenceClient;
  readonly port: number;
  /** Whether the server ran already. */
  readonly adopted: boolean;
}

/**
 * Connects to the server of a data directory, starting it when it does not run. Any number of processes may do so at once: PostgreSQL
 * lets one of them start it and the others join.
 * @param port where it must listen if it has to be started; any free one if not given
 */
export async function joinServer(server: PostgresServer, port?: number): Promise<Joined> {
  const progress = { started: false };
  try {
    const joined = await join(server, port, progress);
    return { ...joined, adopted: !progress.started };
  } catch (error) {
    if (progress.started) await server.stop('fast').catch(() => undefined); // nobody else would
    throw error;
  }
}

async function join(server: PostgresServer, port: number | undefined, progress: { started: boolean }): Promise<Omit<Joined, 'adopted'>> {
  const deadline = Date.now() + PATIENCE_MS;
  let silentSince: number | undefined;
  for (;;) {
    const postmaster = await readPostmaster(server.directory);
    if (postmaster.state === 'misleading') await removeMisleading(server.directory, postmaster.text);
    else if (postmaster.state === 'absent') {
      silentSince = undefined;
      if (await server.start(port ?? (await freePort()))) {
        progress.started = true;
        continue;
      }
    } else if (postmaster.port !== undefined) {
      const client = await present(server.url(postmaster.port, 'postgres'));
      if (typeof client !== 'string') return { client, port: postmaster.port };
      if (client === 'busy') silentSince = undefined;
      else silentSince ??= Date.now();
      if (silentSince !== undefined && Date.now() - silentSince > SILENCE_MS) {
        silentSince = undefined;
        await server.stop('immediate').catch(() => undefined);
      }
    }
    if (Date.now() > deadline)
      throw new DatabaseUnusable(`The embedded PostgreSQL in ${server.directory} does not come up; see server.log there.`);
    await sleep(100);
  }
}

/** Starting up, shutting down, or a session cut off by the shutdown: it answers, and will soon be different. */
const BUSY = new Set(['57P01', '57P02', '57P03', '53300']);
const SILENT = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']);

async function present(url: string): Promise<PresenceClient | 'busy' | 'silent'> {
  const client = new Client({
    connectionString: url,
    application_name: 'quartermaster-presence',
    connectionTimeoutMillis: 5_000,
  }) as PresenceClient;
  client.on('error', () => undefined); // without a listener a dying connection would end the process
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [PRESENCE_LOCK]);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code } = error as { code?: string };
    if (code === '28P01') {
      throw new DatabaseUnusable(
        'The embedded PostgreSQL refuses the stored password: postgres-password does not belong to this data directory.',
        {
          cause: error,
        },
      );
    }
    if (code !== undefined && BUSY.has(code)) return 'busy';
    if (code === undefined || SILENT.has(code)) return 'silent'; // node-postgres has no code for "terminated unexpectedly"
    throw error;
  }
}
