import { loadConfig } from '../../config/config';
import { deploy } from '../../db/migrate/runner';
import { createLogger } from '../../observability/logger';
import { assertDemoAllowed, seedDemo } from '../../seed/demo';
import { DEMO_LOGIN } from '../../seed/demo-login';
import { command } from '../command';
import { withDatabase } from '../with-database';

export const seed = command({
  summary: 'Make the demo company, unless it is there',
  run: async ({ io }) => {
    // Before a table is made.
    assertDemoAllowed(loadConfig());
    return withDatabase(async ({ ownerUrl, runtimeUrl }, config) => {
      await deploy({ url: ownerUrl });
      const made = await seedDemo(config, runtimeUrl, createLogger({ ...config.log, console: false }));
      io.out(`${made ? 'The demo company is made' : 'The demo company was there already'}: ${DEMO_LOGIN.email} / ${DEMO_LOGIN.password}`);
      return 0;
    });
  },
});
