import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Duplicate, UnusableReference } from '../../kernel/common-errors';
import { currentOrganizationId } from '../../kernel/context';
import { requireVersion } from '../../kernel/expected-version';
import { governs, inOrder, requireLimitable } from './domain/membership';
import { LastAdmin } from './identity.errors';
import { membershipCreated, membershipDeleted, membershipUpdated } from './identity.events';
import type { MembersQueries } from './members.queries';
import type { Membership, MembershipFields, MembershipsRepository } from './memberships.repository';
import type { SessionsService } from './sessions.service';

export type MembershipChanges = Partial<Pick<Membership, 'role' | 'storeIds' | 'status'>>;

/** Who belongs to the organization at hand, as what. A change acts on the member's very next request: the database no longer proves the old state. */
export class MembershipsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly memberships: MembershipsRepository,
    private readonly members: Pick<MembersQueries, 'read'>,
    private readonly sessions: Pick<SessionsService, 'endAll'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Needs an open unit. Stores that are gone are passed over. @throws Duplicate for a member */
  async join(userId: string, { role, storeIds }: MembershipFields): Promise<void> {
    const inserted = await this.memberships.insert(userId, { role, storeIds }, this.clock.now());
    if (!inserted) throw new Duplicate('This user is a member of the organization already', { field: 'email' });
    await this.events.append(membershipCreated(userId, { role, storeIds }));
  }

  /** What a membership may be. Needs an open unit. @throws InvalidInput, UnusableReference naming the stores */
  async usable({ role, storeIds }: MembershipFields): Promise<MembershipFields> {
    requireLimitable({ role, storeIds });
    if (storeIds === null) return { role, storeIds };
    const wanted = inOrder(storeIds);
    const found = await this.memberships.usableStores(wanted);
    const missing = wanted.filter((id) => !found.includes(id));
    if (missing.length > 0)
      throw new UnusableReference(`There is no store ${missing.join(', ')} in use`, { field: 'storeIds', ids: missing });
    return { role, storeIds: wanted };
  }

  /** Who becomes an admin uses every store from then on. @throws UserNotFound, VersionMismatch, LastAdmin, InvalidInput, UnusableReference */
  change(userId: string, changes: MembershipChanges, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      await this.memberships.lockOrganization();
      const member = await this.memberships.lock(userId);
      requireVersion(member, expectedVersion);
      const role = changes.role ?? member.role;
      requireLimitable({ role, storeIds: changes.storeIds });
      const kept = role === 'admin' ? null : member.storeIds;
      const limit = changes.storeIds === undefined ? { role, storeIds: kept } : await this.usable({ role, storeIds: changes.storeIds });
      const changed: Membership = { ...member, ...changes, ...limit };
      const difference = changedFields(member, changed);
      if (difference === undefined) return this.members.read(userId);

      await this.requireAnAdmin(member, changed);
      const version = member.version + 1;
      await this.memberships.save({ ...changed, version }, this.clock.now());
      await this.events.append(membershipUpdated(userId, version, difference));
      if (changed.status === 'disabled' && member.status === 'active') await this.endSessions(userId);
      return this.members.read(userId);
    });
  }

  /** The user's account stays: events name it, and it may belong to other organizations. @throws UserNotFound, VersionMismatch, LastAdmin */
  remove(userId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      await this.memberships.lockOrganization();
      const member = await this.memberships.lock(userId);
      requireVersion(member, expectedVersion);
      await this.requireAnAdmin(member, undefined);
      await this.endSessions(userId);
      await this.memberships.remove(userId);
      const { role, storeIds, status, version } = member;
      await this.events.append(membershipDeleted(userId, version + 1, { role, storeIds, status }));
    });
  }

  /** Called under the organization's guard row, so that two admins who demote each other at once see each other. */
  private async requireAnAdmin(member: Membership, changed: Membership | undefined): Promise<void> {
    if (!governs(member) || (changed !== undefined && governs(changed)) || (await this.memberships.hasOtherAdmin(member.userId))) return;
    throw new LastAdmin(`User ${member.userId} is the last admin of the organization: make somebody else an admin first`);
  }

  private async endSessions(userId: string): Promise<void> {
    await this.sessions.endAll(userId, 'membership_ended', currentOrganizationId());
  }
}
