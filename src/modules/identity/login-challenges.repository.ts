import type { UnitOfWork } from '../../db/unit-of-work';
import type { Account } from './domain/account';
import type { SessionKind } from './domain/session-kind';
import type { TokenHash } from './secret-token';

export interface LoginChallenge extends Account {
  readonly session: SessionKind;
  /** Null for a device that is not known. */
  readonly deviceId: string | null;
}

/** Sign-ins that wait for the second factor: identity plane. */
export class LoginChallengesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert(tokenHash: TokenHash, challenge: LoginChallenge, expiresAt: Date): Promise<void> {
    const { userId, organizationId, session, deviceId } = challenge;
    await this.unitOfWork.transaction.loginChallenge.create({ data: { tokenHash, userId, organizationId, session, deviceId, expiresAt } });
  }

  /** Undefined when it is over, or its user may no longer sign in. */
  async find(tokenHash: TokenHash, now: Date): Promise<LoginChallenge | undefined> {
    const [row] = await this.unitOfWork.client.$queryRaw<LoginChallenge[]>`
      SELECT c.user_id::text AS "userId", c.organization_id::text AS "organizationId", c.session, c.device_id AS "deviceId"
      FROM login_challenges c
      JOIN users u ON u.id = c.user_id AND u.disabled_at IS NULL
      JOIN memberships m ON m.organization_id = c.organization_id AND m.user_id = c.user_id AND m.disabled_at IS NULL
      WHERE c.token_hash = ${tokenHash} AND c.expires_at > ${now}`;
    return row;
  }

  /** Takes it away; true for exactly one of those who present it. */
  async use(tokenHash: TokenHash): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.loginChallenge.deleteMany({ where: { tokenHash } });
    return count === 1;
  }
}
