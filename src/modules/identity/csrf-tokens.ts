import { createHmac, timingSafeEqual } from 'node:crypto';

/** Tokens that prove a change comes from a page that could read an answer of its session: an HMAC of the session's id. Nothing is stored. */
export class CsrfTokens {
  /** The first key makes tokens, all verify them. */
  constructor(private readonly keys: readonly Buffer[]) {}

  of(sessionId: string): string {
    return tokenWith(this.keys[0]!, sessionId).toString('base64url');
  }

  matches(sessionId: string, token: string | undefined): boolean {
    const sent = Buffer.from(token ?? '', 'base64url');
    return this.keys.some((key) => {
      const right = tokenWith(key, sessionId);
      return right.length === sent.length && timingSafeEqual(right, sent);
    });
  }
}

const tokenWith = (key: Buffer, sessionId: string): Buffer => createHmac('sha256', key).update(sessionId).digest();
