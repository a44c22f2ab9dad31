import { startHousekeeping, type HousekeepingDependencies } from './housekeeping';
import { startMailDelivery, type MailDeliveryDependencies } from './mail-delivery';
import type { Job } from './repeating';

/** Everything that happens by itself. Any number of processes may run it: locks in the database leave each piece of work to one of them. */
export function startJobs(dependencies: HousekeepingDependencies & MailDeliveryDependencies): Job {
  const jobs: readonly Job[] = [startHousekeeping(dependencies), startMailDelivery(dependencies)];
  return {
    stop: async () => {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}
