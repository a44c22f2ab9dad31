import type { UnitOfWork } from '../db/unit-of-work';
import type { Prisma } from '../generated/prisma/client';
import { currentOrganizationId } from '../kernel/context';

/** Rows of one statement: short enough to be no burden to others. */
export const BATCH = 1_000;

/** Deletes one batch of what is over. Each answers how many rows went; fewer than BATCH: that was all, or another process is at it. */
export class HousekeepingRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async organizationIds(): Promise<string[]> {
    const rows = await this.unitOfWork.client.organization.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
    return rows.map(({ id }) => id);
  }

  deleteIdempotencyKeys(olderThan: Date): Promise<number> {
    return this.alone(
      (tx) => tx.$executeRaw`
        DELETE FROM idempotency_keys k
        WHERE k.organization_id = ${currentOrganizationId()}::uuid AND (k.principal, k.key) IN (
          SELECT principal, key FROM idempotency_keys
          WHERE organization_id = ${currentOrganizationId()}::uuid AND created_at < ${olderThan} LIMIT ${BATCH})`,
    );
  }

  /** With their refresh tokens (cascade). */
  deleteSessions(endedBefore: Date): Promise<number> {
    return this.alone(
      (tx) => tx.$executeRaw`
        DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ${endedBefore} OR revoked_at < ${endedBefore} LIMIT ${BATCH})`,
    );
  }

  /** Of sessions that go on: an expired token is refused whether it is known or not. */
  deleteRefreshTokens(expiredBefore: Date): Promise<number> {
    return this.alone(
      (tx) => tx.$executeRaw`
        DELETE FROM refresh_tokens WHERE token_hash IN (SELECT token_hash FROM refresh_tokens WHERE expires_at < ${expiredBefore} LIMIT ${BATCH})`,
    );
  }

  /** Counters of attempts whose window is over: they no longer count. */
  deleteThrottles(endedBefore: Date): Promise<number> {
    return this.alone(
      (tx) => tx.$executeRaw`
        DELETE FROM throttles WHERE key IN (SELECT key FROM throttles WHERE window_ends_at < ${endedBefore} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`,
    );
  }

  deletePasswordResets(expiredBefore: Date): Promise<number> {
    return this.alone(
      (tx) => tx.$executeRaw`
        DELETE FROM password_resets WHERE token_hash IN (SELECT token_hash FROM password_resets WHERE expires_at < ${expiredBefore} LIMIT ${BATCH})`,
    );
  }

  deleteLoginChallenges(expiredBefore: Date): Promise<number> {
    return this.alone(
      (tx) => tx.$executeRaw`
        DELETE FROM login_challenges WHERE token_hash IN (SELECT token_hash FROM login_challenges WHERE expires_at < ${expiredBefore} LIMIT ${BATCH})`,
    );
  }

  /** Several processes have the same timer; whoever comes second leaves it to the first. */
  private alone(work: (tx: Prisma.TransactionClient) => Promise<number>): Promise<number> {
    return this.unitOfWork.run(async () => {
      const tx = this.unitOfWork.transaction;
      const [lock] = await tx.$queryRaw<
        Array<{ mine: boolean }>
      >`SELECT pg_try_advisory_xact_lock(hashtextextended('housekeeping', 0)) AS mine`;
      return lock!.mine ? work(tx) : 0;
    });
  }
}
