import type { Call, PublicCall } from '../../http/endpoint';
import { reply } from '../../http/reply';
import { invalidField } from '../../kernel/common-errors';
import type { Principal } from '../../kernel/context';
import type { AuthenticationService } from './authentication.service';
import type { CookieSessions } from './cookie-sessions';
import type { Login, Logout, ProfileChanges, ProfileView, Refresh, Registration } from './identity.schemas';
import type { Profile, ProfileService } from './profile.service';
import type { SessionsService } from './sessions.service';
import { presentUser, type SignedInAnswers } from './signed-in.view';

export class IdentityController {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly sessions: SessionsService,
    private readonly profiles: ProfileService,
    private readonly cookies: CookieSessions,
    private readonly answers: SignedInAnswers,
  ) {}

  register = async ({ body: { session, ...account }, request }: PublicCall<{ body: Registration }>) =>
    this.answers.reply(await this.authentication.register(account, request.userAgent), session, 201);

  login = async ({ body: { email, password, session }, request }: PublicCall<{ body: Login }>) => {
    const device = this.cookies.deviceOf(request, email);
    const outcome = await this.authentication.login({ email, password, session, device, userAgent: request.userAgent });
    return 'challenge' in outcome ? this.answers.challenge(outcome) : this.answers.reply(outcome, session);
  };

  /** A token in the body is answered in the body, one in a cookie in cookies. */
  refresh = async ({ body, request }: PublicCall<{ body: Refresh }>) => {
    const token = body.refreshToken ?? body.refresh_token;
    if (token !== undefined) return this.answers.reply(await this.sessions.refresh(token), 'bearer');
    const cookie = this.cookies.refreshToken(request);
    if (cookie === undefined) throw invalidField('body.refreshToken', 'is required, or the cookie of a browser that is signed in');
    const permit = (sessionId: string): void => this.cookies.assertOwnPage(request, sessionId);
    return this.answers.reply(await this.sessions.refresh(cookie, permit), 'cookie');
  };

  logout = async ({ principal, request }: Call<{ body: Logout }>) => {
    await this.sessions.logout(principal.session.id, principal.userId);
    return reply(undefined, this.cookies.accessToken(request) === undefined ? {} : { cookies: this.cookies.end() });
  };

  readProfile = async ({ principal }: Call) => presentProfile(await this.profiles.read(principal.userId), principal);

  changeProfile = async ({ body, principal, expectedVersion }: Call<{ body: ProfileChanges }>) =>
    presentProfile(await this.profiles.change(principal.userId, body, expectedVersion), principal);
}

const presentProfile = (profile: Profile, { permissions }: Principal): ProfileView => ({
  ...presentUser(profile),
  twoFactor: profile.twoFactor,
  organization: profile.organization,
  permissions: [...permissions],
});
