/** Ways for a handler to say more than its result. */
import type { Answer } from '../kernel/idempotency';

export interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of Set-Cookie. Never stored under an idempotency key. */
  readonly cookies?: readonly string[];
  /** The answer was stored by an earlier request with the same Idempotency-Key. */
  readonly replayed?: boolean;
}

export class Reply<out T> {
  constructor(
    readonly body: T,
    readonly options: ReplyOptions,
  ) {}
}

/** A result with its own status or headers: `reply(view, { status: 201, headers: { Location } })`. */
export const reply = <T>(body: T, options: ReplyOptions): Reply<T> => new Reply(body, options);

export interface RawJsonOptions extends ReplyOptions {
  /** For the ETag, which is otherwise taken from the result's `version`. */
  readonly version?: number;
}

export class RawJson<out T> {
  declare readonly admits: T;

  constructor(
    readonly text: string,
    readonly options: RawJsonOptions,
  ) {}
}

/** JSON text that PostgreSQL already built; sent as it is (in tests parsed and checked). T is the caller's word for what it holds. */
export const rawJson = <T>(text: string, options: RawJsonOptions = {}): RawJson<T> => new RawJson(text, options);

/** A stored answer sent again, for services that keep the idempotency key themselves. */
export const replay = <T>({ body, status, headers }: Answer): RawJson<T> => new RawJson(body, { status, headers, replayed: true });
