import type { UnitOfWork } from '../db/unit-of-work';
import type { Clock } from '../kernel/clock';
import { asOrganization } from '../kernel/context';
import type { Logger } from '../observability/logger';
import { BATCH, HousekeepingRepository } from './housekeeping.repository';
import { type Job, startRepeating, type Times } from './repeating';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Sessions and tokens that ended stay for a week, for the question who was signed in. */
const ENDED_SESSION_HOURS = 7 * 24;

export interface HousekeepingDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: { readonly idempotencyKeyHours: number };
}

/** Deletes what is over: idempotency keys past their time, sessions, refresh tokens, challenges and links that ended, counters of attempts. Batch after batch. */
export class Housekeeping {
  private readonly repository: HousekeepingRepository;

  constructor(private readonly dependencies: HousekeepingDependencies) {
    this.repository = new HousekeepingRepository(dependencies.unitOfWork);
  }

  /** Answers how many rows went. Stops between batches when the signal says so. */
  async runOnce(signal?: AbortSignal): Promise<number> {
    const { clock, config } = this.dependencies;
    const now = clock.now().getTime();
    const keysBefore = new Date(now - config.idempotencyKeyHours * HOUR);
    const endedBefore = new Date(now - ENDED_SESSION_HOURS * HOUR);
    let deleted = 0;
    const all = async (batch: () => Promise<number>): Promise<void> => {
      let went = BATCH;
      while (went === BATCH) {
        if (signal?.aborted === true) return;
        went = await batch();
        deleted += went;
      }
    };
    for (const organizationId of await this.repository.organizationIds()) {
      await all(() => asOrganization(organizationId, () => this.repository.deleteIdempotencyKeys(keysBefore)));
    }
    await all(() => this.repository.deleteSessions(endedBefore));
    await all(() => this.repository.deleteRefreshTokens(endedBefore));
    await all(() => this.repository.deleteLoginChallenges(new Date(now)));
    await all(() => this.repository.deletePasswordResets(new Date(now)));
    await all(() => this.repository.deleteThrottles(new Date(now)));
    return deleted;
  }
}

/** `stop` waits for the batch under way. */
export function startHousekeeping(dependencies: HousekeepingDependencies, times: Times = { firstAfter: MINUTE, every: HOUR }): Job {
  const housekeeping = new Housekeeping(dependencies);
  return startRepeating('housekeeping', times, dependencies.logger, async (signal) => {
    const count = await housekeeping.runOnce(signal);
    if (count > 0) dependencies.logger.info('housekeeping deleted what was over', { component: 'housekeeping', count });
  });
}
