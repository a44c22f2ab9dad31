import { reply, type Reply } from '../../http/reply';
import type { Challenge } from './authentication.service';
import type { CookieSessions } from './cookie-sessions';
import type { BearerSessionView, ChallengeView, CookieSessionView, UserView } from './identity.schemas';
import type { SessionKind } from './domain/session-kind';
import type { Profile } from './profile.service';
import type { SignedIn } from './sessions.service';

/** Answers with tokens must not be kept by anybody on the way (RFC 6749, 5.1). */
export const NOT_KEPT = { 'Cache-Control': 'no-store' };

export const presentUser = ({ id, email, name, role, version, createdAt, updatedAt }: Profile): UserView => ({
  id,
  email,
  name,
  role,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Answers a sign-in in the way the client asked for: with tokens in the body, or in cookies and none in the body. */
export class SignedInAnswers {
  constructor(private readonly cookies: Pick<CookieSessions, 'csrfToken' | 'renew' | 'start'>) {}

  reply(signedIn: SignedIn, session: SessionKind, status = 200): Reply<BearerSessionView | CookieSessionView> {
    return this.present(signedIn, session, status, () => this.cookies.start(signedIn));
  }

  /** The next tokens of a session that goes on. */
  renewed(signedIn: SignedIn, session: SessionKind): Reply<BearerSessionView | CookieSessionView> {
    return this.present(signedIn, session, 200, () => this.cookies.renew(signedIn));
  }

  private present(
    signedIn: SignedIn,
    session: SessionKind,
    status: number,
    cookies: () => string[],
  ): Reply<BearerSessionView | CookieSessionView> {
    const { profile, accessToken, refreshToken, expiresIn, sessionId } = signedIn;
    const who = { user: presentUser(profile), organization: profile.organization, expiresIn };
    if (session === 'bearer') {
      const body: BearerSessionView = { ...who, accessToken, token: accessToken, refreshToken, tokenType: 'Bearer' };
      return reply(body, { status, headers: NOT_KEPT });
    }
    const body: CookieSessionView = { ...who, tokenType: 'Cookie', csrfToken: this.cookies.csrfToken(sessionId) };
    return reply(body, { status, headers: NOT_KEPT, cookies: cookies() });
  }

  /** No token yet: the second factor is missing. */
  challenge({ challenge, expiresIn }: Challenge): Reply<ChallengeView> {
    return reply({ twoFactorRequired: true, challenge, expiresIn }, { headers: NOT_KEPT });
  }
}
