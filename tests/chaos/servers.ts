import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freshDatabase, type TestDatabase } from '../support/database';
import { startServerProcess, type ServerProcess } from '../support/server-process';

/** What every server of the long tests runs with; the key and the pepper must be the same in all of them. */
export const SERVER_ENV: Readonly<Record<string, string>> = {
  NODE_ENV: 'test',
  SEED_DEMO: 'false',
  BCRYPT_COST: '4',
  JWT_SECRET: 'a-secret-of-the-tests-that-signs-access-tokens',
  PASSWORD_PEPPER: 'a-secret-of-the-tests-that-peppers-passwords',
  ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000',
  RATE_LIMIT_USER_PER_MINUTE: '1000000',
  THROTTLE_FAILED_LOGINS_PER_DEVICE: '1000000',
  THROTTLE_FAILED_LOGINS_PER_IP: '1000000',
  THROTTLE_ACCOUNT_REQUESTS_PER_ADDRESS: '1000000',
  THROTTLE_ACCOUNT_REQUESTS_PER_IP: '1000000',
};

export interface Servers {
  readonly database: TestDatabase;
  readonly servers: readonly ServerProcess[];
  stop(): Promise<void>;
}

/** Server processes on one database of their own. */
export async function startServers(count: number, more: Readonly<Record<string, string>> = {}): Promise<Servers> {
  const database = await freshDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-chaos-'));
  const env = { ...SERVER_ENV, ...more, DATABASE_URL: database.runtimeUrl, MIGRATION_DATABASE_URL: database.ownerUrl };
  const servers: ServerProcess[] = [];
  for (let made = 1; made <= count; made++)
    servers.push(await startServerProcess({ env, logFile: path.join(folder, `server-${made}.log`) }));
  return {
    database,
    servers,
    stop: async () => {
      await Promise.all(servers.map((server) => server.end('SIGTERM')));
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
