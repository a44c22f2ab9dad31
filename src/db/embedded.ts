import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { joinServer, PRESENCE_LOCK, type PresenceClient } from './embedded/join';
import { readOrCreateSecret, readSecret } from './embedded/secret-file';
import { PostgresServer } from './embedded/server';
import { DatabaseUnusable } from './unusable';

/** Tuned for one developer's machine and for large imports; durability stays on. */
const SETTINGS = {
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  random_page_cost: 1.1,
  jit: 'off',
  // Until a new table is analyzed, foreign keys are checked by whichever index begins with the organization: five times slower by the
  // thousandth order. The default lets a minute pass.
  autovacuum_naptime: '5s',
};

/**
 * The PostgreSQL that runs when no DATABASE_URL is given, with its data in `<dataDir>/postgres`. Several processes share it in any
 * order: the first one starts it, the last one stops it. Each of them brings it back, on its port, when it dies under them.
 */
export class EmbeddedPostgres {
  private stopping = false;
  private recovery: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: PostgresServer,
    private presence: PresenceClient,
    readonly port: number,
    /** Whether the server ran already: another process uses it, or its last user was killed. */
    readonly adopted: boolean,
    /** The superuser's password. */
    readonly password: string,
  ) {
    this.watch();
  }

  /** @throws Error that says what to do when the embedded PostgreSQL can't run here. */
  static async start(dataDir: string): Promise<EmbeddedPostgres> {
    const directory = path.resolve(dataDir, 'postgres');
    const passwordFile = path.resolve(dataDir, 'postgres-password');
    await mkdir(dataDir, { recursive: true });
    const stored = await readSecret(passwordFile);
    if (existsSync(path.join(directory, 'PG_VERSION')) && !stored) {
      throw new DatabaseUnusable(
        `${passwordFile} is missing or empty, without it ${directory} can't be opened. Put it back, or remove both to start anew.`,
      );
    }
    // Ours to replace it is not: another process may be doing the same, and one would end up with a password that is no more.
    if (stored === '') throw new DatabaseUnusable(`${passwordFile} is empty. Remove it, and a new one is made.`);
    const password = await readOrCreateSecret(passwordFile);
    const server = await PostgresServer.in({ directory, password, settings: SETTINGS });
    await server.create();
    const { client, port, adopted } = await joinServer(server);
    return new EmbeddedPostgres(server, client, port, adopted, password);
  }

  /** Connection address of the superuser. */
  url(database: string): string {
    return this.server.url(this.port, database);
  }

  /** Leaves the server, and stops it when nobody else uses it. Close your own connections first: an open one counts as a user. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    await this.recovery;
    const client = this.presence;
    client.ref();
    try {
      await client.query('SELECT pg_advisory_unlock_shared($1)', [PRESENCE_LOCK]);
      const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [PRESENCE_LOCK]);
      if (rows[0]?.last === true && !(await othersAreConnected(client))) await this.server.stop('fast');
    } catch (error) {
      if (!isServerGone(error)) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private watch(): void {
    this.presence.unref(); // must not keep the process alive by itself
    this.presence.once('end', () => {
      if (!this.stopping) this.recovery = this.recover();
    });
  }

  private async recover(): Promise<void> {
    while (!this.stopping) {
      try {
        this.presence = (await joinServer(this.server, this.port)).client;
        this.watch();
        return;
      } catch {
        await sleep(1_000, undefined, { ref: false });
      }
    }
  }
}

/** Sessions that are just closing (our own pool's) are given a second to go. */
async function othersAreConnected(client: Client): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await client.query<{ others: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS others`,
    );
    if (rows[0]?.others !== true) return false;
    if (attempt === 20) return true;
    await sleep(50);
  }
}

function isServerGone(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '57P01' || code === 'ECONNRESET' || code === 'EPIPE' || /connection|not queryable|closed/i.test(message ?? '');
}
