import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';

export interface SessionsWanted extends PageWanted {
  readonly sortBy: 'createdAt' | 'lastUsedAt';
}

export const SESSION_SORTS: Sorts<SessionsWanted['sortBy']> = {
  createdAt: { key: Prisma.sql`s.created_at`, kind: 'instant' },
  lastUsedAt: { key: Prisma.sql`s.last_used_at`, kind: 'instant' },
};

/** Of a session `p` and its `organization`. */
const viewOf = (currentId: string): Prisma.Sql => Prisma.sql`(SELECT row_to_json(session_view) FROM (
  SELECT p.id, p.id = ${currentId}::uuid AS "isCurrent", p.ip, p.user_agent AS "userAgent",
    (SELECT row_to_json(o) FROM (SELECT organization.id, organization.name) o) AS organization,
    instant_text(p.created_at) AS "createdAt", instant_text(p.last_used_at) AS "lastUsedAt", instant_text(p.expires_at) AS "expiresAt") session_view)`;

/** Where somebody is signed in. Sessions are of the identity plane: a user sees their own, in whatever organization. */
export class SessionsQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  list(userId: string, currentId: string, now: Date, { sortBy, ...wanted }: SessionsWanted): Promise<JsonPage> {
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`sessions s`,
        id: Prisma.sql`s.id`,
        where: [Prisma.sql`s.user_id = ${userId}::uuid`, Prisma.sql`s.revoked_at IS NULL`, Prisma.sql`s.expires_at > ${now}`],
        sort: SESSION_SORTS[sortBy],
        columns: Prisma.sql`s.*`,
        view: viewOf(currentId),
        joins: Prisma.sql`JOIN organizations organization ON organization.id = p.organization_id`,
      },
      wanted,
    );
  }
}
