import { startHousekeeping, type HousekeepingDependencies } from './housekeeping';

/** Work that nobody waits for and that ends when it is told to. */
export interface Job {
  /** Resolves when what was under way is done. Call it before the pool is closed. */
  stop(): Promise<void>;
}

/** Everything that happens by itself. Any number of processes may run it: locks in the database leave each piece of work to one of them. */
export function startJobs(dependencies: HousekeepingDependencies): Job {
  const jobs: readonly Job[] = [startHousekeeping(dependencies)];
  return {
    stop: async () => {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}
