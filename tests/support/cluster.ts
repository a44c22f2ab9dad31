import type { LoginPasswords } from '../../src/db/roles';
import type { TestServer } from './test-server';

/** The test run's server, for the workers: they inherit it as an environment variable. */
export interface TestCluster {
  /** The superuser's connection to the database `postgres`. */
  readonly superuserUrl: string;
  readonly passwords: LoginPasswords;
  /** The migrated database every test file gets a copy of. */
  readonly template: string;
}

const VARIABLE = 'QUARTERMASTER_TEST_CLUSTER';

export const publishCluster = (cluster: TestCluster): void => {
  process.env[VARIABLE] = JSON.stringify(cluster);
};

export function testCluster(): TestCluster {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('no test server: jest.config.js starts it in its globalSetup');
  return JSON.parse(text) as TestCluster;
}

declare global {
  /** For globalTeardown, which runs in the same process as globalSetup. */
  // oxlint-disable-next-line no-var -- globals are declared this way
  var quartermasterTestServer: TestServer | undefined;
}

/** The address of a database on the server of `base`, as a login. */
export function urlFor(base: string, database: string, login?: { readonly name: string; readonly password: string }): string {
  const address = new URL(base);
  address.pathname = `/${database}`;
  if (login !== undefined) {
    address.username = login.name;
    address.password = login.password;
  }
  return address.toString();
}
