import type { Mailer } from '../mail/mailer';
import type { Logger } from '../observability/logger';
import { type Job, startRepeating, type Times } from './repeating';

export interface MailDeliveryDependencies {
  readonly mailer: Pick<Mailer, 'deliverDue'>;
  readonly logger: Logger;
}

const SECOND = 1_000;

/** Sends the mails that could not be sent at once. `stop` breaks off the one under way, which is sent again later. */
export const startMailDelivery = (
  { mailer, logger }: MailDeliveryDependencies,
  times: Times = { firstAfter: 5 * SECOND, every: 15 * SECOND },
): Job => startRepeating('mail', times, logger, (signal) => mailer.deliverDue(signal));
