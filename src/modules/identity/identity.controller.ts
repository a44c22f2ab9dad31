import type { Call, PublicCall } from '../../http/endpoint';
import { reply } from '../../http/reply';
import { invalidField } from '../../kernel/common-errors';
import type { Principal } from '../../kernel/context';
import type { AuthenticationService } from './authentication.service';
import type { CookieSessions } from './cookie-sessions';
import type { Login, Logout, ProfileChanges, ProfileView, Refresh, Registration } from './identity.schemas';
import type { InvitationsService } from './invitations.service';
import type { Profile, ProfileService } from './profile.service';
import type { SessionsService } from './sessions.service';
import { presentUser, type SignedInAnswers } from './signed-in.view';

export class IdentityController {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly invitations: Pick<InvitationsService, 'register'>,
    private readonly sessions: SessionsService,
    private readonly profiles: ProfileService,
    private readonly cookies: CookieSessions,
    private readonly answers: SignedInAnswers,
  ) {}

  register = async ({ body: { session, invitationToken, ...account }, request }: PublicCall<{ body: Registration }>) => {
    if (invitationToken === undefined)
      return this.answers.reply(await this.authentication.register(account, request.userAgent), session, 201);
    requireNoOrganization(account);
    return this.answers.reply(await this.invitations.register(invitationToken, account, request.userAgent), session, 201);
  };

  login = async ({ body: { email, password, session, organizationId }, request }: PublicCall<{ body: Login }>) => {
    const device = this.cookies.deviceOf(request, email);
    const outcome = await this.authentication.login({ email, password, organizationId, session, device, userAgent: request.userAgent });
    return 'challenge' in outcome ? this.answers.challenge(outcome) : this.answers.reply(outcome, session);
  };

  /** A token in the body is answered in the body, one in a cookie in cookies. */
  refresh = async ({ body, request }: PublicCall<{ body: Refresh }>) => {
    const token = body.refreshToken ?? body.refresh_token;
    if (token !== undefined) return this.answers.renewed(await this.sessions.refresh(token), 'bearer');
    const cookie = this.cookies.refreshToken(request);
    if (cookie === undefined) throw invalidField('body.refreshToken', 'is required, or the cookie of a browser that is signed in');
    const permit = (sessionId: string): void => this.cookies.assertOwnPage(request, sessionId);
    return this.answers.renewed(await this.sessions.refresh(cookie, permit), 'cookie');
  };

  logout = async ({ principal, request }: Call<{ body: Logout }>) => {
    await this.sessions.logout(principal.session.id, principal.userId);
    return reply(undefined, this.cookies.kindOf(request) === 'cookie' ? { cookies: this.cookies.end() } : {});
  };

  readProfile = async ({ principal }: Call) => presentProfile(await this.profiles.read(principal.userId), principal);

  changeProfile = async ({ body, principal, expectedVersion }: Call<{ body: ProfileChanges }>) =>
    presentProfile(await this.profiles.change(principal.userId, body, expectedVersion), principal);
}

/** With an invitation the organization is there already. @throws InvalidInput */
function requireNoOrganization(account: Pick<Registration, 'organizationName' | 'storeName' | 'currency' | 'timeZone'>): void {
  for (const name of ['organizationName', 'storeName', 'currency', 'timeZone'] as const)
    if (account[name] !== undefined) throw invalidField(`body.${name}`, 'cannot be sent with invitationToken');
}

const presentProfile = (profile: Profile, { permissions, storeIds }: Principal): ProfileView => ({
  ...presentUser(profile),
  twoFactor: profile.twoFactor,
  organization: profile.organization,
  organizations: [...profile.organizations],
  storeIds: storeIds === undefined ? null : [...storeIds],
  permissions: [...permissions],
});
