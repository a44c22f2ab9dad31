/**
 * Serves declared routes below /api/v1 (and /api, an alias of the current version):
 *
 *   rewrite older paths → find route → authenticate → limit → authorize → read body → parse → handler (under its idempotency key) → respond
 *
 * One table look-up instead of one layer per route, and nothing is written on the request: the handler gets what was parsed.
 */
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../kernel/app-error';
import { Forbidden, Unauthenticated } from '../kernel/common-errors';
import { runInContext, type ExecutionContext, type Principal } from '../kernel/context';
import type { Answer, IdempotencyClaim } from '../kernel/idempotency';
import { StoreForbidden } from '../kernel/store-access';
import { answerOf, checkAnswer, sendAnswer, type Compress } from './answers';
import { BODY_LIMIT, hasBody, PUBLIC_BODY_LIMIT, readJsonBody, type JsonBody } from './body/json-body';
import { expectedVersion, fingerprintOf, idempotencyKey, missingKey } from './conditional';
import { wantsDryRun, type Allow, type AnyEndpoint, type Endpoint, type RequestMeta, type StreamEndpoint } from './endpoint';
import { InputParser, type ParsedInput } from './input';
import { answerOtherMethod } from './other-method';
import { canonicalPath, checkAliases, type PathAlias } from './path-alias';
import { requestState, type RequestState } from './request-state';
import { RouteTable, type RouteMatch } from './route-table';
import { serveStream } from './streams';

export interface RouterDependencies {
  /** The caller of a request. @throws Unauthenticated, CrossSiteRequest */
  readonly authenticate: (request: RequestMeta) => Promise<Principal>;
  /** Whether the database refused a transaction because the session behind it changed or ended. Nothing has been executed then. */
  readonly isStaleSession: (error: unknown) => boolean;
  /** Drops what is cached of such a session. */
  readonly forgetSession: (sessionId: string) => void;
  /** Runs the work and stores its answer in one unit of work, or answers what was stored before. */
  readonly idempotency: {
    run(claim: IdempotencyClaim, work: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly replayed: boolean }>;
  };
  /** Count one request. @throws TooManyRequests */
  readonly limits: {
    anonymous(req: Request, res: Response): Promise<void>;
    user(req: Request, res: Response): Promise<void>;
  };
  readonly compress: Compress;
  /** Other paths to the same routes; none when left out. */
  readonly aliases?: readonly PathAlias[];
  /** Check every answer against its declared shape: for tests. */
  readonly checkResponses: boolean;
}

const BASE = '/api/v1';
interface Located {
  /** Below the base, percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/** `url` is what follows /api. */
function locate(url: string): Located {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const below = path.startsWith('/v1/') ? path.slice(3) : path;
  return { path: below, query: mark === -1 ? '' : url.slice(mark + 1) };
}

export class ApiRouter {
  private readonly table: RouteTable<AnyEndpoint>;
  private readonly parsers = new Map<AnyEndpoint, InputParser>();
  private readonly aliases: readonly PathAlias[];

  constructor(
    endpoints: readonly AnyEndpoint[],
    private readonly deps: RouterDependencies,
  ) {
    this.table = new RouteTable(endpoints);
    this.aliases = deps.aliases ?? [];
    checkAliases(
      this.aliases,
      endpoints.map((endpoint) => endpoint.path),
    );
    for (const endpoint of endpoints) this.parsers.set(endpoint, new InputParser(endpoint.spec));
  }

  /** To be mounted at /api. An unknown path goes to the next layer. */
  readonly handle: RequestHandler = async (req, res, next) => {
    const { path: sent, query } = locate(req.url);
    const path = canonicalPath(this.aliases, req.method, sent);
    const match = this.table.find(req.method, path);
    if (!('endpoint' in match)) {
      if (match.allowed.length === 0) {
        next();
        return;
      }
      answerOtherMethod(req, res, match.allowed);
      return;
    }
    await this.serve(req, res, match, { path, query });
  };

  private async serve(req: Request, res: Response, match: RouteMatch<AnyEndpoint>, { path, query }: Located): Promise<void> {
    const { endpoint, params } = match;
    const state = requestState(res);
    state.route = endpoint.path;
    const meta = metaOf(req, state, path);
    const principal = await this.identify(req, res, meta, endpoint, state);
    const parser = this.parsers.get(endpoint)!;
    if (endpoint.kind === 'stream') {
      await this.serveStream(req, res, endpoint, parser.parse(params, query, undefined), principal!, meta);
      return;
    }

    const key = endpoint.idempotency === 'none' ? undefined : idempotencyKey(meta.header('idempotency-key'));
    const body: JsonBody | undefined =
      endpoint.spec.body === undefined && key === undefined ? undefined : await readJsonBody(req, bodyLimitOf(endpoint));
    const input = parser.parse(params, query, body?.value);
    const dryRun = wantsDryRun(endpoint, input.query);
    if (endpoint.spec.keyRequired === true && key === undefined && !dryRun) throw missingKey();
    const version = endpoint.method === 'get' ? undefined : expectedVersion(req.headers['if-match']);
    const claim = key === undefined || dryRun ? undefined : { key, fingerprint: fingerprintOf(req.method, BASE + path, query, body!.raw) };

    const attempt = (caller: Principal | undefined): Promise<Answer> =>
      runInContext({ ...contextOf(caller, meta), dryRun }, () => this.run(endpoint, input, caller, meta, version, claim));
    const answer =
      principal === undefined
        ? await attempt(undefined)
        : await this.withFreshSession(meta, endpoint.spec.allow, state, principal, attempt);
    sendAnswer(req, res, endpoint, dryRun ? tried(answer) : answer, this.deps.compress);
  }

