/* npm run test:setup: a PostgreSQL that stays between test runs, with the migrated template on it. */
import { makeTemplate, removeLeftCopies } from './template';
import { keepServer } from './test-server';

async function main(): Promise<void> {
  const server = await keepServer();
  await makeTemplate(server);
  const removed = await removeLeftCopies(server.superuserUrl);
  await server.done();
  const { port } = new URL(server.superuserUrl);
  process.stdout.write(`The test server is ready on port ${port}; test runs use it until npm run test:teardown.\n`);
  if (removed > 0) process.stdout.write(`Removed what ${removed} test files of interrupted runs had left on it.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
