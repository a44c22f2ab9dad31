import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Clock } from '../kernel/clock';
import { isLoopback, loginOf } from '../kernel/connection-address';
import type { Logger } from '../observability/logger';
import { LONGEST_ATTEMPT_MS } from './attempts';
import { type Mail, oneLine } from './mail';

export interface MailSettings {
  /** Undefined: mails are written to the mailbox folder. */
  readonly smtpUrl: string | undefined;
  /** The sender, `Name <address>`. */
  readonly from: string;
  /** Folder of the mails that no server takes: one .eml file each. */
  readonly mailbox: string;
}

/** What is to be delivered. */
export type Letter = Omit<Mail, 'goodFor'>;

/** Milliseconds; a mail server that does not answer holds nobody up for long. */
const LIMITS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000, dnsTimeout: 5_000 };

/** A login is not sent where others on the way can read it, whatever the server offers. */
function withLoginOverTlsOnly(smtpUrl: string): string {
  const address = new URL(smtpUrl);
  if (loginOf(smtpUrl) === undefined || isLoopback(address.hostname)) return smtpUrl;
  address.searchParams.set('requireTLS', 'true'); // in the address, which goes before the settings beside it
  return address.toString();
}

/** Hands a mail to the mail server, or writes it down where no server is named. */
export class MailTransport {
  /** Once; throws what the server or the file system says, and EABORT when it takes too long or the signal says to stop. */
  readonly deliver: (letter: Letter, signal?: AbortSignal) => Promise<void>;
  private readonly smtp: { close(): void } | undefined;

  constructor(
    private readonly settings: MailSettings,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly longestAttempt = LONGEST_ATTEMPT_MS,
  ) {
    const { smtpUrl, from } = settings;
    if (smtpUrl === undefined) {
      this.deliver = (letter) => this.writeDown(letter);
      return;
    }
    const smtp = createTransport({
      url: withLoginOverTlsOnly(smtpUrl),
      pool: true,
      maxConnections: 2,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...LIMITS,
    });
    this.smtp = smtp;
    this.deliver = async ({ kind, to, subject, text }, stop) => {
      await this.inTime(stop, (signal) => smtp.sendMail({ from, to, subject: oneLine(subject), text, signal }));
      this.logger.info(`mail sent: ${kind}`, { component: 'mail' });
    };
  }

  /** Ends the connections to the mail server. */
  close(): void {
    this.smtp?.close();
  }

  /** The limits above are for each answer of the server, which may give any number of them. */
  private async inTime(stop: AbortSignal | undefined, send: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    // Not AbortSignal.timeout(): combined with another one, it may be collected before its time.
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), this.longestAttempt);
    try {
      await send(stop === undefined ? tooLong.signal : AbortSignal.any([tooLong.signal, stop]));
    } finally {
      clearTimeout(timer);
    }
  }

  /** For its owner's eyes only: a link in it may be a key to an account. */
  private async writeDown({ kind, to, subject, text }: Letter): Promise<void> {
    const { mailbox, from } = this.settings;
    const now = this.clock.now();
    const file = join(mailbox, `${now.toISOString().replaceAll(':', '-')}-${kind}-${randomBytes(4).toString('hex')}.eml`);
    const headers = [
      `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
      `From: ${from}`,
      `To: ${to}`,
      `Subject: ${oneLine(subject)}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
    ];
    await mkdir(mailbox, { recursive: true, mode: 0o700 });
    await writeFile(file, `${headers.join('\n')}\n\n${text}\n`, { mode: 0o600, flag: 'wx' });
    this.logger.info(`mail written to ${file}`, { component: 'mail' });
  }
}
