/* npm run test:teardown: stops the server of npm run test:setup and removes its data. */
import { removeServer } from './test-server';

removeServer().then(
  (removed) => {
    process.stdout.write(removed ? 'The test server is removed; test runs start one of their own.\n' : 'There is no test server.\n');
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
