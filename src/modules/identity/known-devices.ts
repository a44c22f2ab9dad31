import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock';

const DAY_MS = 86_400_000;
/** Whoever has not signed in for so long is a stranger again. */
export const DEVICE_DAYS = 180;

/** Whose password a device has proved to know. */
export interface DeviceOwner {
  readonly email: string;
  /** Raised with every new password: what proved to know an older one is a stranger's. */
  readonly passwordVersion: number;
}

/** A browser that signed in to the account before, with the password of that version. */
export interface KnownDevice {
  readonly id: string;
  readonly passwordVersion: number;
}

/**
 * A mark that a browser gets when it has signed in to an account, and shows at the next attempt:
 * `<random>.<day of the sign-in>.<password's version>.<HMAC over these and the address>`. Strangers who use up the attempts of a network can't
 * keep out the people behind it. Nothing is stored.
 */
export class KnownDevices {
  constructor(
    /** The first makes marks, all recognize them. */
    private readonly keys: readonly Buffer[],
    private readonly clock: Clock,
  ) {}

  mark({ email, passwordVersion }: DeviceOwner): string {
    const facts = [randomBytes(16).toString('base64url'), String(this.today()), String(passwordVersion)].join('.');
    return `${facts}.${macOf(this.keys[0]!, facts, email).toString('base64url')}`;
  }

  /** Undefined for a mark of another account, one that is too old, or none of ours. */
  recognize(email: string, mark: string): KnownDevice | undefined {
    const end = mark.lastIndexOf('.');
    const facts = mark.slice(0, Math.max(0, end));
    const sent = Buffer.from(mark.slice(end + 1), 'base64url');
    const isOurs = this.keys.some((key) => {
      const right = macOf(key, facts, email);
      return sent.length === right.length && timingSafeEqual(sent, right);
    });
    const [id = '', day = '', passwordVersion = ''] = facts.split('.');
    return isOurs && this.today() - Number(day) < DEVICE_DAYS ? { id, passwordVersion: Number(passwordVersion) } : undefined;
  }

  private today(): number {
    return Math.floor(this.clock.now().getTime() / DAY_MS);
  }
}

const macOf = (key: Buffer, facts: string, email: string): Buffer => createHmac('sha256', key).update(`${facts}|${email}`).digest();
