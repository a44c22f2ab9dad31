/** ETag, If-Match, If-None-Match and Idempotency-Key: what their header values mean. */
import { createHash } from 'node:crypto';
import { InvalidInput } from '../kernel/common-errors';

export const etagOf = (version: number): string => `"${version}"`;

const VERSION_TAG = /^(?:W\/)?"(\d{1,15})"$/;

/** The version of If-Match. A weak tag is taken too: proxies weaken tags when they compress. @throws InvalidInput */
export function expectedVersion(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const match = VERSION_TAG.exec(ifMatch.trim());
  if (match === null) {
    const message = 'must be one ETag as answered before, such as "3"';
    throw new InvalidInput(`If-Match ${message}`, { issues: [{ path: 'headers.if-match', message }] });
  }
  return Number(match[1]);
}

export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => {
    const trimmed = tag.trim();
    return trimmed === '*' || trimmed.replace(/^W\//, '') === etag;
  });
}

/** 1 to 255 visible ASCII characters. @throws InvalidInput */
export function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) {
    const message = 'must be 1 to 255 visible ASCII characters';
    throw new InvalidInput(`Idempotency-Key ${message}`, { issues: [{ path: 'headers.idempotency-key', message }] });
  }
  return header;
}

/** SHA-256 over method, canonical path, query and the raw body: what a key was used for. */
export const fingerprintOf = (method: string, path: string, query: string, body: Buffer): Buffer =>
  createHash('sha256').update(`${method}\n${path}\n${query}\n`).update(body).digest();

/** For routes where a repetition without a key would do harm. */
export function missingKey(): InvalidInput {
  const message = 'is required here: send a key of your own, so that a repeated request is not carried out twice';
  return new InvalidInput(`Idempotency-Key ${message}`, { issues: [{ path: 'headers.idempotency-key', message }] });
}
