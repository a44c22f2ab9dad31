import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { joinServer } from '../../src/db/embedded/join';
import { readPostmaster } from '../../src/db/embedded/postmaster-file';
import { readOrCreateSecret, readSecret } from '../../src/db/embedded/secret-file';
import { PostgresServer } from '../../src/db/embedded/server';
import { startThrowAwayServer } from '../../src/db/embedded/throw-away';
import type { LoginPasswords } from '../../src/db/roles';

/** A PostgreSQL for test runs. */
export interface TestServer {
  /** The superuser's connection to the database `postgres`. */
  readonly superuserUrl: string;
  /** Passwords of the logins that are made on it. */
  readonly passwords: LoginPasswords;
  /** At the end of a run: removes a server of its own, leaves a kept one. */
  done(): Promise<void>;
}

const SETTINGS = { max_connections: 300, shared_buffers: '128MB' };

/** Where `npm run test:setup` keeps a server between the runs. The folder alone says that there is one. */
const KEPT = path.resolve(__dirname, '../../.test-server');
const inKept = (name: string): string => path.join(KEPT, name);

/** A server for this run alone. */
export async function ownServer(): Promise<TestServer> {
  const server = await startThrowAwayServer(SETTINGS);
  const passwords = { owner: randomBytes(16).toString('hex'), app: randomBytes(16).toString('hex') };
  return { superuserUrl: server.url('postgres'), passwords, done: () => server.stop() };
}

/** The kept server, started if it does not run; undefined when none is kept. */
export const keptServer = async (): Promise<TestServer | undefined> => (existsSync(KEPT) ? keepServer() : undefined);

/** Makes the kept server, or joins the one there is. */
export async function keepServer(): Promise<TestServer> {
  await mkdir(KEPT, { recursive: true });
  await chmod(KEPT, 0o711); // the server may run under another account, which must get through
  const server = await serverIn(await readOrCreateSecret(inKept('password')));
  await server.create();
  const { client, port } = await joinServer(server);
  const passwords = { owner: await readOrCreateSecret(inKept('owner-password')), app: await readOrCreateSecret(inKept('app-password')) };
  return { superuserUrl: server.url(port, 'postgres'), passwords, done: () => client.end() };
}

/** Stops the kept server and removes what it stored. @returns false when there was none */
export async function removeServer(): Promise<boolean> {
  if (!existsSync(KEPT)) return false;
  const password = await readSecret(inKept('password'));
  if (password !== undefined) {
    const server = await serverIn(password);
    if ((await readPostmaster(server.directory)).state === 'running') await server.stop('immediate');
    // Of a checkout that only root can enter the data lie elsewhere.
    if (!server.directory.startsWith(KEPT)) await rm(path.dirname(server.directory), { recursive: true, force: true });
  }
  await rm(KEPT, { recursive: true, force: true });
  return true;
}

const serverIn = (password: string): Promise<PostgresServer> =>
  PostgresServer.in({ directory: inKept('postgres'), password, volatile: true, settings: SETTINGS });
