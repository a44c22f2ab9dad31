import { createHash, randomBytes } from 'node:crypto';

/** A stored hash. */
export type TokenHash = Uint8Array<ArrayBuffer>;

/** 256 random bits; opaque to everybody. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256: the token itself is never stored. Fast on purpose: nobody guesses 256 bits. */
export const hashOf = (token: string): TokenHash => Uint8Array.from(createHash('sha256').update(token).digest());
