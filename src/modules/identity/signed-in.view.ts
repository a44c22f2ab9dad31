import { reply, type Reply } from '../../http/reply';
import type { SignedIn } from './authentication.service';
import type { CookieSessions } from './cookie-sessions';
import type { BearerSessionView, CookieSessionView, SessionKind, UserView } from './identity.schemas';
import type { Profile } from './profile.service';

/** Answers with tokens must not be kept by anybody on the way (RFC 6749, 5.1). */
const NOT_KEPT = { 'Cache-Control': 'no-store' };

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
  constructor(private readonly cookies: Pick<CookieSessions, 'csrfToken' | 'start'>) {}

  reply(signedIn: SignedIn, session: SessionKind, status = 200): Reply<BearerSessionView | CookieSessionView> {
    const { profile, accessToken, refreshToken, expiresIn, sessionId } = signedIn;
    const who = { user: presentUser(profile), organization: profile.organization, expiresIn };
    if (session === 'bearer') {
      const body: BearerSessionView = { ...who, accessToken, token: accessToken, refreshToken, tokenType: 'Bearer' };
      return reply(body, { status, headers: NOT_KEPT });
    }
    const body: CookieSessionView = { ...who, tokenType: 'Cookie', csrfToken: this.cookies.csrfToken(sessionId) };
    return reply(body, { status, headers: NOT_KEPT, cookies: this.cookies.start(signedIn) });
  }
}
