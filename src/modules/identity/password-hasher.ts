import bcrypt from 'bcrypt';
import { createHmac } from 'node:crypto';
import type { UnitOfWork } from '../../db/unit-of-work';
import { Unavailable } from '../../kernel/common-errors';

export interface PasswordSettings {
  /** Secret of the application, mixed into every hash: a stolen table alone can't be guessed at. */
  readonly pepper: string;
  /** bcrypt's cost: 2^cost rounds. */
  readonly cost: number;
  /** Hashes at the same time; the number of cores. */
  readonly atOnce: number;
}

/** Waiting longer than this many hashes would time out anyway. */
const LONGEST_QUEUE = 50;

/**
 * bcrypt over base64(HMAC-SHA-384(pepper, NFC(password))): bcrypt alone silently ignores what follows the 72nd byte, and 48 bytes are 64
 * characters of base64. A hash takes a third of a second of CPU, so only few run at once, and never inside a transaction.
 */
export class PasswordHasher {
  /** How many hashes of each cost were compared here. */
  private readonly costsSeen = new Map<number, number>();
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  constructor(
    private readonly settings: PasswordSettings,
    private readonly unitOfWork: Pick<UnitOfWork, 'isOpen'>,
  ) {}

  /** What is stored of a password. @throws Unavailable when too many are waiting */
  hash(password: string): Promise<string> {
    return this.inTurn(() => bcrypt.hash(this.digest(password), this.settings.cost));
  }

  /**
   * Whether the password is the one behind the hash of an account. Takes as long when there is no hash, because nobody has that e-mail
   * address: after the configured cost was changed, hashes of several costs are about, and an unknown address is taken for one of them, always
   * for the same.
   */
  async matches(password: string, hash: string | undefined, email: string): Promise<boolean> {
    if (hash !== undefined) this.saw(bcrypt.getRounds(hash));
    const same = await this.inTurn(() => bcrypt.compare(this.digest(password), hash ?? dummyOf(this.likelyCost(email))));
    return same && hash !== undefined;
  }

  /** Whether nobody's password is being hashed or waits for it. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  /** Whether the hash has the configured cost. */
  isCurrent(hash: string): boolean {
    return bcrypt.getRounds(hash) === this.settings.cost;
  }

  private saw(cost: number): void {
    this.costsSeen.set(cost, (this.costsSeen.get(cost) ?? 0) + 1);
  }

  /** One of the costs seen, in the proportion in which they were seen; the same for one address as long as that lasts. */
  private likelyCost(email: string): number {
    const total = [...this.costsSeen.values()].reduce((sum, count) => sum + count, 0);
    let rest = (createHmac('sha256', this.settings.pepper).update(`cost of ${email}`).digest().readUInt32BE() / 2 ** 32) * total;
    for (const [cost, count] of [...this.costsSeen].sort(([a], [b]) => a - b)) {
      rest -= count;
      if (rest < 0) return cost;
    }
    return this.settings.cost;
  }

  private digest(password: string): string {
    return createHmac('sha384', this.settings.pepper).update(password.normalize('NFC')).digest('base64');
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.unitOfWork.isOpen) throw new Error('hashing a password inside a transaction would hold its locks for too long');
    if (this.running < this.settings.atOnce) this.running += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      // Whoever waits takes over this place, so `running` stays.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= LONGEST_QUEUE)
      throw new Unavailable('Too many people are signing in at this moment; try again', undefined, { 'Retry-After': '2' });
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** Looks like a hash, is nobody's, and takes as long to compare. */
const dummyOf = (cost: number): string => bcrypt.genSaltSync(cost) + 'u'.repeat(31);
