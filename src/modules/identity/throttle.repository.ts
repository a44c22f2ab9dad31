import type { UnitOfWork } from '../../db/unit-of-work';
import type { Attempts } from './domain/throttling';

/** A hash of what is counted: e-mail addresses and IP addresses are not kept for it. */
export type BucketKey = Uint8Array<ArrayBuffer>;

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

  /** One attempt less, unless its window is over. */
  async giveBack(key: BucketKey, now: Date): Promise<void> {
    await this.unitOfWork.client.throttle.updateMany({
      where: { key, count: { gt: 0 }, windowEndsAt: { gt: now } },
      data: { count: { decrement: 1 } },
    });
  }
}
