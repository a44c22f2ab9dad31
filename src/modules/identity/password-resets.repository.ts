import type { UnitOfWork } from '../../db/unit-of-work';
import type { TokenHash } from './secret-token';
import { DEFAULT_FIRST } from './users.repository';

/** Whose password a mailed link may set. */
export interface PasswordReset {
  readonly userId: string;
  /** The user's default organization; null when there is none left. */
  readonly organizationId: string | null;
}

/** Links that set a new password: identity plane. */
export class PasswordResetsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert(tokenHash: TokenHash, userId: string, now: Date, expiresAt: Date): Promise<void> {
    await this.unitOfWork.transaction.passwordReset.create({ data: { tokenHash, userId, createdAt: now, expiresAt } });
  }

  /** Undefined when the link is over, or its user is disabled. */
  async find(tokenHash: TokenHash, now: Date): Promise<PasswordReset | undefined> {
    const [row] = await this.unitOfWork.client.$queryRaw<PasswordReset[]>`
      SELECT u.id::text AS "userId", (
        SELECT m.organization_id::text FROM memberships m WHERE m.user_id = u.id AND m.disabled_at IS NULL
        ORDER BY ${DEFAULT_FIRST} LIMIT 1) AS "organizationId"
      FROM password_resets r JOIN users u ON u.id = r.user_id AND u.disabled_at IS NULL
      WHERE r.token_hash = ${tokenHash} AND r.expires_at > ${now}`;
    return row;
  }

  /** Takes it away; true for exactly one of those who present it in time. */
  async use(tokenHash: TokenHash, now: Date): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.passwordReset.deleteMany({ where: { tokenHash, expiresAt: { gt: now } } });
    return count === 1;
  }

  async removeAll(userId: string): Promise<void> {
    await this.unitOfWork.transaction.passwordReset.deleteMany({ where: { userId } });
  }
}
