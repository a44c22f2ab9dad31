import { publishCluster } from './cluster';
import { makeTemplate } from './template';
import { keptServer, ownServer } from './test-server';

/** A server for this run, the kept one if there is one, and the migrated template on it. */
export default async function setUp(): Promise<void> {
  const server = (await keptServer()) ?? (await ownServer());
  globalThis.quartermasterTestServer = server;
  const { superuserUrl, passwords } = server;
  publishCluster({ superuserUrl, passwords, template: await makeTemplate(server) });
}
