import type { RequestMeta } from '../../http/endpoint';
import type { Principal } from '../../kernel/context';
import type { CookieSessions } from './cookie-sessions';
import type { Principals } from './principals';

/** Who sends a request: by a bearer token, or by the cookies of a browser. */
export class Callers {
  constructor(
    private readonly principals: Pick<Principals, 'authenticate'>,
    private readonly cookies: Pick<CookieSessions, 'accessToken' | 'assertOwnPage'>,
  ) {}

  /**
   * A bearer token goes first: nobody sends one by accident. Other schemes may be meant for a proxy on the way.
   * @throws Unauthenticated; CrossSiteRequest for a change by cookie without proof
   */
  async authenticate(request: RequestMeta): Promise<Principal> {
    const authorization = request.header('authorization');
    const token = isBearer(authorization) ? undefined : this.cookies.accessToken(request);
    if (token === undefined) return this.principals.authenticate(authorization);
    const principal = await this.principals.authenticate(`Bearer ${token}`);
    if (request.method !== 'GET' && request.method !== 'HEAD') this.cookies.assertOwnPage(request, principal.session.id);
    return principal;
  }
}

const isBearer = (authorization: string | undefined): boolean => authorization !== undefined && /^bearer\b/i.test(authorization);
