/**
 * One declaration per route: method, path, permission, shapes, failures, handler. From it come validation, authorization, types, the
 * OpenAPI document and the tests that walk every route.
 *
 *   post('/orders/:orderId/cancel', {
 *     operationId: 'cancelOrder', summary: 'Cancel an order and release its stock', tag: 'Orders', allow: 'orders:write',
 *     params: orderParams, body: cancelBody, returns: orderView, fails: [OrderNotFound, IllegalTransition, VersionMismatch],
 *     example: { reason: 'Ordered twice' },
 *   }, orders.cancel)
 *
 * - `path` is below /api/v1; `:name` is a whole segment and must be a key of `params`. Static segments win over parameters.
 * - `allow`: a permission, 'signed-in' (any signed-in caller) or 'public' (no principal in the call).
 * - `returns`: the shape of the answer or 'nothing' (204). `status` is 200 unless said otherwise.
 * - `fails`: the failures of the module. Those of the layer itself (400 for shapes, 401, 403, 413, 415, 429, 503) are added by the document.
 *   List VersionMismatch when the handler honours `expectedVersion`: it documents If-Match.
 * - `idempotency`: 'shared' (default of a signed-in POST: the router stores the answer in the handler's own unit of work), 'own' (the
 *   service handles `call.idempotency` inside its hot transaction), 'none' (imports, secrets shown once). Public routes have none.
 *   `keyRequired` answers 400 without a key: for money, where a repetition would hurt most.
 * - `before` runs ahead of the handler and outside of the key's transaction, also when the answer is a stored one: for what counts although
 *   the rest is refused.
 * - `dryRun: true`: takes `?dryRun=true`, which does everything, rolls it back and answers what would have happened (200, `Dry-Run: true`).
 * - A result with a numeric `version` is answered with an ETag, and a GET then honours If-None-Match. Set `revalidate: false` where the
 *   body shows more than the version guards (the stock inside a product).
 *
 * A handler takes one `Call` and answers its result, `reply(result, { status, headers })` or `rawJson(text, { version })`. Handlers of a
 * controller are arrow properties, so that they can be passed as values.
 */
import type { Readable } from 'node:stream';
import type { FailureClass } from '../kernel/app-error';
import type { Principal } from '../kernel/context';
import type { IdempotencyClaim } from '../kernel/idempotency';
import type { Permission } from '../kernel/permissions';
import type { Field } from './fields/field';
import { bool, describe, shape, withDefault, type Infer } from './fields/fields';
import type { RawJson, Reply } from './reply';

/** The query of a command that can be tried. */
const dryRunQuery = shape({
  dryRun: withDefault(describe(bool(), 'Do everything, roll it back, and answer what would have happened.'), false),
});
/** Whether a parsed query asks for a trial. */
export const wantsDryRun = ({ spec }: Endpoint, query: unknown): boolean =>
  spec.dryRun === true && (query as Infer<typeof dryRunQuery>).dryRun;

export type Allow = Permission | 'public' | 'signed-in';
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type IdempotencyMode = 'shared' | 'own' | 'none';
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- a call without this part has no keys there
export type Nothing = Record<never, never>;

export interface RequestMeta {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
  /** In capitals. */
  readonly method: string;
  /** As the client named it, with the port. */
  readonly host: string;
  /** Canonical, with /api/v1. */
  readonly path: string;
  /** Whether one is announced. */
  readonly hasBody: boolean;
  /** A header by its lower-case name; undefined when absent. */
  readonly header: (name: string) => string | undefined;
}

/** What every handler gets, beside its parsed input. */
interface CallBase {
  /** From If-Match; undefined when absent or `*`. */
  readonly expectedVersion?: number;
  readonly request: RequestMeta;
}

interface Input {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}
type Part<In extends Input, K extends keyof Input> = In extends Record<K, infer T> ? T : Nothing;

/** The call of a public route: `register = async ({ body }: PublicCall<{ body: Registration }>) => …` */
export interface PublicCall<In extends Input = Nothing> extends CallBase {
  readonly params: Part<In, 'params'>;
  readonly query: Part<In, 'query'>;
  readonly body: Part<In, 'body'>;
}

/** The call of a signed-in route: `read = async ({ params }: Call<{ params: OrderParams }>) => …` with the inferred types of the shapes. */
export interface Call<In extends Input = Nothing> extends PublicCall<In> {
  readonly principal: Principal;
}

/** The call of a route with `idempotency: 'own'`. The key is absent when the client sent none. */
export interface KeyedCall<In extends Input = Nothing> extends Call<In> {
  readonly idempotency?: IdempotencyClaim;
}

