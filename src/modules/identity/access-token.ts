import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../kernel/clock';
import { isId } from '../../kernel/ids';

/** What an access token says. Whether the session is still good and what the role is, only the database knows. */
export interface AccessClaims {
  readonly userId: string;
  readonly organizationId: string;
  readonly sessionId: string;
}

export const ACCESS_TOKEN_SECONDS = 15 * 60;
/** Clocks of two machines differ: a token is good a little before it was made. */
const CLOCK_SKEW_SECONDS = 5;
const ISSUER = 'quartermaster';
const AUDIENCE = 'quartermaster-api';
const TYPE = 'at+jwt';
const LONGEST = 2048;
const MOST_REMEMBERED = 10_000;

interface Key {
  readonly id: string;
  readonly secret: KeyObject;
}

/** What was found when a token was verified; seconds since 1970. */
interface Verified {
  readonly claims: AccessClaims;
  readonly notBefore: number;
  readonly expiresAt: number;
}

/** Signs and verifies access tokens (RFC 9068): one algorithm, a key ring of secrets of which the first signs. */
export class AccessTokens {
  private readonly ring: ReadonlyMap<string, Key>;
  private readonly signing: Key;
  /** A client sends the same token for a quarter of an hour, and its bytes can't come to mean something else: only its time runs out. */
  private readonly verified = new LRUCache<string, Verified>({ max: MOST_REMEMBERED });

  constructor(
    secrets: readonly [string, ...string[]],
    private readonly clock: Clock,
  ) {
    // A KeyObject, because jsonwebtoken makes one of a text at every call: 1,200 instead of 65,000 verifications a second.
    const keys = secrets.map((secret): Key => ({ id: keyId(secret), secret: createSecretKey(Buffer.from(secret, 'utf8')) }));
    this.ring = new Map(keys.map((key) => [key.id, key]));
    this.signing = keys[0]!;
  }

  sign({ userId, organizationId, sessionId }: AccessClaims): string {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return jwt.sign(
      {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: userId,
        org: organizationId,
        sid: sessionId,
        iat: now,
        nbf: now - CLOCK_SKEW_SECONDS,
        exp: now + ACCESS_TOKEN_SECONDS,
      },
      this.signing.secret,
      { algorithm: 'HS256', header: { alg: 'HS256', typ: TYPE, kid: this.signing.id } },
    );
  }

  /** The claims; undefined for anything but an unexpired token of ours. Which check failed is nobody's business. */
  verify(token: string): AccessClaims | undefined {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const known = this.verified.get(token);
    if (known !== undefined) return known.notBefore <= now && now < known.expiresAt ? known.claims : undefined;
    const found = this.read(token, now);
    if (found !== undefined) this.verified.set(token, found);
    return found?.claims;
  }

  private read(token: string, now: number): Verified | undefined {
    if (token.length > LONGEST) return undefined;
    const header = headerOf(token);
    const key = header?.typ === TYPE && typeof header.kid === 'string' ? this.ring.get(header.kid) : undefined;
    if (key === undefined) return undefined;
    try {
      const payload = jwt.verify(token, key.secret, { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE, clockTimestamp: now });
      return typeof payload === 'string' ? undefined : verifiedOf(payload);
    } catch {
      return undefined;
    }
  }
}

/** Tells keys apart and nothing about them. */
const keyId = (secret: string): string => createHash('sha256').update('kid:').update(secret).digest('base64url').slice(0, 8);

function headerOf(token: string): { typ?: unknown; kid?: unknown } | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'));
    return header instanceof Object ? header : undefined;
  } catch {
    return undefined;
  }
}

function verifiedOf({ sub, exp, nbf, ...payload }: jwt.JwtPayload): Verified | undefined {
  const { org, sid } = payload as { org?: unknown; sid?: unknown };
  if (exp === undefined || nbf === undefined) return undefined;
  if (typeof sub !== 'string' || typeof org !== 'string' || typeof sid !== 'string') return undefined;
  if (!isId(sub) || !isId(org) || !isId(sid)) return undefined;
  return { claims: { userId: sub, organizationId: org, sessionId: sid }, notBefore: nbf, expiresAt: exp };
}
