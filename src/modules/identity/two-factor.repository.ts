import type { UnitOfWork } from '../../db/unit-of-work';

export interface TwoFactor {
  /** Encrypted. */
  readonly secret: string;
  readonly isEnabled: boolean;
}

/** Second factors and their recovery codes: identity plane. */
export class TwoFactorRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async isEnabled(userId: string): Promise<boolean> {
    return (await this.find(userId))?.isEnabled === true;
  }

  async find(userId: string): Promise<TwoFactor | undefined> {
    const row = await this.unitOfWork.client.twoFactor.findFirst({ where: { userId }, select: { secret: true, enabledAt: true } });
    return row === null ? undefined : { secret: row.secret, isEnabled: row.enabledAt !== null };
  }

  /** In place of one that was never enabled; false when one is. */
  async prepare(userId: string, secret: string, now: Date): Promise<boolean> {
    const saved = await this.unitOfWork.transaction.$executeRaw`
      INSERT INTO two_factors (user_id, secret, created_at) VALUES (${userId}::uuid, ${secret}, ${now})
      ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, created_at = EXCLUDED.created_at, last_step = 0
      WHERE two_factors.enabled_at IS NULL`;
    return saved === 1;
  }

  /** True for exactly one of those who show the same code, or one of an earlier step. */
  async useStep(userId: string, secret: string, step: number): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.twoFactor.updateMany({
      where: { userId, secret, lastStep: { lt: step } },
      data: { lastStep: step },
    });
    return count === 1;
  }

  async enable(userId: string, now: Date): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.twoFactor.updateMany({
      where: { userId, enabledAt: null },
      data: { enabledAt: now },
    });
    return count === 1;
  }

  /** With its recovery codes (cascade). False when there is none. */
  async remove(userId: string): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.twoFactor.deleteMany({ where: { userId } });
    return count === 1;
  }

  /** In the order of users, after the one given. */
  async secretsAfter(userId: string, limit: number): Promise<Array<{ userId: string; secret: string }>> {
    return this.unitOfWork.client.twoFactor.findMany({
      where: { userId: { gt: userId } },
      select: { userId: true, secret: true },
      orderBy: { userId: 'asc' },
      take: limit,
    });
  }

  /** False when it has changed meanwhile. */
  async replaceSecret(userId: string, secret: string, by: string): Promise<boolean> {
    const { count } = await this.unitOfWork.client.twoFactor.updateMany({ where: { userId, secret }, data: { secret: by } });
    return count === 1;
  }

  async insertRecoveryCodes(userId: string, hashes: ReadonlyArray<Uint8Array<ArrayBuffer>>): Promise<void> {
    await this.unitOfWork.transaction.recoveryCode.createMany({ data: hashes.map((codeHash) => ({ userId, codeHash })) });
  }

  /** True for exactly one of those who show it. */
  async useRecoveryCode(userId: string, codeHash: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const { count } = await this.unitOfWork.transaction.recoveryCode.deleteMany({ where: { userId, codeHash } });
    return count === 1;
  }

  recoveryCodesLeft(userId: string): Promise<number> {
    return this.unitOfWork.client.recoveryCode.count({ where: { userId } });
  }
}
