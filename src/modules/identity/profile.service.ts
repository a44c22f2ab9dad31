import type { UnitOfWork } from '../../db/unit-of-work';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { requireVersion } from '../../kernel/expected-version';
import { profileUpdated } from './identity.events';
import type { Profile, UsersRepository } from './users.repository';

export type { Profile };

/** What a signed-in user sees and changes of their own account. */
export class ProfileService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UsersRepository,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Read from the database, in the session's context: an ended session sees nothing. */
  read(userId: string): Promise<Profile> {
    return this.users.profile(userId);
  }

  /** @throws VersionMismatch */
  change(userId: string, changes: { readonly name: string }, expectedVersion: number | undefined): Promise<Profile> {
    return this.unitOfWork.run(async () => {
      const profile = await this.users.lockProfile(userId);
      requireVersion(profile, expectedVersion);
      const difference = changedFields({ name: profile.name }, changes);
      if (difference === undefined) return profile;
      const version = profile.version + 1;
      await this.users.saveProfile(userId, { ...changes, version }, this.clock.now());
      await this.events.append(profileUpdated(userId, version, difference));
      return this.users.profile(userId);
    });
  }
}
