import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { freePort, PostgresServer } from '../../src/db/embedded/server';
import { APP_ROLE, bootstrapRoles, DATABASE, OWNER_ROLE } from '../../src/db/roles';
import { urlFor } from '../support/cluster';
import { queryOnce } from '../support/database';

/** A PostgreSQL that can be taken down without disturbing other tests. It keeps what it has acknowledged. */
export interface OwnPostgres {
  readonly runtimeUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** Of the processes that run now; those that come are their children. */
  pids(): Promise<number[]>;
  /** pg_ctl restart: `fast` ends the sessions and writes everything out, `immediate` is a crash with recovery. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-chaos-'));
  await chmod(folder, 0o711); // PostgreSQL may run under another account
  const server = await PostgresServer.in({ directory: path.join(folder, 'postgres'), password: 'of the chaos tests' });
  await server.create();
  const port = await freePort();
  const start = async (): Promise<void> => {
    if (!(await server.start(port))) throw new Error(`PostgreSQL does not come back on port ${port}`);
  };
  await start();
  const passwords = { owner: randomBytes(16).toString('hex'), app: randomBytes(16).toString('hex') };
  await bootstrapRoles(server.url(port, 'postgres'), passwords);
  const superuserUrl = server.url(port, DATABASE);
  return {
    superuserUrl,
    ownerUrl: urlFor(superuserUrl, DATABASE, { name: OWNER_ROLE, password: passwords.owner }),
    runtimeUrl: urlFor(superuserUrl, DATABASE, { name: APP_ROLE, password: passwords.app }),
    pids: async () => {
      const rows = await queryOnce<{ pid: number }>(
        superuserUrl,
        `SELECT pid FROM pg_stat_activity UNION SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int`,
      );
      return rows.map(({ pid }) => pid);
    },
    restart: async (mode) => {
      await server.stop(mode);
      await start();
    },
    stop: async () => {
      await server.stop('immediate');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
