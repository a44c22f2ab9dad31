import type { UnitOfWork } from '../../db/unit-of-work';
import { currentOrganizationId } from '../../kernel/context';
import type { Role } from '../../kernel/permissions';
import type { MemberStatus } from './domain/membership';
import { UserNotFound } from './identity.errors';

/** What a user is in an organization. */
export interface MembershipFields {
  readonly role: Role;
  /** The stores the membership is limited to, in order; null: every store. */
  readonly storeIds: readonly string[] | null;
  /** Who of the organization's customers a member of the role customer is; null for others, and when it is not known. */
  readonly customerId: string | null;
}

export interface Membership extends MembershipFields {
  readonly userId: string;
  /** A disabled member can't sign in to the organization. */
  readonly status: MemberStatus;
  readonly version: number;
}

/** Memberships of the organization at hand (identity plane), and the stores they are limited to (tenant plane). */
export class MembershipsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The guard row of what must be decided once per organization: whether an admin is the last one. */
  async lockOrganization(): Promise<void> {
    await this.unitOfWork.transaction.$queryRaw`SELECT 1 FROM organizations WHERE id = ${currentOrganizationId()}::uuid FOR NO KEY UPDATE`;
  }

  /** @throws UserNotFound */
  async lock(userId: string): Promise<Membership> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Membership[]>`
      SELECT m.user_id::text AS "userId", m.role, CASE WHEN m.disabled_at IS NULL THEN 'active' ELSE 'disabled' END AS status, m.version,
        m.customer_id::text AS "customerId",
        CASE WHEN m.limited_to_stores THEN ARRAY(
          SELECT t.store_id::text FROM membership_stores t
          WHERE t.organization_id = ${currentOrganizationId()}::uuid AND t.user_id = m.user_id ORDER BY t.store_id) END AS "storeIds"
      FROM memberships m WHERE m.organization_id = ${currentOrganizationId()}::uuid AND m.user_id = ${userId}::uuid FOR NO KEY UPDATE`;
    if (!row) throw new UserNotFound(`There is no user ${userId}`);
    return row;
  }

  async hasOtherAdmin(userId: string): Promise<boolean> {
    const other = await this.unitOfWork.transaction.membership.findFirst({
      where: {
        organizationId: currentOrganizationId(),
        role: 'admin',
        disabledAt: null,
        userId: { not: userId },
        user: { disabledAt: null },
      },
      select: { userId: true },
    });
    return other !== null;
  }

  /** Those of the stores that the organization has and uses. Held until the unit ends: whoever removes one waits, and sees who is limited to it. */
  async usableStores(storeIds: readonly string[]): Promise<string[]> {
    const stores = await this.unitOfWork.transaction.$queryRaw<Array<{ id: string }>>`
      SELECT id::text FROM stores
      WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ANY (${storeIds}::uuid[]) AND archived_at IS NULL ORDER BY id FOR KEY SHARE`;
    return stores.map(({ id }) => id);
  }

  /** Held until the unit ends: whoever deletes the customer waits, and sees who is to be it. */
  async hasCustomer(customerId: string): Promise<boolean> {
    const customers = await this.unitOfWork.transaction.$queryRaw<unknown[]>`
      SELECT 1 FROM customers
      WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${customerId}::uuid AND anonymised_at IS NULL FOR KEY SHARE`;
    return customers.length === 1;
  }

  /** The customer with the user's e-mail address; null when there is none. */
  async customerOf(userId: string): Promise<string | null> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Array<{ id: string }>>`
      SELECT c.id::text FROM users u JOIN customers c ON c.organization_id = ${currentOrganizationId()}::uuid AND c.email = u.email
      WHERE u.id = ${userId}::uuid AND c.anonymised_at IS NULL`;
    return row?.id ?? null;
  }

  /** False when the user is a member already. */
  async insert(userId: string, { role, storeIds, customerId }: MembershipFields, now: Date): Promise<boolean> {
    const membership = { organizationId: currentOrganizationId(), userId, role, limitedToStores: storeIds !== null, customerId };
    const { count } = await this.unitOfWork.transaction.membership.createMany({
      data: [{ ...membership, createdAt: now, updatedAt: now }],
      skipDuplicates: true,
    });
    if (count === 1 && storeIds !== null) await this.insertStores(userId, storeIds);
    return count === 1;
  }

  async save({ userId, role, storeIds, customerId, status, version }: Membership, now: Date): Promise<void> {
    const organizationId = currentOrganizationId();
    const tx = this.unitOfWork.transaction;
    await tx.$executeRaw`
      UPDATE memberships SET role = ${role}, limited_to_stores = ${storeIds !== null}, customer_id = ${customerId}::uuid, version = ${version}, updated_at = ${now},
        disabled_at = CASE WHEN ${status === 'disabled'} THEN coalesce(disabled_at, ${now}) END
      WHERE organization_id = ${organizationId}::uuid AND user_id = ${userId}::uuid`;
    await tx.membershipStore.deleteMany({ where: { organizationId, userId, storeId: { notIn: [...(storeIds ?? [])] } } });
    if (storeIds !== null) await this.insertStores(userId, storeIds);
  }

  /** With the stores it was limited to (cascade). */
  async remove(userId: string): Promise<void> {
    await this.unitOfWork.transaction.membership.deleteMany({ where: { organizationId: currentOrganizationId(), userId } });
  }

  /** Unknown ones are passed over. */
  private async insertStores(userId: string, storeIds: readonly string[]): Promise<void> {
    await this.unitOfWork.transaction.$executeRaw`
      INSERT INTO membership_stores (organization_id, user_id, store_id)
      SELECT s.organization_id, ${userId}::uuid, s.id FROM stores s
      WHERE s.organization_id = ${currentOrganizationId()}::uuid AND s.id = ANY (${storeIds}::uuid[]) ORDER BY s.id
      ON CONFLICT DO NOTHING`;
  }
}
