import { createHash } from 'node:crypto';
import type { UnitOfWork } from '../../db/unit-of-work';
import { networkOf } from '../../http/network';
import type { Clock } from '../../kernel/clock';
import { Duplicate } from '../../kernel/common-errors';
import { currentContext } from '../../kernel/context';
import { type Attempts, type Limit, waitOf, withAttempt } from './domain/throttling';
import { InvalidCredentials, InvalidSecondFactor, TooManyAttempts, WrongCode, WrongPassword } from './identity.errors';
import type { BucketKey, Taken, ThrottleRepository } from './throttle.repository';

const MINUTE = 60_000;
/** Behind one address many browsers may be known, and each has attempts of its own: so many times more of them together than of strangers. */
const KNOWN_TO_UNKNOWN = 4;
/** What tells a guesser that the guess was wrong. */
const GUESSES: readonly Failure[] = [InvalidCredentials, InvalidSecondFactor, WrongCode, WrongPassword];

type Failure = abstract new (...args: never[]) => Error;

export interface ThrottleSettings {
  /** Failed sign-ins in 15 minutes. */
  readonly failedLogins: { readonly perDevice: number; readonly perIp: number };
  /** Registrations, password resets, invitations and accounts that could not be made for others, each in an hour. */
  readonly accountRequests: { readonly perAddress: number; readonly perIp: number };
}

/** What anybody may ask for without being known, naming an e-mail address. */
export type AccountRequest = 'registration' | 'password-reset' | 'invitation';

interface Bucket {
  readonly key: BucketKey;
  readonly limit: Limit;
}

interface TakenFrom extends Taken {
  readonly key: BucketKey;
}

/**
 * Bounds how often passwords are guessed and mails are caused. An attempt is counted before it is made, so that a thousand at the same
 * moment count as well, and the counters lie in the database, so that more processes allow no more. What is counted never tells whether
 * an account exists.
 */
export class Throttle {
  private readonly perDevice: Limit;
  private readonly perIp: Limit;
  private readonly perIpOfKnown: Limit;
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
    this.perIpOfKnown = { ...this.perIp, limit: failedLogins.perIp * KNOWN_TO_UNKNOWN };
    this.requestsPerAddress = { limit: accountRequests.perAddress, windowMs: 60 * MINUTE };
    this.requestsPerIp = { limit: accountRequests.perIp, windowMs: 60 * MINUTE };
  }

  /**
   * Runs an attempt to sign in to an account. Only failed ones stay counted, and a right one makes the device forget them. An unknown device
   * is the network it is in: what else it says of itself, a guesser says anew each time. One the owner signed in from before has attempts of
   * its own, so that strangers in the same network don't keep the owner out.
   * @throws TooManyAttempts
   */
  async login<T>(email: string, knownDevice: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const network = networkOfNow();
    const [ofDevice, ofNetwork] =
      knownDevice === undefined
        ? [bucket(this.perDevice, 'login', email, network), bucket(this.perIp, 'login-ip', network)]
        : [bucket(this.perDevice, 'login-known', email, knownDevice), bucket(this.perIpOfKnown, 'login-known-ip', network)];
    const result = await this.guessing([ofDevice, ofNetwork], attempt);
    await this.attempts.clear(ofDevice.key);
    return result;
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
  async accountRequest(kind: AccountRequest, email: string): Promise<void> {
    await this.take([bucket(this.requestsPerAddress, kind, email), bucket(this.requestsPerIp, `${kind}-ip`, networkOfNow())]);
  }

  /** Runs an attempt to make an account for somebody else. Only that the address is known already tells anything, so only that stays counted. @throws TooManyAttempts */
  accountForOther<T>(email: string, attempt: () => Promise<T>): Promise<T> {
    const buckets = [
      bucket(this.requestsPerAddress, 'account-for-other', email),
      bucket(this.requestsPerIp, 'account-for-other-ip', networkOfNow()),
    ];
    return this.guessing(buckets, attempt, [Duplicate]);
  }

  /** Stays counted when it ends with one of `wrong`, and with nothing else. */
  private async guessing<T>(buckets: readonly Bucket[], attempt: () => Promise<T>, wrong = GUESSES): Promise<T> {
    const taken = await this.take(buckets);
    try {
      const result = await attempt();
      await this.giveBack(taken);
      return result;
    } catch (error) {
      if (!wrong.some((failure) => error instanceof failure)) await this.giveBack(taken);
      throw error;
    }
  }

  /** One attempt in each bucket, or in none; never in an open unit, which a refusal would roll back with the count. @throws TooManyAttempts */
  private async take(buckets: readonly Bucket[]): Promise<TakenFrom[]> {
    if (this.unitOfWork.isOpen) throw new Error('an attempt counted inside a transaction is forgotten when that fails');
    // A flood that has to wait anyway queues for no lock.
    for (const { key, limit } of buckets) assertMayTry(await this.attempts.find(key), limit, this.clock.now());
    // Rows are locked in one order everywhere.
    const inOrder = [...buckets].sort((a, b) => Buffer.compare(a.key, b.key));
    return this.unitOfWork.run(async () => {
      const taken: TakenFrom[] = [];
      for (const { key, limit } of inOrder) {
        const now = this.clock.now();
        const before = await this.attempts.lock(key, now);
        assertMayTry(before, limit, now);
        const after = withAttempt(before, limit, now);
        await this.attempts.save(key, after);
        taken.push({ key, before, after });
      }
      return taken;
    });
  }

  private async giveBack(taken: readonly TakenFrom[]): Promise<void> {
    for (const { key, ...attempt } of taken) await this.attempts.giveBack(key, attempt);
  }
}

const bucket = (limit: Limit, ...parts: readonly string[]): Bucket => ({
  key: Uint8Array.from(createHash('sha256').update(JSON.stringify(parts)).digest()),
  limit,
});

const networkOfNow = (): string => networkOf(currentContext().ip ?? '');

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
