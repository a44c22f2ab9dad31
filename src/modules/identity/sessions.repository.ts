import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import type { Role } from '../../kernel/permissions';
import type { EndOfSession } from './identity.events';
import type { TokenHash } from './secret-token';

/** A session that is good, with what its user may do. */
export interface LiveSession {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly stamp: number;
  readonly role: Role;
  /** The stores the membership is limited to; null: every store. */
  readonly storeIds: readonly string[] | null;
  readonly customerId: string | null;
}

export interface Family {
  readonly sessionId: string;
  readonly userId: string;
  readonly organizationId: string;
}

/** What is known of a token that can't be used. */
export interface SpentToken {
  /** Null: it expired unused. */
  readonly usedAt: Date | null;
  /** The token that took its place; null when there is none. */
  readonly child: { readonly hash: TokenHash; readonly used: boolean } | null;
}

export interface NewRefreshToken {
  readonly hash: TokenHash;
  readonly parent: TokenHash | null;
  readonly expiresAt: Date;
}

const LONGEST_USER_AGENT = 300;

/** Sessions and the refresh tokens they were handed: identity plane, so the statements name no organization. */
export class SessionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The one statement behind every signed-in request whose session is not cached. In the organization's context, whose stores it reads. */
  async findLive(sessionId: string, now: Date): Promise<LiveSession | undefined> {
    const [row] = await this.unitOfWork.client.$queryRaw<LiveSession[]>`
      SELECT s.id::text, s.user_id::text AS "userId", s.organization_id::text AS "organizationId", s.stamp, m.role, m.customer_id::text AS "customerId",
             CASE WHEN m.limited_to_stores THEN ARRAY(
               SELECT t.store_id::text FROM membership_stores t
               WHERE t.organization_id = ${currentOrganizationId()}::uuid AND t.user_id = s.user_id ORDER BY t.store_id) END AS "storeIds"
      FROM sessions s
      JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL
      JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id AND m.disabled_at IS NULL
      JOIN organizations o ON o.id = s.organization_id
      WHERE s.id = ${sessionId}::uuid AND s.organization_id = ${currentOrganizationId()}::uuid AND s.revoked_at IS NULL AND s.expires_at > ${now}`;
    return row;
  }

  async insert(session: Family & { readonly expiresAt: Date; readonly userAgent: string | undefined }, now: Date): Promise<void> {
    await this.unitOfWork.transaction.session.create({
      data: {
        id: session.sessionId,
        userId: session.userId,
        organizationId: session.organizationId,
        ip: currentContext().ip,
        userAgent: session.userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: session.expiresAt,
      },
    });
  }

  /** Whose token it is, whatever became of it. */
  async familyOf(hash: TokenHash): Promise<Family | undefined> {
    const row = await this.unitOfWork.client.refreshToken.findFirst({
      where: { tokenHash: hash },
      select: { session: { select: { id: true, userId: true, organizationId: true } } },
    });
    return row === null ? undefined : { sessionId: row.session.id, userId: row.session.userId, organizationId: row.session.organizationId };
  }

  /** Holds off every other refresh of the session; undefined when it is no longer good. */
  async lockLive(sessionId: string, now: Date): Promise<{ readonly createdAt: Date } | undefined> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Array<{ createdAt: Date }>>`
      SELECT s.created_at AS "createdAt"
      FROM sessions s
      JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL
      JOIN memberships m ON m.organization_id = s.organization_id AND m.user_id = s.user_id AND m.disabled_at IS NULL
      WHERE s.id = ${sessionId}::uuid AND s.revoked_at IS NULL AND s.expires_at > ${now}
      FOR NO KEY UPDATE OF s`;
    return row;
  }

  /** The one guarded UPDATE of a rotation: true for exactly one of those who present the token. */
  async useToken(hash: TokenHash, now: Date): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.refreshToken.updateMany({
      where: { tokenHash: hash, usedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now },
    });
    return count === 1;
  }

  async spentToken(hash: TokenHash): Promise<SpentToken> {
    const tokens = this.unitOfWork.transaction.refreshToken;
    const token = await tokens.findFirstOrThrow({ where: { tokenHash: hash }, select: { usedAt: true } });
    const child = await tokens.findFirst({
      where: { parentHash: hash },
      orderBy: { createdAt: 'desc' },
      select: { tokenHash: true, usedAt: true },
    });
    return { usedAt: token.usedAt, child: child && { hash: child.tokenHash, used: child.usedAt !== null } };
  }

  async insertToken(sessionId: string, token: NewRefreshToken, now: Date): Promise<void> {
    await this.unitOfWork.transaction.refreshToken.create({
      data: { tokenHash: token.hash, sessionId, parentHash: token.parent, createdAt: now, expiresAt: token.expiresAt },
    });
  }

  async removeToken(hash: TokenHash): Promise<void> {
    await this.unitOfWork.transaction.refreshToken.deleteMany({ where: { tokenHash: hash } });
  }

  async extend(sessionId: string, expiresAt: Date, now: Date): Promise<void> {
    await this.unitOfWork.transaction.session.updateMany({ where: { id: sessionId }, data: { expiresAt, lastUsedAt: now } });
  }

  /** Of the user, in every organization, or in one. Answers those that had not ended before. */
  endAll(
    userId: string,
    organizationId: string | undefined,
    reason: EndOfSession,
    now: Date,
  ): Promise<Array<Pick<Family, 'sessionId' | 'organizationId'>>> {
    const where = organizationId === undefined ? Prisma.empty : Prisma.sql`AND organization_id = ${organizationId}::uuid`;
    return this.unitOfWork.transaction.$queryRaw`
      UPDATE sessions SET revoked_at = ${now}, revoked_reason = ${reason}
      WHERE user_id = ${userId}::uuid AND revoked_at IS NULL AND expires_at > ${now} ${where}
      RETURNING id::text AS "sessionId", organization_id::text AS "organizationId"`;
  }

  /** The user's session; undefined when there is none of this id that has not ended. */
  async findOwn(sessionId: string, userId: string, now: Date): Promise<Family | undefined> {
    const row = await this.unitOfWork.client.session.findFirst({
      where: { id: sessionId, userId, revokedAt: null, expiresAt: { gt: now } },
      select: { organizationId: true },
    });
    return row === null ? undefined : { sessionId, userId, organizationId: row.organizationId };
  }

  /** False when it had ended before. */
  async end(sessionId: string, reason: EndOfSession, now: Date): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.session.updateMany({
      where: { id: sessionId, revokedAt: null },
      data: { revokedAt: now, revokedReason: reason },
    });
    return count === 1;
  }
}
