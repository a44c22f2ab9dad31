import { start } from './process/start';
import { welcome } from './process/welcome';
import { seedDemo } from './seed/demo';
import { DEMO_LOGIN } from './seed/demo-login';

/** The API, and the jobs too unless RUN_JOBS=false leaves them to workers. */
start({
  listener: (container) => container.app(),
  runsJobs: (config) => config.runJobs,
  prepare: async (config, runtimeUrl, logger) => {
    if (config.seedDemo) await seedDemo(config, runtimeUrl, logger);
  },
  greet: ({ environment, host, seedDemo }, port) => {
    if (environment === 'development') process.stdout.write(welcome({ host, port, demo: seedDemo ? DEMO_LOGIN : undefined }));
  },
});
