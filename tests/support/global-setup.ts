import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startThrowAwayServer } from '../../src/db/embedded/throw-away';
import { deploy } from '../../src/db/migrate/runner';
import { bootstrapRoles, OWNER_ROLE } from '../../src/db/roles';
import { publishCluster, TEMPLATE_DATABASE, urlFor } from './cluster';

/** Starts a server for this run and makes the migrated template. */
export default async function setUp(): Promise<void> {
  const server = await startThrowAwayServer({ max_connections: 300, shared_buffers: '128MB' });
  globalThis.quartermasterTestServer = server;
  const superuserUrl = server.url('postgres');
  const passwords = { owner: randomBytes(16).toString('hex'), app: randomBytes(16).toString('hex') };
  await bootstrapRoles(superuserUrl, passwords);
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE} OWNER ${OWNER_ROLE}`);
    await deploy({ url: urlFor(superuserUrl, TEMPLATE_DATABASE, { name: OWNER_ROLE, password: passwords.owner }) });
    // A template can't be copied while somebody is connected to it.
    await client.query('UPDATE pg_database SET datallowconn = false WHERE datname = $1', [TEMPLATE_DATABASE]);
  } finally {
    await client.end();
  }
  publishCluster({ superuserUrl, passwords });
}
