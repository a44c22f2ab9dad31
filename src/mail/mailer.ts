import type { UnitOfWork } from '../db/unit-of-work';
import type { Background } from '../jobs/background';
import type { Clock } from '../kernel/clock';
import { asSystem } from '../kernel/context';
import type { FieldCipher, FieldPlace } from '../kernel/field-cipher';
import { newId } from '../kernel/ids';
import type { LogFields, Logger } from '../observability/logger';
import { isLastAttempt, nextAttemptAt } from './attempts';
import { isUnknownAddress, whyOf } from './failures';
import type { Mail } from './mail';
import type { Letter, MailTransport } from './mail-transport';
import type { OutboxRepository, WaitingMail } from './outbox.repository';

interface Begun extends WaitingMail {
  readonly attempt: number;
}

/**
 * Sends mail at least once: a mail is written into the unit of work that wants it, tried as soon as that has committed, and tried again by the
 * job, with growing pauses, until a server takes it or its time is over. An attempt first sets the time of the next one, so a process that
 * dies in the middle of it loses nothing. A mail server in trouble fails no request.
 */
export class Mailer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: OutboxRepository,
    private readonly transport: MailTransport,
    private readonly cipher: FieldCipher,
    private readonly background: Background,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Needs an open unit. */
  async post({ kind, goodFor, ...letter }: Mail): Promise<void> {
    const id = newId();
    const now = this.clock.now();
    const content = this.cipher.encrypt(JSON.stringify(letter), placeOf(id));
    await this.outbox.insert({ id, kind, content, expiresAt: new Date(now.getTime() + goodFor) }, now);
    this.unitOfWork.onCommit(() =>
      this.background.run(
        `mail ${kind}`,
        async () => {
          await this.attempt(() => this.outbox.lockNew(id));
        },
        'job',
      ),
    );
  }

  /** Tries every mail whose time has come, one after the other. It stops when the signal says so; a mail it is at is tried again later. */
  async deliverDue(signal?: AbortSignal): Promise<void> {
    let found = true;
    while (found) {
      if (signal?.aborted === true) return;
      found = await this.attempt(() => this.outbox.lockDue(this.clock.now()), signal);
    }
  }

  /** When everything that was posted here was tried once. */
  idle(): Promise<void> {
    return this.background.idle();
  }

  /** Ends the connections to the mail server; what was posted here is tried first. */
  async close(): Promise<void> {
    await this.idle();
    this.transport.close();
  }

  /** False when there was no such mail. As the system: the request that wanted the mail may have ended its own session. */
  private attempt(take: () => Promise<WaitingMail | undefined>, signal?: AbortSignal): Promise<boolean> {
    return asSystem(async () => {
      const mail = await this.begin(take);
      if (mail === undefined) return false;
      try {
        if (mail.expiresAt > this.clock.now()) await this.transport.deliver(this.letterOf(mail), signal);
        else this.giveUp(mail, { reason: 'too late' });
      } catch (error) {
        if (!this.endsWith(error, mail)) return true;
      }
      await this.outbox.remove(mail.id);
      return true;
    });
  }

  private begin(take: () => Promise<WaitingMail | undefined>): Promise<Begun | undefined> {
    return this.unitOfWork.run(async () => {
      const mail = await take();
      if (mail === undefined) return undefined;
      const attempt = mail.attempts + 1;
      await this.outbox.beginAttempt(mail.id, attempt, nextAttemptAt(attempt, this.clock.now()));
      return { ...mail, attempt };
    });
  }

  private letterOf({ id, kind, content }: WaitingMail): Letter {
    return { kind, ...(JSON.parse(this.cipher.decrypt(content, placeOf(id))) as Omit<Letter, 'kind'>) };
  }

  /** Whether nothing more is to be tried after this failure. */
  private endsWith(error: unknown, { kind, attempt, expiresAt }: Begun): boolean {
    const why = whyOf(error);
    if (!isUnknownAddress(error) && !isLastAttempt(attempt, this.clock.now(), expiresAt)) {
      this.logger.warn(`mail ${kind} could not be sent, and will be tried again`, { component: 'mail', attempt, ...why });
      return false;
    }
    this.giveUp({ kind, attempt }, why);
    return true;
  }

  private giveUp({ kind, attempt }: Pick<Begun, 'kind' | 'attempt'>, why: LogFields): void {
    this.logger.error(`mail ${kind} was given up`, { component: 'mail', attempt, ...why });
  }
}

/** A mail belongs to nobody else: its address need not be an account's. */
const placeOf = (id: string): FieldPlace => ({ owner: id, table: 'mails', column: 'content', rowId: id });
