import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type DatabaseClient } from '../../src/db/client';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { Background } from '../../src/jobs/background';
import { SettableClock } from '../../src/kernel/clock';
import { type EncryptionKey, FieldCipher } from '../../src/kernel/field-cipher';
import type { Mail } from '../../src/mail/mail';
import { MailTransport } from '../../src/mail/mail-transport';
import { Mailer } from '../../src/mail/mailer';
import { OutboxRepository } from '../../src/mail/outbox.repository';
import type { LogFields, Logger } from '../../src/observability/logger';
import { freshDatabase, queryOnce, type TestDatabase } from '../support/database';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const FROM = 'Quartermaster <no-reply@shop.example>';
export const mail: Mail = {
  kind: 'password-reset',
  to: 'ada@example.com',
  subject: 'For Zoë\r\nBcc: everybody@example.com',
  text: 'Zoë, here it is:\n\nhttps://shop.example/reset-password#token=a-very-secret-token',
  goodFor: 24 * HOUR,
};
const KEYS: EncryptionKey[] = [{ id: 'test', key: Buffer.alloc(32, 7) }];
export interface Ways {
  readonly background?: Background;
  readonly keys?: EncryptionKey[];
  readonly longestAttempt?: number;
}

/** Mails that wait in a database of their own for mailers with a clock and a log that tests look at. */
export class Outbox {
  readonly lines: string[] = [];
  readonly clock = new SettableClock(new Date());
  readonly logger: Logger;
  readonly unitOfWork: UnitOfWork;
  /** DATA_DIR of the mailers, another one for every test. */
  folder = '';

  static async open(): Promise<Outbox> {
    const database = await freshDatabase();
    return new Outbox(database, connect(database.runtimeUrl, 6));
  }

  private constructor(
    private readonly database: TestDatabase,
    private readonly client: DatabaseClient,
  ) {
    this.unitOfWork = new UnitOfWork(client.prisma, () => undefined);
    const record = (message: string, fields: LogFields = {}): void => {
      const { component: _, ...rest } = fields;
      this.lines.push([message, ...Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)].join(' '));
    };
    this.logger = { error: record, warn: record, info: record, debug: record };
  }

  /** Before every test. */
  async empty(): Promise<void> {
    this.lines.length = 0;
    await this.removeFolder();
    this.folder = await mkdtemp(join(tmpdir(), 'mail-'));
    await queryOnce(this.database.superuserUrl, 'DELETE FROM mails');
  }
  async close(): Promise<void> {
    await this.removeFolder();
    await this.client.close();
    await this.database.drop();
  }

  later(ms: number): void {
    this.clock.set(new Date(this.clock.now().getTime() + ms));
  }
  mailer(smtpUrl: string | undefined, { background = new Background(this.logger), keys = KEYS, longestAttempt }: Ways = {}): Mailer {
    return new Mailer(
      this.unitOfWork,
      new OutboxRepository(this.unitOfWork),
      new MailTransport({ smtpUrl, from: FROM, mailbox: join(this.folder, 'mailbox') }, this.clock, this.logger, longestAttempt),
      new FieldCipher(keys),
      background,
      this.clock,
      this.logger,
    );
  }
  /** Of a process that dies before it sends anything. */
  dying(): Mailer {
    return this.mailer(undefined, { background: { run: () => undefined, idle: () => Promise.resolve() } as unknown as Background });
  }
  post(sender: Mailer, wanted: Mail = mail): Promise<void> {
    return this.unitOfWork.run(() => sender.post(wanted));
  }
  waiting(): Promise<Array<{ row: string; attempts: number }>> {
    return queryOnce(this.database.superuserUrl, 'SELECT m::text AS row, attempts FROM mails m');
  }

  private async removeFolder(): Promise<void> {
    if (this.folder !== '') await rm(this.folder, { recursive: true });
  }
}
