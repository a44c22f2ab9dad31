import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Duplicate, UnusableReference } from '../../kernel/common-errors';
import { currentOrganizationId } from '../../kernel/context';
import { requireVersion } from '../../kernel/expected-version';
import type { Role } from '../../kernel/permissions';
import { governs, inOrder, requireFitting } from './domain/membership';
import { LastAdmin } from './identity.errors';
import { membershipCreated, membershipDeleted, membershipUpdated } from './identity.events';
import type { MembersQueries } from './members.queries';
import type { Membership, MembershipFields, MembershipsRepository } from './memberships.repository';
import type { SessionsService } from './sessions.service';

export type MembershipChanges = Partial<Pick<Membership, 'role' | 'storeIds' | 'customerId' | 'status'>>;

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

  /** Needs an open unit. What is gone since it was chosen is passed over. @throws Duplicate for a member */
  async join(userId: string, { role, storeIds, customerId }: MembershipFields): Promise<void> {
    const membership = { role, storeIds, customerId: await this.customerFor(userId, role, customerId) };
    const inserted = await this.memberships.insert(userId, membership, this.clock.now());
    if (!inserted) throw new Duplicate('This user is a member of the organization already', { field: 'email' });
    await this.events.append(membershipCreated(userId, membership));
  }

  /** What a membership may be. Needs an open unit. @throws InvalidInput, UnusableReference naming the stores or the customer */
  async usable({ role, storeIds, customerId }: MembershipFields): Promise<MembershipFields> {
    requireFitting({ role, storeIds, customerId });
    if (customerId !== null && !(await this.memberships.hasCustomer(customerId)))
      throw new UnusableReference(`There is no customer ${customerId}`, { field: 'customerId', id: customerId });
    return { role, storeIds: storeIds === null ? null : await this.usableStores(storeIds), customerId };
  }

  private async usableStores(storeIds: readonly string[]): Promise<string[]> {
    const wanted = inOrder(storeIds);
    const found = await this.memberships.usableStores(wanted);
    const missing = wanted.filter((id) => !found.includes(id));
    if (missing.length > 0)
      throw new UnusableReference(`There is no store ${missing.join(', ')} in use`, { field: 'storeIds', ids: missing });
    return wanted;
  }

  /** Who becomes an admin uses every store from then on; who becomes something else than a customer is none any more. @throws UserNotFound, VersionMismatch, LastAdmin, InvalidInput, UnusableReference */
  change(userId: string, changes: MembershipChanges, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      await this.memberships.lockOrganization();
      const member = await this.memberships.lock(userId);
      requireVersion(member, expectedVersion);
      const changed: Membership = { ...member, ...changes, ...(await this.fieldsAfter(member, changes)) };
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
      const { role, storeIds, customerId, status, version } = member;
      await this.events.append(membershipDeleted(userId, version + 1, { role, storeIds, customerId, status }));
    });
  }

  private async fieldsAfter(member: Membership, changes: MembershipChanges): Promise<MembershipFields> {
    const { role = member.role, storeIds, customerId } = changes;
    const given = await this.usable({ role, storeIds: storeIds ?? null, customerId: customerId ?? null });
    const becomesCustomer = role === 'customer' && member.role !== 'customer';
    const known = becomesCustomer ? await this.memberships.customerOf(member.userId) : member.customerId;
    return {
      role,
      storeIds: storeIds === undefined && role !== 'admin' ? member.storeIds : given.storeIds,
      customerId: customerId === undefined && role === 'customer' ? known : given.customerId,
    };
  }

  /** Who signs in as a customer is the one that was named, else the one with the same e-mail address. */
  private async customerFor(userId: string, role: Role, customerId: string | null): Promise<string | null> {
    if (role !== 'customer') return null;
    const named = customerId !== null && (await this.memberships.hasCustomer(customerId)) ? customerId : null;
    return named ?? this.memberships.customerOf(userId);
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
