import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Duplicate } from '../../kernel/common-errors';
import { asUser } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import type { Role } from '../../kernel/permissions';
import type { OrganizationService } from '../organization/organization.service';
import { membershipCreated, userRegistered } from './identity.events';
import type { Passwords } from './passwords';
import type { UsersRepository } from './users.repository';

export interface NewAccount {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** After the user when left out. */
  readonly organizationName?: string | undefined;
  readonly storeName?: string | undefined;
  readonly currency?: string | undefined;
  readonly timeZone?: string | undefined;
}

export interface NewMember {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
}

export interface Account {
  readonly userId: string;
  readonly organizationId: string;
}

/** Makes users with an organization of their own. */
export class AccountsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly passwords: Passwords,
    private readonly users: UsersRepository,
    private readonly organizations: Pick<OrganizationService, 'found'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * A user with an organization, its first store, and the role admin there; `then` runs in the same unit of work and in the new
   * organization's context. The password is taken as it is: what people may choose is the request's schema.
   *
   * The address is not looked up beforehand: known and unknown ones cost the same hash, and the unique key decides, also between requests
   * at the same moment. That a known one is refused can't be hidden, since the answer to an unknown one signs in; and signing in with
   * the right password instead would turn "this address is taken" into a second way to try passwords.
   * @throws Duplicate
   */
  async create<T>(account: NewAccount, then: (made: Account) => Promise<T>): Promise<T> {
    const passwordHash = await this.passwords.hash(account.password);
    const made: Account = { userId: newId(), organizationId: newId() };
    return asUser(made, () =>
      this.unitOfWork.run(async () => {
        await this.insert(account, made, passwordHash);
        return then(made);
      }),
    );
  }

  /** Adds a user to the organization at hand. The password is taken as it is. @throws Duplicate */
  async addMember({ email, password, name, role }: NewMember): Promise<string> {
    const passwordHash = await this.passwords.hash(password);
    return this.unitOfWork.run(async () => {
      const userId = newId();
      const now = this.clock.now();
      const inserted = await this.users.insert({ id: userId, email, name, passwordHash }, now);
      if (!inserted) throw new Duplicate('This e-mail address is already registered', { field: 'email' });
      await this.users.insertMembership(userId, role, now);
      await this.events.append(userRegistered(userId, { email, name }), membershipCreated(userId, role));
      return userId;
    });
  }

  /** Whether the address belongs to an account that may sign in. */
  async isRegistered(email: string): Promise<boolean> {
    return (await this.users.credentials(email)) !== undefined;
  }

  private async insert(account: NewAccount, { userId }: Account, passwordHash: string): Promise<void> {
    const { email, name } = account;
    const now = this.clock.now();
    const inserted = await this.users.insert({ id: userId, email, name, passwordHash }, now);
    if (!inserted) throw new Duplicate('This e-mail address is already registered', { field: 'email' });
    await this.organizations.found({
      name: account.organizationName ?? `${name}'s organization`,
      currency: account.currency,
      timeZone: account.timeZone,
      storeName: account.storeName,
    });
    await this.users.insertMembership(userId, 'admin', now);
    await this.events.append(userRegistered(userId, { email, name }), membershipCreated(userId, 'admin'));
  }
}
