import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import type { OrganizationService } from '../organization/organization.service';
import { AccessTokens } from './access-token';
import { AccountsService } from './accounts.service';
import { AuthenticationService } from './authentication.service';
import { Callers } from './callers';
import { CookieSessions } from './cookie-sessions';
import { CsrfTokens } from './csrf-tokens';
import { IdentityController } from './identity.controller';
import { identityRoutes } from './identity.routes';
import { KnownDevices } from './known-devices';
import { Passwords, type PasswordSettings } from './passwords';
import { Principals } from './principals';
import { ProfileService } from './profile.service';
import { SessionsRepository } from './sessions.repository';
import { SignedInAnswers } from './signed-in.view';
import { Throttle, type ThrottleSettings } from './throttle';
import { ThrottleRepository } from './throttle.repository';
import { UsersRepository } from './users.repository';

export type { AccountsService } from './accounts.service';
export { SESSION_COOKIE } from './cookie-sessions';
export type { Principals } from './principals';

export interface IdentityDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly organizations: Pick<OrganizationService, 'found'>;
  readonly passwords: PasswordSettings;
  /** The first signs access tokens, all verify them. */
  readonly tokenSecrets: readonly [string, ...string[]];
  readonly throttle: ThrottleSettings;
  /** Origins of pages, besides the own host, that may change things with a browser's cookies. */
  readonly trustedOrigins: readonly string[];
}

/** Who may: accounts, sessions, tokens, and the principal behind a request. */
export function createIdentity({ unitOfWork, events, clock, organizations, ...settings }: IdentityDependencies) {
  const users = new UsersRepository(unitOfWork);
  const sessions = new SessionsRepository(unitOfWork);
  const passwords = new Passwords(settings.passwords, unitOfWork);
  const tokens = new AccessTokens(settings.tokenSecrets, clock);
  const principals = new Principals(tokens, sessions, clock);
  const throttle = new Throttle(settings.throttle, unitOfWork, new ThrottleRepository(unitOfWork), clock);
  const cookies = new CookieSessions(
    new CsrfTokens(settings.tokenSecrets),
    new KnownDevices(settings.tokenSecrets[0]),
    settings.trustedOrigins,
    clock,
  );
  const accounts = new AccountsService(unitOfWork, passwords, users, organizations, events, clock);
  const authentication = new AuthenticationService(
    unitOfWork,
    accounts,
    users,
    sessions,
    passwords,
    throttle,
    tokens,
    principals,
    events,
    clock,
  );
  const profiles = new ProfileService(unitOfWork, users, events, clock);
  const controller = new IdentityController(authentication, profiles, cookies, new SignedInAnswers(cookies));
  return { routes: identityRoutes(controller), callers: new Callers(principals, cookies), principals, accounts };
}
