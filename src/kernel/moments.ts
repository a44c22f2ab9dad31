import { invalidField } from './common-errors';

/** When something is said to have happened: now, unless a moment is named, which must not lie in the future. @throws InvalidInput */
export function notLater(field: string, moment: Date | undefined, now: Date): Date {
  if (moment === undefined) return now;
  if (moment > now) throw invalidField(field, `must not be in the future, but is ${moment.toISOString()}`);
  return moment;
}
