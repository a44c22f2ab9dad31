import { failure } from './app-error';

export class IdempotencyInFlight extends failure('IDEMPOTENCY_IN_FLIGHT', 409, 'A request with this Idempotency-Key is still running') {}
export class IdempotencyKeyReused extends failure('IDEMPOTENCY_KEY_REUSED', 422, 'This Idempotency-Key was used for another request') {}

/** A client's Idempotency-Key, and the SHA-256 over method, path, query and body that tells whether it comes back with the same request. */
export interface IdempotencyClaim {
  readonly key: string;
  readonly fingerprint: Buffer;
}

/** The parts of an answer, ready to be sent, and to be stored under the key for when the request comes again. */
export interface Answer {
  readonly status: number;
  /** JSON text; empty for no content. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Values of Set-Cookie. Never stored. */
  readonly cookies?: readonly string[];
}
