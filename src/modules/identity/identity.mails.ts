import { type Mail, oneLine } from '../../mail/mail';

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7;

export interface Addressee {
  readonly email: string;
  readonly name: string;
}

/** Where the links of mails lead: pages of the application, which is not part of the API. */
export class MailLinks {
  constructor(private readonly appUrl: string) {}

  /** Tokens come after the #, because what stands there reaches no server, log or Referer header. */
  resetPassword(token: string): string {
    return `${this.appUrl}/reset-password#token=${token}`;
  }

  acceptInvitation(token: string): string {
    return `${this.appUrl}/accept-invitation#token=${token}`;
  }

  forgotPassword(): string {
    return `${this.appUrl}/forgot-password`;
  }
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const mailOf = (
  { kind, goodFor }: Pick<Mail, 'kind' | 'goodFor'>,
  { email, name }: Addressee,
  subject: string,
  ...paragraphs: readonly string[]
): Mail => ({
  kind,
  goodFor,
  to: email,
  subject,
  text: [`Hello ${oneLine(name)},`, ...paragraphs].join('\n\n'),
});

export const passwordResetMail = (to: Addressee, link: string, minutes: number): Mail =>
  mailOf(
    { kind: 'password-reset', goodFor: minutes * MINUTE_MS },
    to,
    'Choose a new password',
    `somebody, probably you, asked for a new password for ${to.email}. Choose it here:`,
    link,
    `The link works once, in the next ${minutes} minutes. If it was not you, there is nothing to do: your password stays as it is.`,
  );

export const passwordChangedMail = (to: Addressee, link: string): Mail =>
  mailOf(
    { kind: 'password-changed', goodFor: DAY_MS },
    to,
    'Your password was changed',
    `the password of ${to.email} was just changed, and all devices were signed out.`,
    `If it was not you, ask for a new one at once: ${link}`,
  );

export function invitationMail(to: string, { inviter, organization, link }: { inviter: string; organization: string; link: string }): Mail {
  const name = oneLine(organization);
  return {
    kind: 'invitation',
    goodFor: INVITATION_DAYS * DAY_MS,
    to,
    subject: `You are invited to ${name}`,
    text: [
      'Hello,',
      `${oneLine(inviter)} invites you, ${to}, to work in ${name}. Accept here:`,
      link,
      `The link works once, for the next ${INVITATION_DAYS} days. If you do not know what this is about, there is nothing to do.`,
    ].join('\n\n'),
  };
}
