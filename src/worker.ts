import { start } from './process/start';

/** The jobs without the API. It listens all the same, for /health and /metrics. */
start({ listener: (container) => container.healthApp(), runsJobs: () => true });
