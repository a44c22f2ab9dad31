import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Where an attempt to sign in comes from. */
export interface Device {
  readonly id: string;
  /** The account was signed in to from it before, so it is not a stranger's. */
  readonly isKnown: boolean;
}

/**
 * A mark that a browser gets when it has signed in to an account, and shows at the next attempt: `<random>.<HMAC over it and the address>`.
 * Strangers who use up the attempts of an IP address can't keep out the people behind it. Nothing is stored.
 */
export class KnownDevices {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'known devices', 32));
  }

  mark(email: string): string {
    const id = randomBytes(16).toString('base64url');
    return `${id}.${this.macOf(id, email).toString('base64url')}`;
  }

  /** The device's own id; undefined for a mark of another account, or none of ours. */
  recognize(email: string, mark: string): string | undefined {
    const [id = '', mac = ''] = mark.split('.');
    const sent = Buffer.from(mac, 'base64url');
    const right = this.macOf(id, email);
    return sent.length === right.length && timingSafeEqual(sent, right) ? id : undefined;
  }

  private macOf(id: string, email: string): Buffer {
    return createHmac('sha256', this.key).update(`${id}|${email}`).digest();
  }
}
