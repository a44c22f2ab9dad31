import type { UnitOfWork } from '../../db/unit-of-work';
import type { Attempts } from './domain/throttling';

/** A hash of what is counted: e-mail addresses and IP addresses are not kept for it. */
export type BucketKey = Uint8Array<ArrayBuffer>;

/** What one attempt made of a counter. */
export interface Taken {
  readonly before: Attempts;
  readonly after: Attempts;
}

/** Counters of attempts: identity plane, shared by all processes. */
export class ThrottleRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async find(key: BucketKey): Promise<Attempts | undefined> {
    const row = await this.unitOfWork.client.throttle.findFirst({
      where: { key },
      select: { count: true, windowEndsAt: true, nextAt: true },
    });
    return row ?? undefined;
  }

  /** Holds off every other attempt in this bucket until the unit ends. */
  async lock(key: BucketKey, now: Date): Promise<Attempts> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Attempts[]>`
      INSERT INTO throttles AS t (key, count, window_ends_at, next_at) VALUES (${key}, 0, ${now}, ${now})
      ON CONFLICT (key) DO UPDATE SET count = t.count
      RETURNING count, window_ends_at AS "windowEndsAt", next_at AS "nextAt"`;
    return row!;
  }

  async save(key: BucketKey, attempts: Attempts): Promise<void> {
    await this.unitOfWork.transaction.throttle.updateMany({ where: { key }, data: attempts });
  }

  /** As if the attempt had not been made: one less, and the wait of before, unless later attempts have set another or a new window began. */
  async giveBack(key: BucketKey, { before, after }: Taken): Promise<void> {
    await this.unitOfWork.client.$executeRaw`
      UPDATE throttles SET count = count - 1, next_at = CASE WHEN next_at = ${after.nextAt} THEN ${before.nextAt} ELSE next_at END
      WHERE key = ${key} AND count > 0 AND window_ends_at = ${after.windowEndsAt}`;
  }

  /** Every attempt is forgotten. */
  async clear(key: BucketKey): Promise<void> {
    await this.unitOfWork.client.throttle.deleteMany({ where: { key } });
  }
}
