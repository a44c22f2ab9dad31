import { createHash } from 'node:crypto';
import { ipKeyGenerator } from 'express-rate-limit';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { Clock } from '../../kernel/clock';
import { currentContext } from '../../kernel/context';
import { type Attempts, type Limit, waitOf, withAttempt } from './domain/throttling';
import { InvalidCredentials, InvalidSecondFactor, TooManyAttempts, WrongCode, WrongPassword } from './identity.errors';
import type { Device } from './known-devices';
import type { BucketKey, ThrottleRepository } from './throttle.repository';

const MINUTE = 60_000;
/** What tells a guesser that the guess was wrong. */
const GUESSES = [InvalidCredentials, InvalidSecondFactor, WrongCode, WrongPassword];

export interface ThrottleSettings {
  /** Failed sign-ins in 15 minutes. */
  readonly failedLogins: { readonly perDevice: number; readonly perIp: number };
  /** Registrations, password resets and invitations, each in an hour. */
  readonly accountRequests: { readonly perAddress: number; readonly perIp: number };
}

/** What anybody may ask for without being known, naming an e-mail address. */
export type AccountRequest = 'registration' | 'password-reset' | 'invitation';

interface Bucket {
  readonly key: BucketKey;
  readonly limit: Limit;
}

/**
 * Bounds how often passwords are guessed and mails are caused. An attempt is counted before it is made, so that a thousand at the same
 * moment count as well, and the counters lie in the database, so that more processes allow no more. What is counted never tells whether
 * an account exists.
 */
export class Throttle {
  private readonly perDevice: Limit;
  private readonly perIp: Limit;
  private readonly requestsPerAddress: Limit;
  private readonly requestsPerIp: Limit;

  constructor(
    { failedLogins, accountRequests }: ThrottleSettings,
    private readonly unitOfWork: UnitOfWork,
    private readonly attempts: ThrottleRepository,
    private readonly clock: Clock,
  ) {
    this.perDevice = { limit: failedLogins.perDevice, windowMs: 15 * MINUTE, firstWaitMs: MINUTE };
    this.perIp = { limit: failedLogins.perIp, windowMs: 15 * MINUTE, firstWaitMs: MINUTE };
    this.requestsPerAddress = { limit: accountRequests.perAddress, windowMs: 60 * MINUTE };
    this.requestsPerIp = { limit: accountRequests.perIp, windowMs: 60 * MINUTE };
  }

  /**
   * Runs an attempt to sign in to an account; only a failed one stays counted. The account's owner has another device, so a stranger who
   * uses up the attempts of theirs does not keep the owner out; and one the owner signed in from before is not held by its IP address.
   * @throws TooManyAttempts
   */
  login<T>(email: string, device: Device, attempt: () => Promise<T>): Promise<T> {
    const ofDevice = bucket(this.perDevice, 'login', email, device.id);
    return this.guessing(device.isKnown ? [ofDevice] : [ofDevice, bucket(this.perIp, 'login-ip', networkOfNow())], attempt);
  }

  /** Runs an attempt with a code of the second factor, after the right password. Strangers share their attempts, wherever they are. @throws TooManyAttempts */
  secondFactor<T>(userId: string, knownDevice: string | null, attempt: () => Promise<T>): Promise<T> {
    return this.guessing([bucket(this.perDevice, 'second-factor', userId, knownDevice ?? '')], attempt);
  }

  /** Runs an attempt to confirm a password or a code in a session. Whoever stole one session can't use up the attempts of another. @throws TooManyAttempts */
  confirmation<T>(sessionId: string, attempt: () => Promise<T>): Promise<T> {
    return this.guessing([bucket(this.perDevice, 'confirmation', sessionId)], attempt);
  }

  /** Counts a request that makes work or mail for an address, whatever comes of it. @throws TooManyAttempts */
  accountRequest(kind: AccountRequest, email: string): Promise<void> {
    return this.take([bucket(this.requestsPerAddress, kind, email), bucket(this.requestsPerIp, `${kind}-ip`, networkOfNow())]);
  }

  private async guessing<T>(buckets: readonly Bucket[], attempt: () => Promise<T>): Promise<T> {
    await this.take(buckets);
    try {
      const result = await attempt();
      await this.giveBack(buckets);
      return result;
    } catch (error) {
      if (!GUESSES.some((wrong) => error instanceof wrong)) await this.giveBack(buckets);
      throw error;
    }
  }

  /** One attempt in each bucket, or in none. @throws TooManyAttempts */
  private async take(buckets: readonly Bucket[]): Promise<void> {
    // A flood that has to wait anyway queues for no lock.
    for (const { key, limit } of buckets) assertMayTry(await this.attempts.find(key), limit, this.clock.now());
    // Rows are locked in one order everywhere.
    const inOrder = [...buckets].sort((a, b) => Buffer.compare(a.key, b.key));
    await this.unitOfWork.run(async () => {
      for (const { key, limit } of inOrder) {
        const now = this.clock.now();
        const before = await this.attempts.lock(key, now);
        assertMayTry(before, limit, now);
        await this.attempts.save(key, withAttempt(before, limit, now));
      }
    });
  }

  private async giveBack(buckets: readonly Bucket[]): Promise<void> {
    for (const { key } of buckets) await this.attempts.giveBack(key, this.clock.now());
  }
}

const bucket = (limit: Limit, ...parts: readonly string[]): Bucket => ({
  key: Uint8Array.from(createHash('sha256').update(JSON.stringify(parts)).digest()),
  limit,
});

/** The caller's IP address; of IPv6 the /56 that one household has. */
const networkOfNow = (): string => ipKeyGenerator(currentContext().ip ?? '', 56);

/** @throws TooManyAttempts when the next attempt has to wait */
function assertMayTry(before: Attempts | undefined, limit: Limit, now: Date): void {
  const waitMs = before === undefined ? 0 : waitOf(before, limit, now);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new TooManyAttempts(
    `Too many attempts; try again in ${seconds} seconds`,
    { retryAfter: seconds },
    { 'Retry-After': String(seconds) },
  );
}
