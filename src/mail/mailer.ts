import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Background } from '../jobs/background';
import type { Clock } from '../kernel/clock';
import type { Logger } from '../observability/logger';

export interface Mail {
  /** What it is about, as logs and file names say it: `password-reset`. */
  readonly kind: string;
  /** One address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. May hold a secret link, so it reaches neither log nor database. */
  readonly text: string;
}

export interface MailSettings {
  /** Undefined: mails are written to the mailbox folder. */
  readonly smtpUrl: string | undefined;
  /** The sender, `Name <address>`. */
  readonly from: string;
  /** Folder of the mails that no server takes: one .eml file each. */
  readonly mailbox: string;
}

/** Milliseconds; a mail server that does not answer holds nobody up for long. */
const LIMITS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000, dnsTimeout: 5_000 };

/** Sends mail in the background, after the unit of work that wants it: a mail server in trouble is logged and fails no request. */
export class Mailer {
  private readonly deliver: (mail: Mail) => Promise<void>;
  private readonly transport: { close(): void } | undefined;

  constructor(
    private readonly settings: MailSettings,
    private readonly background: Background,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    const { smtpUrl, from } = settings;
    if (smtpUrl === undefined) {
      this.deliver = (mail) => this.writeDown(mail);
      return;
    }
    const transport = createTransport({
      url: smtpUrl,
      pool: true,
      maxConnections: 2,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...LIMITS,
    });
    this.transport = transport;
    this.deliver = async ({ to, subject, text }) => void (await transport.sendMail({ from, to, subject: oneLine(subject), text }));
  }

  /** Call it when the unit has committed (`unitOfWork.onCommit`). */
  post(mail: Mail): void {
    this.background.run(`mail ${mail.kind}`, async () => {
      await this.deliver(mail);
      if (this.transport !== undefined) this.logger.info(`mail sent: ${mail.kind}`, { component: 'mail' });
    });
  }

  /** When everything that was posted is sent, or given up. */
  idle(): Promise<void> {
    return this.background.idle();
  }

  /** Ends the connections to the mail server; what waits is sent first. */
  async close(): Promise<void> {
    await this.idle();
    this.transport?.close();
  }

  /** For its owner's eyes only: a link in it may be a key to an account. */
  private async writeDown({ kind, to, subject, text }: Mail): Promise<void> {
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

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