type CallOf<P, Q, B, A extends Allow, I extends IdempotencyMode> = A extends 'public'
  ? PublicCall<{ params: P; query: Q; body: B }>
  : I extends 'own'
    ? KeyedCall<{ params: P; query: Q; body: B }>
    : Call<{ params: P; query: Q; body: B }>;

interface Described {
  /** Unique over all routes; generated clients call the method so. */
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly fails?: readonly FailureClass[];
}

export interface Declaration<P, Q, B, R, A extends Allow, I extends IdempotencyMode> extends Described {
  readonly allow: A;
  readonly params?: Field<P>;
  readonly query?: Field<Q>;
  readonly body?: Field<B>;
  readonly returns: Field<R> | 'nothing';
  readonly status?: number;
  readonly idempotency?: I;
  readonly keyRequired?: boolean;
  before?(call: CallOf<P, Q, B, A, I>): Promise<void>;
  /** For commands without a query of their own. */
  readonly dryRun?: boolean;
  /** Bytes; 256 kB unless said otherwise, 16 kB of a public route. A body holds one value for each 16 of them at most. */
  readonly bodyLimit?: number;
  readonly revalidate?: boolean;
  /** Example of the request body; a test validates it. */
  readonly example?: unknown;
}

/** The router's view of a declared route, whatever its types. */
export interface Endpoint {
  readonly kind: 'json';
  readonly method: Method;
  readonly path: `/${string}`;
  readonly spec: Declaration<unknown, unknown, unknown, unknown, Allow, IdempotencyMode>;
  readonly idempotency: IdempotencyMode;
  readonly handle: (call: KeyedCall<{ params: unknown; query: unknown; body: unknown }>) => Promise<unknown>;
}

const declare =
  (method: Method) =>
  <R = void, P = Nothing, Q = Nothing, B = Nothing, const A extends Allow = Allow, const I extends IdempotencyMode = 'shared'>(
    path: `/${string}`,
    spec: Declaration<P, Q, B, R, A, I>,
    handle: (call: CallOf<P, Q, B, A, I>) => Promise<NoInfer<R> | Reply<NoInfer<R>> | RawJson<NoInfer<R>>>,
  ): Endpoint => {
    if (spec.dryRun === true && spec.query !== undefined) throw new Error(`${method} ${path}: a dry run and a query of its own`);
    const standard = method === 'post' && spec.allow !== 'public' ? 'shared' : 'none';
    return {
      kind: 'json',
      method,
      path,
      spec: (spec.dryRun === true ? { ...spec, query: dryRunQuery } : spec) satisfies Endpoint['spec'],
      idempotency: spec.idempotency ?? standard,
      handle: handle as unknown as Endpoint['handle'],
    };
  };

export const get = declare('get');
export const post = declare('post');
export const put = declare('put');
export const patch = declare('patch');
export const del = declare('delete');

export interface StreamCall<P, Q> {
  readonly params: P;
  readonly query: Q;
  readonly principal: Principal;
  readonly request: RequestMeta;
  /** The raw upload. Fails with PayloadTooLarge past the limit. */
  readonly body: Readable;
  /** Without parameters, lower case. */
  readonly contentType: string;
  /** Such as gzip; undefined for identity. */
  readonly contentEncoding: string | undefined;
  /** Aborted when the client goes away or the time is over. */
  readonly signal: AbortSignal;
  /** Writes one NDJSON line and waits while the client is slow. The first one sends the status. */
  readonly writeLine: (value: unknown) => Promise<void>;
}

export interface StreamDeclaration<P, Q> extends Described {
  readonly allow: Permission;
  readonly params?: Field<P>;
  readonly query?: Field<Q>;
  readonly limits: { readonly bytes: number; readonly seconds: number };
  /** Media types taken; anything else is 415. */
  readonly accepts: readonly string[];
  readonly encodings?: readonly string[];
  /** The shape of one line of the answer. */
  readonly line: Field<unknown>;
}

export interface StreamEndpoint {
  readonly kind: 'stream';
  readonly method: 'post';
  readonly path: `/${string}`;
  readonly spec: StreamDeclaration<unknown, unknown>;
  readonly handle: (call: StreamCall<unknown, unknown>) => Promise<void>;
}

/** A big upload, answered line by line (application/x-ndjson) while it is read. Its limits are its own. */
export const stream = <P = Nothing, Q = Nothing>(
  path: `/${string}`,
  spec: StreamDeclaration<P, Q>,
  handle: (call: StreamCall<P, Q>) => Promise<void>,
): StreamEndpoint => ({
  kind: 'stream',
  method: 'post',
  path,
  spec,
  handle: handle as unknown as StreamEndpoint['handle'],
});

export type AnyEndpoint = Endpoint | StreamEndpoint;
