import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { versionedJson, type VersionedJson } from '../../db/versioned-json';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { Role } from '../../kernel/permissions';
import { UserNotFound } from './identity.errors';
import type { Membership } from './memberships.repository';

export interface MembersWanted extends PageWanted {
  readonly sortBy: 'name' | 'email' | 'createdAt';
  /** Part of name or e-mail address, without regard to case. */
  readonly q?: string | undefined;
  readonly role?: readonly Role[] | undefined;
  readonly status?: Membership['status'] | undefined;
}

const isActive = Prisma.sql`(m.disabled_at IS NULL AND u.disabled_at IS NULL)`;

/** Of a membership `m` and its user `u`; `id` is the user's. */
const COLUMNS = Prisma.sql`u.id, u.email, u.name, m.role, ${isActive} AS is_active, m.limited_to_stores, m.customer_id, m.version, m.created_at, m.updated_at`;

const viewOf = (): Prisma.Sql => Prisma.sql`(SELECT row_to_json(member_view) FROM (
  SELECT p.id, p.email, p.name, p.role, CASE WHEN p.is_active THEN 'active' ELSE 'disabled' END AS status,
    CASE WHEN p.limited_to_stores THEN (
      SELECT coalesce(json_agg(t.store_id ORDER BY t.store_id), '[]') FROM membership_stores t
      WHERE t.organization_id = ${currentOrganizationId()}::uuid AND t.user_id = p.id) END AS "storeIds", p.customer_id AS "customerId",
    p.version, instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt") member_view)`;

export const MEMBER_SORTS: Sorts<MembersWanted['sortBy']> = {
  name: { key: Prisma.sql`u.name`, kind: 'text' },
  email: { key: Prisma.sql`u.email`, kind: 'text' },
  createdAt: { key: Prisma.sql`m.created_at`, kind: 'instant' },
};

/** The users of the organization at hand. */
export class MembersQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** @throws UserNotFound */
  async read(userId: string): Promise<VersionedJson> {
    const view = versionedJson(
      await this.lane.text(Prisma.sql`
        SELECT p.version || E'\\n' || ${viewOf()}::text
        FROM (SELECT ${COLUMNS} FROM memberships m JOIN users u ON u.id = m.user_id
              WHERE m.organization_id = ${currentOrganizationId()}::uuid AND m.user_id = ${userId}::uuid) p`),
    );
    if (!view) throw new UserNotFound(`There is no user ${userId}`);
    return view;
  }

  list({ sortBy, q, role, status, ...wanted }: MembersWanted): Promise<JsonPage> {
    const where = [Prisma.sql`m.organization_id = ${currentOrganizationId()}::uuid`];
    if (q !== undefined) where.push(Prisma.sql`(strpos(lower(u.name), lower(${q})) > 0 OR strpos(u.email, lower(${q})) > 0)`);
    if (role !== undefined) where.push(Prisma.sql`m.role = ANY (${role}::text[])`);
    if (status !== undefined) where.push(status === 'active' ? isActive : Prisma.sql`NOT ${isActive}`);
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`memberships m JOIN users u ON u.id = m.user_id`,
        id: Prisma.sql`u.id`,
        sort: MEMBER_SORTS[sortBy],
        where,
        columns: COLUMNS,
        view: viewOf(),
      },
      wanted,
    );
  }
}
