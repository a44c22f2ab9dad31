import { parseCookie, stringifySetCookie } from 'cookie';
import { mediaType } from '../../http/body/json-body';
import type { RequestMeta } from '../../http/endpoint';
import { CrossSiteRequest, UnsupportedMediaType } from '../../http/errors';
import { isFromOwnPage, isSentUnasked } from '../../http/same-origin';
import type { Clock } from '../../kernel/clock';
import type { SessionKind } from './domain/session-kind';
import type { CsrfTokens } from './csrf-tokens';
import { DEVICE_DAYS, type DeviceOwner, type KnownDevice, type KnownDevices } from './known-devices';

/** __Host-: the browser keeps them for this host alone, and takes them over a secure connection only (http://localhost counts as one). */
const ACCESS = '__Host-qm-access';
const REFRESH = '__Host-qm-refresh';
const CSRF = '__Host-qm-csrf';
const DEVICE = '__Host-qm-device';
const DEVICE_SECONDS = DEVICE_DAYS * 86_400;

/** What a browser is to keep of a sign-in. */
interface IssuedSession {
  readonly sessionId: string;
  readonly sessionExpiresAt: Date;
  readonly profile: DeviceOwner;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
}

/** For the API's document. */
export const SESSION_COOKIE = {
  name: ACCESS,
  description:
    `Set by POST /auth/login with \`"session": "cookie"\`. A change also needs the value of the cookie \`${CSRF}\` in the header ` +
    '`X-CSRF-Token`, and has to come from a page of the same host or of an allowed origin.',
} as const;

/**
 * Sessions of browsers: the tokens lie in cookies that scripts can't read. Because a browser sends cookies whoever asks it to, a change
 * needs proof that one of our own pages asks: the browser's word (Sec-Fetch-Site, Origin), a CSRF token of the session in a header, and
 * a media type that other sites can't send unasked.
 */
export class CookieSessions {
  constructor(
    private readonly csrf: CsrfTokens,
    private readonly devices: KnownDevices,
    /** Besides the own host. */
    private readonly trustedOrigins: readonly string[],
    private readonly clock: Clock,
  ) {}

  /** Scripts read it from its cookie or the answer, and send it back as X-CSRF-Token. */
  csrfToken(sessionId: string): string {
    return this.csrf.of(sessionId);
  }

  /** Values of Set-Cookie that sign a browser in, and make it a known device of the account. */
  start(issued: IssuedSession): string[] {
    return [...this.renew(issued), setCookie(DEVICE, this.devices.mark(issued.profile), DEVICE_SECONDS)];
  }

  /** Values of Set-Cookie with the next tokens of a session: no password was shown, so they say nothing of the device. */
  renew({ sessionId, accessToken, refreshToken, expiresIn, sessionExpiresAt }: Omit<IssuedSession, 'profile'>): string[] {
    const lasting = Math.ceil((sessionExpiresAt.getTime() - this.clock.now().getTime()) / 1000);
    return [
      setCookie(ACCESS, accessToken, expiresIn),
      setCookie(REFRESH, refreshToken, lasting),
      setCookie(CSRF, this.csrf.of(sessionId), lasting, { httpOnly: false }),
    ];
  }

  /** Values of Set-Cookie that sign a browser out. The device stays known. */
  end(): string[] {
    return [ACCESS, REFRESH, CSRF].map((name) => setCookie(name, '', 0, { httpOnly: name !== CSRF }));
  }

  /**
   * How the caller of a request is signed in. A bearer token goes before cookies: nobody sends one by accident. Other schemes may be meant for
   * a proxy on the way.
   */
  kindOf(request: RequestMeta): SessionKind {
    return isBearer(request.header('authorization')) || this.accessToken(request) === undefined ? 'bearer' : 'cookie';
  }

  accessToken(request: RequestMeta): string | undefined {
    return readCookie(request, ACCESS);
  }

  refreshToken(request: RequestMeta): string | undefined {
    return readCookie(request, REFRESH);
  }

  /** The browser, when it signed in to this account before. */
  deviceOf(request: RequestMeta, email: string): KnownDevice | undefined {
    return this.devices.recognize(email, readCookie(request, DEVICE) ?? '');
  }

  /** @throws CrossSiteRequest, UnsupportedMediaType */
  assertOwnPage(request: RequestMeta, sessionId: string): void {
    const provenance = { fetchSite: request.header('sec-fetch-site'), origin: request.header('origin'), host: request.host };
    if (!isFromOwnPage(provenance, this.trustedOrigins))
      throw new CrossSiteRequest(
        'A change that is signed in by cookies must come from a page of this host: send Origin, or a bearer token',
      );
    if (!this.csrf.matches(sessionId, request.header('x-csrf-token')))
      throw new CrossSiteRequest(`A change that is signed in by cookies needs the value of the cookie ${CSRF} in the header X-CSRF-Token`);
    const type = mediaType(request.header('content-type'));
    if (request.hasBody && isSentUnasked(type))
      throw new UnsupportedMediaType(`Send the body as application/json${type === '' ? '' : `, not ${type}`}`);
  }
}

const isBearer = (authorization: string | undefined): boolean => authorization !== undefined && /^bearer\b/i.test(authorization);

const readCookie = (request: RequestMeta, name: string): string | undefined => {
  const header = request.header('cookie');
  return header === undefined ? undefined : parseCookie(header)[name];
};

const setCookie = (name: string, value: string, maxAge: number, { httpOnly = true } = {}): string =>
  stringifySetCookie({ name, value, maxAge, httpOnly, path: '/', secure: true, sameSite: 'lax' });
