import { hkdfSync } from 'node:crypto';
import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Background } from '../../jobs/background';
import type { Clock } from '../../kernel/clock';
import { type EncryptionKey, FieldCipher } from '../../kernel/field-cipher';
import type { Mailer } from '../../mail/mailer';
import type { OrganizationService } from '../organization/organization.service';
import { AccessTokens } from './access-token';
import { AccountsService } from './accounts.service';
import { AuthenticationService } from './authentication.service';
import { CookieSessions } from './cookie-sessions';
import { CsrfTokens } from './csrf-tokens';
import { IdentityController } from './identity.controller';
import { MailLinks } from './identity.mails';
import { identityRoutes } from './identity.routes';
import { InvitationsController } from './invitations.controller';
import { InvitationsQueries } from './invitations.queries';
import { InvitationsRepository } from './invitations.repository';
import { InvitationsService } from './invitations.service';
import { KnownDevices } from './known-devices';
import { LoginChallengesRepository } from './login-challenges.repository';
import { MembersQueries } from './members.queries';
import { MembershipsRepository } from './memberships.repository';
import { MembershipsService } from './memberships.service';
import { PasswordConfirmation } from './password-confirmation';
import { PasswordController } from './password.controller';
import { PasswordResetsRepository } from './password-resets.repository';
import { passwordRoutes } from './password.routes';
import { PasswordReplacement } from './password-replacement';
import { PasswordHasher, type PasswordSettings } from './password-hasher';
import { PasswordsService } from './passwords.service';
import { Principals } from './principals';
import { ProfileService } from './profile.service';
import { RecoveryCodes } from './recovery-codes';
import { SessionsController } from './sessions.controller';
import { SessionsQueries } from './sessions.queries';
import { SessionsRepository } from './sessions.repository';
import { sessionRoutes } from './sessions.routes';
import { SessionsService } from './sessions.service';
import { SignedInAnswers } from './signed-in.view';
import { Throttle, type ThrottleSettings } from './throttle';
import { ThrottleRepository } from './throttle.repository';
import { TwoFactorController } from './two-factor.controller';
import { TwoFactorRepository } from './two-factor.repository';
import { twoFactorRoutes } from './two-factor.routes';
import { TwoFactorService } from './two-factor.service';
import { UsersController } from './users.controller';
import { UsersRepository } from './users.repository';
import { invitationRoutes, userRoutes } from './users.routes';

export type { AccountsService, NewMember } from './accounts.service';
export { SESSION_COOKIE } from './cookie-sessions';
export type { Principals } from './principals';

export interface IdentityDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Pick<HotLane, 'text'>;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly organizations: Pick<OrganizationService, 'found'>;
  readonly mailer: Pick<Mailer, 'post'>;
  readonly background: Pick<Background, 'run'>;
  /** Links in mails begin with it. */
  readonly appUrl: string;
  readonly passwords: PasswordSettings;
  /** The first signs access tokens, all verify them. */
  readonly tokenSecrets: readonly [string, ...string[]];
  readonly throttle: ThrottleSettings;
  /** The first encrypts what is secret at rest, all decrypt it. What browsers show again (CSRF tokens, marks of known devices) is made with keys derived from them. */
  readonly encryptionKeys: readonly EncryptionKey[];
  /** Origins of pages, besides the own host, that may change things with a browser's cookies. */
  readonly trustedOrigins: readonly string[];
}

/**
 * Who may. In the order in which a person meets it:
 *
 *   accounts, invitations, memberships   how one becomes a user, and of which organizations, as what
 *   authentication                       signing in with the password: throttle counts attempts, hasher compares
 *   two-factor                           then with a code, in exchange for the challenge that the password earned
 *   sessions                             what one gets: a session with an access token and a chain of refresh tokens …
 *   cookie-sessions                      … which a browser may keep in cookies
 *   principals                           who sends a request: its token read, its session looked up
 *   passwords                            changing it, or setting it anew with a mailed link
 *   profile                              one's own name
 */
export function createIdentity({ unitOfWork, lane, events, clock, organizations, mailer, background, ...settings }: IdentityDependencies) {
  const users = new UsersRepository(unitOfWork);
  const sessionRows = new SessionsRepository(unitOfWork);
  const hasher = new PasswordHasher(settings.passwords, unitOfWork);
  const throttle = new Throttle(settings.throttle, unitOfWork, new ThrottleRepository(unitOfWork), clock);
  const tokens = new AccessTokens(settings.tokenSecrets, clock);
  // Not of the secrets of access tokens, which are given up a quarter of an hour after a change.
  const keysFor = (purpose: string): Buffer[] =>
    settings.encryptionKeys.map(({ key }) => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)));
  const devices = new KnownDevices(keysFor('known devices'), clock);
  const cookies = new CookieSessions(new CsrfTokens(keysFor('csrf tokens')), devices, settings.trustedOrigins, clock);
  const principals = new Principals(tokens, sessionRows, cookies, clock);

  const sessions = new SessionsService(unitOfWork, users, sessionRows, new SessionsQueries(lane), tokens, principals, events, clock);
  const members = new MembersQueries(lane);
  const memberships = new MembershipsService(unitOfWork, new MembershipsRepository(unitOfWork), members, sessions, events, clock);
  const accounts = new AccountsService(unitOfWork, hasher, users, organizations, memberships, throttle, events, clock);
  const links = new MailLinks(settings.appUrl);
  const confirmation = new PasswordConfirmation(users, hasher, throttle);
  const factors = new TwoFactorRepository(unitOfWork);
  const twoFactor = new TwoFactorService(
    unitOfWork,
    users,
    factors,
    confirmation,
    new FieldCipher(settings.encryptionKeys),
    new RecoveryCodes(settings.passwords.pepper),
    throttle,
    events,
    clock,
  );
  const challenges = new LoginChallengesRepository(unitOfWork);
  const authentication = new AuthenticationService(
    unitOfWork,
    accounts,
    users,
    hasher,
    throttle,
    twoFactor,
    challenges,
    sessions,
    background,
    clock,
  );
  const resets = new PasswordResetsRepository(unitOfWork);
  const replacement = new PasswordReplacement(users, resets, factors, sessions, mailer, links, events, clock);
  const passwords = new PasswordsService(
    unitOfWork,
    users,
    resets,
    sessions,
    replacement,
    hasher,
    confirmation,
    throttle,
    mailer,
    links,
    background,
    events,
    clock,
  );
  const invitations = new InvitationsService(
    unitOfWork,
    new InvitationsRepository(unitOfWork),
    new InvitationsQueries(lane),
    memberships,
    accounts,
    users,
    hasher,
    replacement,
    authentication,
    sessions,
    throttle,
    mailer,
    links,
    events,
    clock,
  );
  const profiles = new ProfileService(unitOfWork, users, events, clock);

  const answers = new SignedInAnswers(cookies);
  const routes = [
    ...identityRoutes(new IdentityController(authentication, invitations, sessions, profiles, cookies, answers)),
    ...sessionRoutes(new SessionsController(sessions, cookies)),
    ...userRoutes(new UsersController(accounts, memberships, members)),
    ...invitationRoutes(new InvitationsController(invitations, cookies, answers)),
    ...passwordRoutes(new PasswordController(passwords, cookies, answers)),
    ...twoFactorRoutes(new TwoFactorController(twoFactor, authentication, answers)),
  ];
  return { routes, principals, accounts, twoFactor };
}
