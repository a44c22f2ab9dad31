import type { UnitOfWork } from '../db/unit-of-work';

/** A mail that waits to be sent. */
export interface WaitingMail {
  readonly id: string;
  readonly kind: string;
  /** Encrypted. */
  readonly content: string;
  /** Those that were begun. */
  readonly attempts: number;
  readonly expiresAt: Date;
}

/** Mails that wait: identity plane, because some are written before an organization is known. */
export class OutboxRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async insert({ id, kind, content, expiresAt }: Omit<WaitingMail, 'attempts'>, now: Date): Promise<void> {
    await this.unitOfWork.transaction.mail.create({ data: { id, kind, content, createdAt: now, nextAttemptAt: now, expiresAt } });
  }

  /** A mail that nobody has tried to send yet; held until the unit ends. */
  async lockNew(id: string): Promise<WaitingMail | undefined> {
    const [mail] = await this.unitOfWork.transaction.$queryRaw<WaitingMail[]>`
      SELECT id::text, kind, content, attempts, expires_at AS "expiresAt" FROM mails WHERE id = ${id}::uuid AND attempts = 0 FOR UPDATE SKIP LOCKED`;
    return mail;
  }

  /** The mail that has waited longest of those whose time has come and that nobody else is at; held until the unit ends. */
  async lockDue(now: Date): Promise<WaitingMail | undefined> {
    const [mail] = await this.unitOfWork.transaction.$queryRaw<WaitingMail[]>`
      SELECT id::text, kind, content, attempts, expires_at AS "expiresAt" FROM mails WHERE next_attempt_at <= ${now}
      ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
    return mail;
  }

  async beginAttempt(id: string, attempts: number, nextAttemptAt: Date): Promise<void> {
    await this.unitOfWork.transaction.mail.updateMany({ where: { id }, data: { attempts, nextAttemptAt } });
  }

  async remove(id: string): Promise<void> {
    await this.unitOfWork.client.mail.deleteMany({ where: { id } });
  }
}