  /** Who asks, counted against their limit, and allowed to. undefined on public routes. */
  private async identify(
    req: Request,
    res: Response,
    meta: RequestMeta,
    { kind, spec: { allow } }: AnyEndpoint,
    state: RequestState,
  ): Promise<Principal | undefined> {
    if (allow === 'public') {
      await this.deps.limits.anonymous(req, res);
      return undefined;
    }
    let principal: Principal;
    try {
      principal = await this.deps.authenticate(meta);
      // It may come from a cache. No transaction tells a refusal that the role was just raised, and an upload can't be read twice.
      if (kind === 'stream' || !isAllowed(principal, allow)) principal = await this.afresh(principal, meta);
    } catch (error) {
      if (error instanceof AppError) await this.deps.limits.anonymous(req, res);
      throw error;
    }
    state.principal = principal;
    await this.deps.limits.user(req, res);
    authorize(principal, allow);
    return principal;
  }

  private afresh({ session }: Principal, meta: RequestMeta): Promise<Principal> {
    this.deps.forgetSession(session.id);
    return this.deps.authenticate(meta);
  }

  /**
   * Once more with a fresh principal when the database says that the session changed, or when a right was missing and the session has
   * changed since it was read: nothing was executed then.
   */
  private async withFreshSession<T>(
    meta: RequestMeta,
    allow: Allow,
    state: RequestState,
    principal: Principal,
    attempt: (principal: Principal) => Promise<T>,
  ): Promise<T> {
    let fresh: Principal;
    try {
      return await attempt(principal);
    } catch (error) {
      const lacksRight = error instanceof Forbidden || error instanceof StoreForbidden;
      if (!lacksRight && !this.deps.isStaleSession(error)) throw error;
      fresh = await this.afresh(principal, meta);
      if (lacksRight && fresh.session.stamp === principal.session.stamp) throw error;
    }
    state.principal = fresh;
    authorize(fresh, allow);
    try {
      return await attempt(fresh);
    } catch (error) {
      if (this.deps.isStaleSession(error)) throw new Unauthenticated('The session has ended; sign in again');
      throw error;
    }
  }

  private async run(
    endpoint: Endpoint,
    input: ParsedInput,
    principal: Principal | undefined,
    meta: RequestMeta,
    version: number | undefined,
    claim: IdempotencyClaim | undefined,
  ): Promise<Answer> {
    const call = {
      params: input.params,
      query: input.query,
      body: input.body,
      // Absent on public routes, whose calls don't declare it.
      principal: principal!,
      request: meta,
      ...(version !== undefined && { expectedVersion: version }),
      ...(claim !== undefined && endpoint.idempotency === 'own' && { idempotency: claim }),
    };
    const work = async (): Promise<Answer> => {
      const answer = answerOf(endpoint, await endpoint.handle(call));
      if (this.deps.checkResponses) checkAnswer(endpoint, answer);
      return answer;
    };
    await endpoint.spec.before?.(call);
    if (claim === undefined || endpoint.idempotency !== 'shared') return work();
    const { answer, replayed } = await this.deps.idempotency.run(claim, work);
    return replayed ? { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } } : answer;
  }

  private async serveStream(
    req: Request,
    res: Response,
    endpoint: StreamEndpoint,
    input: ParsedInput,
    principal: Principal,
    meta: RequestMeta,
  ): Promise<void> {
    try {
      await runInContext(contextOf(principal, meta), () => serveStream(req, res, endpoint, input, principal, meta));
    } catch (error) {
      // The upload is consumed, so there is no second try.
      if (!this.deps.isStaleSession(error)) throw error;
      this.deps.forgetSession(principal.session.id);
      throw new Unauthenticated('The session changed while the upload was read: send it again; sign in again if the session has ended');
    }
  }
}

const bodyLimitOf = ({ spec: { bodyLimit, allow } }: Endpoint): number =>
  bodyLimit ?? (allow === 'public' ? PUBLIC_BODY_LIMIT : BODY_LIMIT);

/** Nothing was created, so 201 would be wrong, and there is nothing at any Location. */
function tried({ status, body, headers }: Answer): Answer {
  const { Location: _nowhere, ETag: _none, ...rest } = headers;
  return { status: status === 201 ? 200 : status, body, headers: { ...rest, 'Dry-Run': 'true' } };
}

const isAllowed = (principal: Principal, allow: Allow): boolean =>
  allow === 'signed-in' || allow === 'public' || principal.permissions.has(allow);

function authorize(principal: Principal, allow: Allow): void {
  if (isAllowed(principal, allow)) return;
  throw new Forbidden(`This needs the permission ${allow}, which the role ${principal.role} does not have`, { permission: allow });
}

const metaOf = (req: Request, state: RequestState, path: string): RequestMeta => ({
  requestId: state.requestId,
  ip: state.ip,
  userAgent: req.headers['user-agent'],
  method: req.method,
  // Worked out where it is asked for: few requests need it.
  get host() {
    return req.host;
  },
  get hasBody() {
    return hasBody(req);
  },
  path: BASE + path,
  header: (name) => {
    const value = req.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  },
});

const contextOf = (principal: Principal | undefined, meta: RequestMeta): ExecutionContext =>
  principal === undefined
    ? { actor: { kind: 'anonymous', id: null }, requestId: meta.requestId, ip: meta.ip }
    : {
        actor: { kind: 'user', id: principal.userId },
        requestId: meta.requestId,
        ip: meta.ip,
        organizationId: principal.organizationId,
        ...(principal.storeIds !== undefined && { storeIds: principal.storeIds }),
        ...(principal.customerId !== undefined && { customerId: principal.customerId }),
        session: principal.session,
      };
