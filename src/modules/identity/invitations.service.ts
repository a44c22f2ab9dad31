import type { JsonPage } from '../../db/json-page';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Duplicate, invalidField } from '../../kernel/common-errors';
import { asUser } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import type { Mailer } from '../../mail/mailer';
import type { AccountsService } from './accounts.service';
import type { AuthenticationService, Challenge, LoginAttempt } from './authentication.service';
import { problemOfPassword } from './domain/password-rules';
import { InvalidLink, InvitationNotFound } from './identity.errors';
import { invitationAccepted, invitationCreated, invitationRevoked } from './identity.events';
import { INVITATION_DAYS, invitationMail, type MailLinks } from './identity.mails';
import type { InvitationsQueries, InvitationsWanted } from './invitations.queries';
import type { Invitation, InvitationsRepository } from './invitations.repository';
import type { MembershipFields } from './memberships.repository';
import type { MembershipsService } from './memberships.service';
import type { PasswordHasher } from './password-hasher';
import type { PasswordReplacement } from './password-replacement';
import { hashOf, newToken } from './secret-token';
import type { SessionsService, SignedIn } from './sessions.service';
import type { Throttle } from './throttle';
import type { UsersRepository } from './users.repository';

const DAY_MS = 86_400_000;

/**
 * Who accepts: with the password of the account there is, or with name and password of one to be made. An account whose mailbox nobody
 * proved to read yet gets this password: see PasswordReplacement.
 */
export interface Acceptance extends Omit<LoginAttempt, 'email'> {
  readonly token: string;
  readonly name?: string | undefined;
}

export interface NewInvitation extends MembershipFields {
  readonly inviterId: string;
  /** Lower case. */
  readonly email: string;
}

export interface InvitedAccount {
  /** Lower case. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** Bringing people into an organization: a link is mailed to an address, and whoever has the link and an account of that address becomes a member. */
export class InvitationsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly invitations: InvitationsRepository,
    private readonly queries: InvitationsQueries,
    private readonly memberships: Pick<MembershipsService, 'join' | 'usable'>,
    private readonly accounts: Pick<AccountsService, 'createIn'>,
    private readonly users: Pick<UsersRepository, 'account' | 'lockUnverified' | 'profile'>,
    private readonly hasher: Pick<PasswordHasher, 'hash'>,
    private readonly replacement: PasswordReplacement,
    private readonly authentication: Pick<AuthenticationService, 'enter'>,
    private readonly sessions: Pick<SessionsService, 'start'>,
    private readonly throttle: Throttle,
    private readonly mailer: Pick<Mailer, 'post'>,
    private readonly links: MailLinks,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  list(wanted: InvitationsWanted): Promise<JsonPage> {
    return this.queries.list(this.clock.now(), wanted);
  }

  /** By itself, and before anything is looked up: a refusal tells something too. @throws TooManyAttempts */
  countRequest(email: string): Promise<void> {
    return this.throttle.accountRequest('invitation', email);
  }

  /** A link takes the place of an earlier one to the same address. Answers the invitation's view. @throws Duplicate for a member, InvalidInput, UnusableReference */
  invite({ inviterId, email, ...fields }: NewInvitation): Promise<string> {
    return this.unitOfWork.run(async () => {
      if (await this.invitations.isMember(email))
        throw new Duplicate(`${email} is a member of the organization already`, { field: 'email' });
      const now = this.clock.now();
      const replaced = await this.invitations.revoke({ email }, now);
      const token = newToken();
      const invitation = { id: newId(), email, ...(await this.memberships.usable(fields)) };
      const expiresAt = new Date(now.getTime() + INVITATION_DAYS * DAY_MS);
      await this.invitations.insert({ ...invitation, tokenHash: hashOf(token), expiresAt }, now);
      await this.events.append(...replaced.map(({ id }) => invitationRevoked(id)), invitationCreated(invitation));
      const { name, organization } = await this.users.profile(inviterId);
      const mail = invitationMail(email, { inviter: name, organization: organization.name, link: this.links.acceptInvitation(token) });
      await this.mailer.post(mail);
      return this.queries.read(invitation.id, now);
    });
  }

