import { run } from './lifecycle';

/** The jobs without the API. It listens all the same, for /health and /metrics. */
run({ listener: (container) => container.healthApp(), runsJobs: () => true });
