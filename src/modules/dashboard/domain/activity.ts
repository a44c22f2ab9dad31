import { Decimal } from '../../../kernel/decimal';
import { formatMoney } from '../../../kernel/money';
import type { Permission } from '../../../kernel/permissions';
import { beginningOf } from '../../../kernel/text';

/** What one must be allowed to read to see what happened to a thing. What is not listed is shown to nobody. */
const NEEDS: Readonly<Record<string, Permission>> = {
  order: 'orders:read',
  return: 'orders:read',
  import: 'orders:read',
  product: 'catalogue:read',
  category: 'catalogue:read',
  unit: 'catalogue:read',
  customer: 'customers:read',
  stock_level: 'stock:read',
  store: 'stores:read',
  tax_rate: 'tax-rates:read',
  organization: 'organization:read',
  user: 'organization:write',
  membership: 'organization:write',
  invitation: 'organization:write',
  session: 'organization:write',
  password_reset: 'organization:write',
  two_factor: 'organization:write',
};

/** The things a holder of these permissions may see the activity of. */
export const visibleAggregates = (permissions: ReadonlySet<Permission>): string[] =>
  Object.entries(NEEDS).flatMap(([aggregate, needed]) => (permissions.has(needed) ? [aggregate] : []));

type Facts = Readonly<Record<string, unknown>>;

/** An event of the log with the names of today. */
export interface LoggedEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly label: string | null;
  readonly actorKind: 'user' | 'system' | 'anonymous';
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly payload: Facts;
  readonly before: Facts | null;
  readonly after: Facts | null;
  readonly storeName: string | null;
  readonly occurredAt: string;
  readonly recordedAt: string;
}

/** A field with its old and new value, as text (the beginning of a long one); null where there was or is none, or something that is no plain value. */
export interface FieldChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

const plain = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

const LONGEST = 200;
const shortened = (text: string | null): string | null =>
  text !== null && text.length > LONGEST ? `${beginningOf(text, LONGEST - 1)}…` : text;

/** Of an event that has both, the fields in either. */
export function changesOf({ before, after }: Pick<LoggedEvent, 'before' | 'after'>): FieldChange[] {
  if (before === null || after === null) return [];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.map((field) => ({ field, from: shortened(plain(before[field])), to: shortened(plain(after[field])) }));
}

const words = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]/g, ' ')
    .toLowerCase();
const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

const NOUNS: Readonly<Record<string, string>> = { stock_level: 'the stock of' };
const VERBS: Readonly<Record<string, string>> = {
  created: 'added',
  updated: 'changed',
  item_added: 'added an item to',
  item_changed: 'changed an item of',
  item_removed: 'removed an item from',
  part_shipped: 'shipped part of',
  part_cancelled: 'cancelled part of',
  processing_started: 'began to process',
};

/** `moved`, or `taken the payment of` for payment_taken. */
function verbOf(participle: string): string {
  const [last, ...before] = participle.split('_').reverse();
  return VERBS[participle] ?? (before.length === 0 ? last! : `${last} the ${before.reverse().join(' ')} of`);
}

/** One sentence for people: "Ada moved order SO-1001 from pending to confirmed". */
export function sentenceOf(event: LoggedEvent): string {
  return `${actorOf(event)} ${deedOf(event)}`;
}

function actorOf({ actorKind, actorName }: LoggedEvent): string {
  if (actorKind === 'user') return actorName ?? 'Somebody who is gone';
  return actorKind === 'system' ? 'The system' : 'A visitor';
}

function deedOf(event: LoggedEvent): string {
  const { type, aggregateType, aggregateId, actorKind, actorId, label, payload, before, after } = event;
  const thing = thingOf(event);
  const [kind, verb] = type.split('.') as [string, string];
  switch (type) {
    case 'stock.adjusted':
      return `adjusted ${thing}${at(event)} by ${plain(payload['quantity'])} to ${plain(after?.['onHand'])} (${words(plain(payload['reason']) ?? 'no reason')})`;
    case 'user.registered':
      if (actorId === aggregateId || label === null) return 'registered';
      return actorKind === 'anonymous' ? `registered as ${label}` : `registered ${label}`;
    case 'session.started':
      return 'signed in';
    case 'session.ended':
      return payload['reason'] === 'refresh_token_reused' ? 'was signed out: a used refresh token came back' : 'signed out';
    case 'password_reset.requested':
      return `asked to reset the password of ${label ?? 'somebody'}`;
    case 'two_factor.enabled':
      return `turned on the second factor${ofOther(event)}`;
    case 'two_factor.disabled':
      return `turned off the second factor${ofOther(event)}`;
    case 'two_factor.recovery_code_used':
      return `used a recovery code${ofOther(event)}`;
    case 'invitation.created':
      return `invited somebody as ${plain(after?.['role'])}`;
    case 'membership.created':
      return `made ${label ?? 'somebody'} ${plain(after?.['role'])}`;
    default:
      break;
  }
  // Such as profile.updated of a user.
  if (kind !== aggregateType) return `${verbOf(verb)} the ${words(kind)} of ${thing}`;
  if (verb === 'status_changed') return `moved ${thing} from ${plain(before?.['status'])} to ${plain(after?.['status'])}`;
  const [total, currency] = [plain(after?.['total']), plain(payload['currency'])];
  if ((verb === 'placed' || verb === 'imported' || verb === 'drafted') && total !== null && currency !== null)
    return `${verb} ${thing}${at(event)} over ${formatMoney(new Decimal(total), currency)} ${currency}`;
  const changed = verb === 'updated' ? changesOf(event).map(({ field }) => words(field)) : [];
  if (changed.length > 0) return `changed ${listed(changed)} of ${thing}`;
  return `${verbOf(verb)} ${thing}`;
}

/** `order SO-1001`, or `an order` when it has no name. */
function thingOf({ aggregateType, label }: LoggedEvent): string {
  const noun = NOUNS[aggregateType] ?? words(aggregateType);
  if (label !== null) return `${noun} ${label}`;
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Whom an event of a user is about, unless that is who did it. */
const ofOther = ({ actorId, aggregateId, label }: LoggedEvent): string => (actorId === aggregateId ? '' : ` of ${label ?? 'somebody'}`);

const at = ({ storeName }: LoggedEvent): string => (storeName === null ? '' : ` at ${storeName}`);
