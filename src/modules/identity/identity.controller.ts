import type { Call, PublicCall } from '../../http/endpoint';
import { reply } from '../../http/reply';
import { InvalidInput } from '../../kernel/common-errors';
import type { Principal } from '../../kernel/context';
import type { AuthenticationService, SignedIn } from './authentication.service';
import type { Login, Logout, ProfileChanges, ProfileView, Refresh, Registration, SignedInView } from './identity.schemas';
import type { Profile, ProfileService } from './profile.service';

/** Answers with tokens must not be kept by anybody on the way (RFC 6749, 5.1). */
const NOT_KEPT = { 'Cache-Control': 'no-store' };

export class IdentityController {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly profiles: ProfileService,
  ) {}

  register = async ({ body, request }: PublicCall<{ body: Registration }>) =>
    reply(present(await this.authentication.register(body, request.userAgent)), { status: 201, headers: NOT_KEPT });

  login = async ({ body, request }: PublicCall<{ body: Login }>) =>
    reply(present(await this.authentication.login(body.email, body.password, request.userAgent)), { headers: NOT_KEPT });

  refresh = async ({ body }: PublicCall<{ body: Refresh }>) => {
    const token = body.refreshToken ?? body.refresh_token;
    if (token === undefined) {
      throw new InvalidInput('body.refreshToken is required', { issues: [{ path: 'body.refreshToken', message: 'is required' }] });
    }
    return reply(present(await this.authentication.refresh(token)), { headers: NOT_KEPT });
  };

  logout = ({ principal }: Call<{ body: Logout }>) => this.authentication.logout(principal.session.id, principal.userId);

  readProfile = async ({ principal }: Call) => presentProfile(await this.profiles.read(principal.userId), principal);

  changeProfile = async ({ body, principal, expectedVersion }: Call<{ body: ProfileChanges }>) =>
    presentProfile(await this.profiles.change(principal.userId, body, expectedVersion), principal);
}

const presentUser = ({ id, email, name, role, version, createdAt, updatedAt }: Profile): SignedInView['user'] => ({
  id,
  email,
  name,
  role,
  version,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

const presentProfile = (profile: Profile, { permissions }: Principal): ProfileView => ({
  ...presentUser(profile),
  organization: profile.organization,
  permissions: [...permissions],
});

const present = ({ profile, accessToken, refreshToken, expiresIn }: SignedIn): SignedInView => ({
  user: presentUser(profile),
  organization: profile.organization,
  accessToken,
  token: accessToken,
  refreshToken,
  tokenType: 'Bearer',
  expiresIn,
});
