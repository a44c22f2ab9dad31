/**
 * An outcome the caller can act on. The code is the contract (clients branch on it), the message is for the person who sent the request.
 * Modules declare theirs with `failure()`; a route lists the ones it raises in `fails`, and nobody maps errors in a route.
 */
export abstract class AppError extends Error {
  constructor(
    message: string,
    readonly details?: Record<string, unknown>,
    /** Sent with the answer, for example Retry-After. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = this.code;
  }

  get code(): string {
    return (this.constructor as FailureClass).code;
  }

  /** HTTP status of the answer. */
  get status(): number {
    return (this.constructor as FailureClass).status;
  }
}

/** What a route's `fails` lists: the class tells the code, status and meaning without an instance, so that OpenAPI can document it. */
export interface FailureClass {
  // oxlint-disable-next-line typescript/no-explicit-any -- the constructor's arguments are the error's own affair
  new (...args: any[]): AppError;
  readonly code: string;
  readonly status: number;
  readonly meaning: string;
}

/** Declares an error: `export class OrderNotFound extends failure('ORDER_NOT_FOUND', 404, 'No such order') {}` */
export function failure(code: string, status: number, meaning: string) {
  return class extends AppError {
    static readonly code = code;
    static readonly status = status;
    static readonly meaning = meaning;
  };
}
