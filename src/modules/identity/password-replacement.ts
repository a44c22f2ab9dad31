import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import type { Mailer } from '../../mail/mailer';
import { passwordChanged, twoFactorDisabled, type WayOfPassword } from './identity.events';
import { passwordChangedMail, type MailLinks } from './identity.mails';
import type { PasswordReset, PasswordResetsRepository } from './password-resets.repository';
import type { SessionsService } from './sessions.service';
import type { TwoFactorRepository } from './two-factor.repository';
import type { UsersRepository } from './users.repository';

/**
 * Puts a password in the place of another: all sessions of the user end, mailed links stop working, and a mail tells so.
 *
 * Where a mailed link set it, the link has proved that its user reads the mailbox. With the first such proof the account passes to whoever
 * gave it: it may have been made by somebody else, with this address in mind, and a second factor of theirs would lock the owner out.
 */
export class PasswordReplacement {
  constructor(
    private readonly users: Pick<UsersRepository, 'setPassword' | 'verifyEmail'>,
    private readonly resets: Pick<PasswordResetsRepository, 'removeAll'>,
    private readonly factors: Pick<TwoFactorRepository, 'remove'>,
    private readonly sessions: Pick<SessionsService, 'endAll'>,
    private readonly mailer: Pick<Mailer, 'post'>,
    private readonly links: MailLinks,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Needs an open unit that holds the user; events go to the organization at hand. */
  async replace({ userId, organizationId }: PasswordReset, passwordHash: string, how: WayOfPassword): Promise<void> {
    const now = this.clock.now();
    const { version, email, name } = await this.users.setPassword(userId, passwordHash, now);
    await this.resets.removeAll(userId);
    const sessionsEnded = await this.sessions.endAll(userId, 'password_changed');
    const isFirstProof = how !== 'change' && (await this.users.verifyEmail(userId, now));
    const factorDropped = isFirstProof && (await this.factors.remove(userId));
    // Events belong to an organization: of somebody who is in none any more there is nobody to tell.
    if (organizationId !== null) {
      if (factorDropped) await this.events.append(twoFactorDisabled(userId, 'mailbox_proved'));
      await this.events.append(passwordChanged(userId, version, { how, sessionsEnded }));
    }
    await this.mailer.post(passwordChangedMail({ email, name }, this.links.forgotPassword()));
  }
}
