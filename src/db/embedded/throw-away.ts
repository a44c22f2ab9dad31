import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readOrCreateSecret, readSecret } from './secret-file';
import { joinServer } from './join';
import { readPostmaster } from './postmaster-file';
import { isAlive, PostgresServer } from './server';

export interface ThrowAwayServer {
  readonly port: number;
  /** Connection address of the superuser. */
  url(database: string): string;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

const PREFIX = 'quartermaster-throw-away-';

/**
 * An empty server in the temporary folder, for tests, for work on migrations and for measurements. It is fast and forgets after a crash,
 * unless it is asked to be `durable`.
 */
export async function startThrowAwayServer(
  settings: Readonly<Record<string, string | number>> = {},
  { durable = false }: { readonly durable?: boolean } = {},
): Promise<ThrowAwayServer> {
  await removeOrphans();
  const folder = await mkdtemp(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(folder, 0o711); // the server may run under another account, which must get through
  const password = await readOrCreateSecret(path.join(folder, 'password'));
  const server = await PostgresServer.in({ directory: path.join(folder, 'postgres'), password, volatile: !durable, settings });
  await server.create();
  const { client, port } = await joinServer(server);
  await client.end();
  return {
    port,
    url: (database) => server.url(port, database),
    stop: async () => {
      await server.stop('immediate');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Servers whose Node process was killed before it could stop them. */
async function removeOrphans(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue;
    const folder = path.join(os.tmpdir(), name);
    const directory = path.join(folder, 'postgres');
    try {
      const password = await readSecret(path.join(folder, 'password'));
      if (password !== undefined && (await readPostmaster(directory)).state === 'running') {
        await (await PostgresServer.in({ directory, password })).stop('immediate');
      }
      await rm(folder, { recursive: true, force: true });
    } catch {
      // another account's, or another process is at it
    }
  }
}
