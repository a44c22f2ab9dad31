import { LRUCache } from 'lru-cache';
import type { RequestMeta } from '../../http/endpoint';
import type { Clock } from '../../kernel/clock';
import { Unauthenticated } from '../../kernel/common-errors';
import { asOrganization, type Principal } from '../../kernel/context';
import { permissionsOf } from '../../kernel/permissions';
import type { AccessClaims, AccessTokens } from './access-token';
import type { CookieSessions } from './cookie-sessions';
import type { SessionsRepository } from './sessions.repository';

const READS = new Set(['GET', 'HEAD']);
const MOST_CACHED = 10_000;
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/**
 * Who sends a request. What is cached of a session may be old, and that does no harm: every transaction of the request proves the session
 * and its stamp in the database first, and refuses an old one (SQLSTATE QM401); the router then forgets it and asks here again.
 */
export class Principals {
  private readonly cache = new LRUCache<string, Principal>({ max: MOST_CACHED });

  constructor(
    private readonly tokens: Pick<AccessTokens, 'verify'>,
    private readonly sessions: Pick<SessionsRepository, 'findLive'>,
    private readonly cookies: Pick<CookieSessions, 'kindOf' | 'accessToken' | 'assertOwnPage'>,
    private readonly clock: Clock,
  ) {}

  /**
   * By a bearer token, or by the cookies of a browser.
   * @throws Unauthenticated, in the same words whatever is wrong; CrossSiteRequest for a change by cookie that an own page doesn't prove to ask for
   */
  async authenticate(request: RequestMeta): Promise<Principal> {
    if (this.cookies.kindOf(request) === 'bearer') return this.principalOf(BEARER.exec(request.header('authorization') ?? '')?.[1]);
    const principal = await this.principalOf(this.cookies.accessToken(request));
    if (!READS.has(request.method)) this.cookies.assertOwnPage(request, principal.session.id);
    return principal;
  }

  /** Drops what is cached of a session. */
  forget(sessionId: string): void {
    this.cache.delete(sessionId);
  }

  private async principalOf(token: string | undefined): Promise<Principal> {
    const claims = token === undefined ? undefined : this.tokens.verify(token);
    if (claims === undefined) throw refusal();
    const principal = this.cache.get(claims.sessionId) ?? (await this.load(claims));
    if (principal.userId !== claims.userId || principal.organizationId !== claims.organizationId) throw refusal();
    return principal;
  }

  private async load({ sessionId, organizationId: claimed }: AccessClaims): Promise<Principal> {
    const session = await asOrganization(claimed, () => this.sessions.findLive(sessionId, this.clock.now()));
    if (session === undefined) throw refusal();
    const { userId, organizationId, role, storeIds, customerId, stamp } = session;
    const principal: Principal = {
      userId,
      organizationId,
      role,
      permissions: permissionsOf(role),
      ...(storeIds !== null && { storeIds }),
      ...(role === 'customer' && { customerId }),
      session: { id: sessionId, stamp },
    };
    // A customer of whom nothing is known is refused before any transaction could tell that this has changed.
    if (principal.customerId !== null) this.cache.set(sessionId, principal);
    return principal;
  }
}

const refusal = (): Unauthenticated =>
  new Unauthenticated('Send a valid access token as Authorization: Bearer …', undefined, { 'WWW-Authenticate': 'Bearer' });
