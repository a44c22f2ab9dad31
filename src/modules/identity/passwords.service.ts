import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Background } from '../../jobs/background';
import type { Clock } from '../../kernel/clock';
import { invalidField } from '../../kernel/common-errors';
import { asUser } from '../../kernel/context';
import type { Mailer } from '../../mail/mailer';
import type { Account } from './domain/account';
import { InvalidLink, WrongPassword } from './identity.errors';
import { passwordResetRequested } from './identity.events';
import { passwordResetMail, type MailLinks } from './identity.mails';
import type { Caller, PasswordConfirmation } from './password-confirmation';
import type { PasswordReplacement } from './password-replacement';
import type { PasswordReset, PasswordResetsRepository } from './password-resets.repository';
import type { PasswordHasher } from './password-hasher';
import { hashOf, newToken } from './secret-token';
import type { SessionsService, SignedIn } from './sessions.service';
import type { Throttle } from './throttle';
import type { UsersRepository } from './users.repository';

const MINUTE_MS = 60_000;
/** How long a mailed link can be used. */
const RESET_MINUTES = 30;

/** What follows an answer would otherwise compete with it for the processor, for known addresses longer than for unknown ones. */
const pause = (): Promise<void> => sleep(randomInt(50, 250));

/** How a password is replaced: with the old one, or with a link that is mailed to the account's address. All sessions of the user end. */
export class PasswordsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UsersRepository,
    private readonly resets: PasswordResetsRepository,
    private readonly sessions: Pick<SessionsService, 'start'>,
    private readonly replacement: PasswordReplacement,
    private readonly hasher: PasswordHasher,
    private readonly confirmation: PasswordConfirmation,
    private readonly throttle: Throttle,
    private readonly mailer: Pick<Mailer, 'post'>,
    private readonly links: MailLinks,
    private readonly background: Pick<Background, 'run'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Mails a link, when the address has an account. Everything that depends on it happens after the answer, so that neither the answer nor
   * its time tells whether it has. @throws TooManyAttempts
   */
  async requestReset(email: string): Promise<void> {
    await this.throttle.accountRequest('password-reset', email);
    this.background.run('password reset', async () => {
      await pause();
      await this.mailLink(email);
    });
  }

  /** Sets the password with a mailed link, once. @throws InvalidLink */
  async reset(token: string, password: string): Promise<void> {
    const tokenHash = hashOf(token);
    const account = await this.resets.find(tokenHash, this.clock.now());
    if (account === undefined) throw staleLink();
    const passwordHash = await this.hasher.hash(password);
    await this.inUnitOf(account, async () => {
      // Two links of one user at once take the user first, then the links.
      if (!(await this.users.lock(account.userId))) throw staleLink();
      if (!(await this.resets.use(tokenHash, this.clock.now()))) throw staleLink();
      await this.replacement.replace(account, passwordHash, 'reset');
    });
  }

  /** The new session in place of all others is the answer. @throws WrongPassword, InvalidInput, TooManyAttempts */
  async change(caller: Caller & Account, current: string, wanted: string, userAgent: string | undefined): Promise<SignedIn> {
    const confirmed = await this.confirmation.confirm(caller, current);
    if (wanted === current) throw invalidField('body.newPassword', 'is the password of now; choose another');
    const passwordHash = await this.hasher.hash(wanted);
    return this.unitOfWork.run(async () => {
      if (!(await this.users.lock(caller.userId, confirmed))) throw new WrongPassword('The password was changed meanwhile');
      await this.replacement.replace(caller, passwordHash, 'change');
      return this.sessions.start(caller, userAgent);
    });
  }

  private async mailLink(email: string): Promise<void> {
    const account = await this.users.account(email);
    if (account === undefined) return;
    const token = newToken();
    const now = this.clock.now();
    await this.inUnitOf(account, async () => {
      await this.resets.insert(hashOf(token), account.userId, now, new Date(now.getTime() + RESET_MINUTES * MINUTE_MS));
      if (account.organizationId !== null) await this.events.append(passwordResetRequested(account.userId));
      const mail = passwordResetMail({ email, name: account.name }, this.links.resetPassword(token), RESET_MINUTES);
      await this.mailer.post(mail);
    });
  }

  /** Events belong to an organization: of somebody who is in none any more there is nobody to tell. */
  private inUnitOf(account: PasswordReset, work: () => Promise<void>): Promise<void> {
    const { userId, organizationId } = account;
    const unit = (): Promise<void> => this.unitOfWork.run(work);
    return organizationId === null ? unit() : asUser({ userId, organizationId }, unit);
  }
}

const staleLink = (): InvalidLink => new InvalidLink('The link is no longer good: it was used, or is too old; ask for a new one');
