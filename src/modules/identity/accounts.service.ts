import type { UnitOfWork } from '../../db/unit-of-work';
import type { DomainEvent } from '../../events/event';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Duplicate } from '../../kernel/common-errors';
import { asUser, currentOrganizationId } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import { beginningOf } from '../../kernel/text';
import type { OrganizationService } from '../organization/organization.service';
import type { Account } from './domain/account';
import { userRegistered } from './identity.events';
import type { MembershipFields } from './memberships.repository';
import type { MembershipsService } from './memberships.service';
import type { PasswordHasher } from './password-hasher';
import type { Throttle } from './throttle';
import type { NewUserRow, UsersRepository } from './users.repository';

export interface NewUser {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

export interface NewAccount extends NewUser {
  /** After the user when left out. */
  readonly organizationName?: string | undefined;
  readonly storeName?: string | undefined;
  readonly currency?: string | undefined;
  readonly timeZone?: string | undefined;
}

export interface NewMember extends NewUser, Pick<MembershipFields, 'role'> {
  /** The stores the membership is limited to; every store when left out. */
  readonly storeIds?: readonly string[] | null | undefined;
  /** Who of the customers a member of the role customer is; the one with the same e-mail address when left out. */
  readonly customerId?: string | null | undefined;
}

const REGISTERED = 'This e-mail address is already registered';

/** Makes users: with an organization of their own, or in one that there is. */
export class AccountsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly hasher: PasswordHasher,
    private readonly users: UsersRepository,
    private readonly organizations: Pick<OrganizationService, 'found'>,
    private readonly memberships: Pick<MembershipsService, 'join' | 'usable'>,
    private readonly throttle: Pick<Throttle, 'accountForOther'>,
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
  create<T>(account: NewAccount, then: (made: Account) => Promise<T>): Promise<T> {
    return this.asNewUser(account, newId(), null, async (made) => {
      await this.organizations.found({
        name: account.organizationName ?? organizationOf(account.name),
        currency: account.currency,
        timeZone: account.timeZone,
        storeName: account.storeName,
      });
      await this.events.append(registered(made, account));
      await this.memberships.join(made.userId, { role: 'admin', storeIds: null, customerId: null });
      return then(made);
    });
  }

  /**
   * A user for an organization that there is; `then`, in the same unit of work and in its context, makes a member of them. A link mailed to
   * the address made it. @throws Duplicate
   */
  createIn<T>(organizationId: string, account: NewUser, then: (made: Account) => Promise<T>): Promise<T> {
    return this.asNewUser(account, organizationId, this.clock.now(), async (made) => {
      await this.events.append(registered(made, account));
      return then(made);
    });
  }

  /**
   * A user in the organization at hand; the caller makes it. The password is taken as it is. A known address is refused, and such
   * refusals are counted. @throws Duplicate, InvalidInput, UnusableReference, TooManyAttempts
   */
  async addMember(member: NewMember): Promise<string> {
    const [userId] = await this.throttle.accountForOther(member.email, () => this.addMembers([member]));
    return userId!;
  }

  /** Several, all of them or none. Answers their ids in the same order. */
  async addMembers(members: readonly NewMember[]): Promise<string[]> {
    const hashes = await Promise.all(members.map(({ password }) => this.hasher.hash(password)));
    return this.unitOfWork.run(async () => {
      const userIds: string[] = [];
      for (const [index, member] of members.entries()) userIds.push(await this.joinHere(member, hashes[index]!));
      return userIds;
    });
  }

  private async joinHere({ role, storeIds = null, customerId = null, ...account }: NewMember, passwordHash: string): Promise<string> {
    const membership = await this.memberships.usable({ role, storeIds, customerId });
    const made: Account = { userId: newId(), organizationId: currentOrganizationId() };
    await this.insert(
      account,
      made,
      { passwordHash, emailVerifiedAt: null },
      'This e-mail address has an account already: invite it instead',
    );
    await this.events.append(registered(made, account));
    await this.memberships.join(made.userId, membership);
    return made.userId;
  }

  /** The organization that the address signs in to; undefined when it is nobody's who may. */
  async homeOf(email: string): Promise<string | undefined> {
    return (await this.users.credentials(email))?.organizationId;
  }

  private async asNewUser<T>(
    account: NewUser,
    organizationId: string,
    emailVerifiedAt: Date | null,
    work: (made: Account) => Promise<T>,
  ): Promise<T> {
    const passwordHash = await this.hasher.hash(account.password);
    const made: Account = { userId: newId(), organizationId };
    return asUser(made, () =>
      this.unitOfWork.run(async () => {
        await this.insert(account, made, { passwordHash, emailVerifiedAt });
        return work(made);
      }),
    );
  }

  private async insert(
    { email, name }: NewUser,
    { userId }: Account,
    proofs: Pick<NewUserRow, 'passwordHash' | 'emailVerifiedAt'>,
    refusal = REGISTERED,
  ): Promise<void> {
    const inserted = await this.users.insert({ id: userId, email, name, ...proofs }, this.clock.now());
    if (!inserted) throw new Duplicate(refusal, { field: 'email' });
  }
}

const registered = ({ userId }: Account, { email, name }: NewUser): DomainEvent => userRegistered(userId, { email, name });

/** As long as a name may be: the person's own may fill it already. */
const organizationOf = (person: string): string => `${beginningOf(person, 105).trim()}'s organization`;
