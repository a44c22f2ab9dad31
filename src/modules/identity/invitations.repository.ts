import type { UnitOfWork } from '../../db/unit-of-work';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import type { MembershipFields } from './memberships.repository';
import type { TokenHash } from './secret-token';

export interface Invitation extends MembershipFields {
  readonly id: string;
  readonly organizationId: string;
  /** Lower case. */
  readonly email: string;
}

export type NewInvitationRow = Omit<Invitation, 'organizationId'> & { readonly tokenHash: TokenHash; readonly expiresAt: Date };

/** Invitations: identity plane. An open one is neither accepted nor revoked. */
export class InvitationsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert({ storeIds, ...invitation }: NewInvitationRow, now: Date): Promise<void> {
    await this.unitOfWork.transaction.invitation.create({
      data: {
        ...invitation,
        organizationId: currentOrganizationId(),
        limitedToStores: storeIds !== null,
        storeIds: [...(storeIds ?? [])],
        invitedBy: currentContext().actor.id,
        createdAt: now,
      },
    });
  }

  /** Whether the address belongs to a member of the organization, disabled or not. */
  async isMember(email: string): Promise<boolean> {
    const member = await this.unitOfWork.transaction.membership.findFirst({
      where: { organizationId: currentOrganizationId(), user: { email } },
      select: { userId: true },
    });
    return member !== null;
  }

  /** Takes back what is open to this address, or of this id. Answers the ids. */
  revoke(which: { readonly email: string } | { readonly id: string }, now: Date): Promise<Array<{ id: string }>> {
    return this.unitOfWork.transaction.invitation.updateManyAndReturn({
      where: { organizationId: currentOrganizationId(), acceptedAt: null, revokedAt: null, ...which },
      data: { revokedAt: now },
      select: { id: true },
    });
  }

  /** Undefined when the token is unknown, or the invitation is no longer open, or too old. */
  async find(tokenHash: TokenHash, now: Date): Promise<Invitation | undefined> {
    const [row] = await this.unitOfWork.client.$queryRaw<Invitation[]>`
      SELECT id::text, organization_id::text AS "organizationId", email, role, CASE WHEN limited_to_stores THEN store_ids::text[] END AS "storeIds",
        customer_id::text AS "customerId"
      FROM invitations WHERE token_hash = ${tokenHash} AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > ${now}`;
    return row;
  }

  /** True for exactly one of those who accept it in time. */
  async accept(id: string, userId: string, now: Date): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.invitation.updateMany({
      where: { id, organizationId: currentOrganizationId(), acceptedAt: null, revokedAt: null, expiresAt: { gt: now } },
      data: { acceptedAt: now, acceptedBy: userId },
    });
    return count === 1;
  }
}
