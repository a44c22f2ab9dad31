import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import type { OrganizationService } from '../organization/organization.service';
import { AccessTokens } from './access-token';
import { AccountsService } from './accounts.service';
import { AuthenticationService } from './authentication.service';
import { IdentityController } from './identity.controller';
import { identityRoutes } from './identity.routes';
import { Passwords, type PasswordSettings } from './passwords';
import { Principals } from './principals';
import { ProfileService } from './profile.service';
import { SessionsRepository } from './sessions.repository';
import { Throttle, type ThrottleSettings } from './throttle';
import { ThrottleRepository } from './throttle.repository';
import { UsersRepository } from './users.repository';

export type { AccountsService } from './accounts.service';
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
}

/** Who may: accounts, sessions, tokens, and the principal behind a request. */
export function createIdentity({ unitOfWork, events, clock, organizations, ...settings }: IdentityDependencies) {
  const users = new UsersRepository(unitOfWork);
  const sessions = new SessionsRepository(unitOfWork);
  const passwords = new Passwords(settings.passwords, unitOfWork);
  const tokens = new AccessTokens(settings.tokenSecrets, clock);
  const principals = new Principals(tokens, sessions, clock);
  const throttle = new Throttle(settings.throttle, unitOfWork, new ThrottleRepository(unitOfWork), clock);
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
  return { routes: identityRoutes(new IdentityController(authentication, profiles)), principals, accounts };
}
