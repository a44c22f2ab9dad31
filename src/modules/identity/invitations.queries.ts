import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';

export const INVITATION_STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

export interface InvitationsWanted extends PageWanted {
  readonly sortBy: 'createdAt' | 'email';
  readonly status?: InvitationStatus | undefined;
}

/** Of an invitation `i`. */
const statusOf = (
  now: Date,
): Prisma.Sql => Prisma.sql`CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted' WHEN i.revoked_at IS NOT NULL THEN 'revoked'
  WHEN i.expires_at <= ${now}::timestamptz THEN 'expired' ELSE 'open' END`;

const columnsOf = (now: Date): Prisma.Sql => Prisma.sql`i.*, ${statusOf(now)} AS status`;

/** Of an invitation `p` with its status. */
const VIEW = Prisma.sql`(SELECT row_to_json(invitation_view) FROM (
  SELECT p.id, p.email, p.role, CASE WHEN p.limited_to_stores THEN p.store_ids END AS "storeIds", p.customer_id AS "customerId", p.status,
    (SELECT row_to_json(u) FROM (SELECT inviter.id, inviter.name FROM users inviter WHERE inviter.id = p.invited_by) u) AS "invitedBy",
    instant_text(p.created_at) AS "createdAt", instant_text(p.expires_at) AS "expiresAt",
    instant_text(p.accepted_at) AS "acceptedAt", instant_text(p.revoked_at) AS "revokedAt") invitation_view)`;

export const INVITATION_SORTS: Sorts<InvitationsWanted['sortBy']> = {
  createdAt: { key: Prisma.sql`i.created_at`, kind: 'instant' },
  email: { key: Prisma.sql`i.email`, kind: 'text' },
};

/** Invitations into the organization at hand. */
export class InvitationsQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** One that exists. */
  async read(invitationId: string, now: Date): Promise<string> {
    const view = await this.lane.text(Prisma.sql`
      SELECT ${VIEW}::text FROM (
        SELECT ${columnsOf(now)} FROM invitations i
        WHERE i.organization_id = ${currentOrganizationId()}::uuid AND i.id = ${invitationId}::uuid) p`);
    return view!;
  }

  list(now: Date, { sortBy, status, ...wanted }: InvitationsWanted): Promise<JsonPage> {
    const where = [Prisma.sql`i.organization_id = ${currentOrganizationId()}::uuid`];
    if (status !== undefined) where.push(Prisma.sql`${statusOf(now)} = ${status}`);
    return readJsonPage(
      this.lane,
      { from: Prisma.sql`invitations i`, id: Prisma.sql`i.id`, sort: INVITATION_SORTS[sortBy], where, columns: columnsOf(now), view: VIEW },
      wanted,
    );
  }
}