  /** @throws InvitationNotFound unless it is open */
  revoke(id: string): Promise<void> {
    return this.unitOfWork.run(async () => {
      const revoked = await this.invitations.revoke({ id }, this.clock.now());
      if (revoked.length === 0) throw new InvitationNotFound(`There is no open invitation ${id}`);
      await this.events.append(invitationRevoked(id));
    });
  }

  /** @throws InvalidLink */
  async open(token: string): Promise<Invitation> {
    const invitation = await this.invitations.find(hashOf(token), this.clock.now());
    if (invitation === undefined) throw staleLink();
    return invitation;
  }

  /**
   * Signs in to the organization, or asks for the second factor of an account that has one.
   * @throws InvalidLink, InvalidCredentials, InvalidInput, TooManyAttempts
   */
  async accept(invitation: Invitation, acceptance: Acceptance): Promise<SignedIn | Challenge> {
    const { token, name, ...attempt } = acceptance;
    const { email, organizationId } = invitation;
    const account = await this.users.account(email);
    if (account?.isVerified === true)
      return this.authentication.enter({ ...attempt, email }, { ...account, organizationId }, () => this.admit(invitation, account.userId));
    if (account === undefined && name === undefined) throw invalidField('body.name', 'is required: this address has no account yet');
    const problem = problemOfPassword(attempt.password);
    if (problem !== undefined) throw invalidField('body.password', problem);
    if (account === undefined) return this.create(invitation, { email, name: name!, password: attempt.password }, attempt.userAgent);
    // Another link of the account was used at this moment: it is its owner's now, with a password of its own.
    return (await this.takeOver(invitation, account.userId, attempt)) ?? this.accept(await this.open(token), acceptance);
  }

  /** Registration with an invitation. @throws InvalidLink, InvalidInput, Duplicate, TooManyAttempts */
  async register(token: string, account: InvitedAccount, userAgent: string | undefined): Promise<SignedIn> {
    await this.throttle.accountRequest('registration', account.email);
    const invitation = await this.open(token);
    if (invitation.email !== account.email) throw invalidField('body.email', 'is not the address that was invited');
    return this.create(invitation, account, userAgent);
  }

  private create(invitation: Invitation, account: InvitedAccount, userAgent: string | undefined): Promise<SignedIn> {
    return this.accounts.createIn(invitation.organizationId, account, async (made) => {
      await this.admit(invitation, made.userId);
      return this.sessions.start(made, userAgent);
    });
  }

  /** Of an account whose mailbox the invitation's link is the first to prove. Undefined when another one was quicker. */
  private async takeOver(
    invitation: Invitation,
    userId: string,
    { password, userAgent }: Pick<Acceptance, 'password' | 'userAgent'>,
  ): Promise<SignedIn | undefined> {
    const passwordHash = await this.hasher.hash(password);
    const account = { userId, organizationId: invitation.organizationId };
    return asUser(account, () =>
      this.unitOfWork.run(async () => {
        if (!(await this.users.lockUnverified(userId))) return undefined;
        await this.replacement.replace(account, passwordHash, 'invitation');
        await this.admit(invitation, userId);
        return this.sessions.start(account, userAgent);
      }),
    );
  }

  /** In an open unit, in the organization's context. */
  private async admit({ id, role, storeIds, customerId }: Invitation, userId: string): Promise<void> {
    if (!(await this.invitations.accept(id, userId, this.clock.now()))) throw staleLink();
    await this.memberships.join(userId, { role, storeIds, customerId });
    await this.events.append(invitationAccepted(id, userId));
  }
}

const staleLink = (): InvalidLink => new InvalidLink('The invitation is no longer good: it was accepted, taken back, or is too old');
