import type { DomainEvent, Json } from '../../events/event';
import { PERSONAL_FIELDS, type Customer } from './domain/customer';

const personal: ReadonlySet<string> = new Set(PERSONAL_FIELDS);

/** Parts the fields that name a person from those that don't. */
function part(fields: Json): { open: Json; personal: Json } {
  const entries = Object.entries(fields);
  return {
    open: Object.fromEntries(entries.filter(([field]) => !personal.has(field))),
    personal: Object.fromEntries(entries.filter(([field]) => personal.has(field))),
  };
}

const head = (type: string, customer: Pick<Customer, 'id'>, aggregateVersion: number) => ({
  type,
  aggregateType: 'customer',
  aggregateId: customer.id,
  aggregateVersion,
});

export function customerCreated(customer: Customer): DomainEvent {
  const { id: _id, version, anonymisedAt: _anonymisedAt, ...fields } = customer;
  const after = part(fields);
  return { ...head('customer.created', customer, version), after: after.open, personal: { after: after.personal } };
}

export function customerUpdated(customer: Customer, version: number, difference: { before: Json; after: Json }): DomainEvent {
  const before = part(difference.before);
  const after = part(difference.after);
  return {
    ...head('customer.updated', customer, version),
    before: before.open,
    after: after.open,
    ...(Object.keys(after.personal).length > 0 && { personal: { before: before.personal, after: after.personal } }),
  };
}

/** Without before and after: what was there is to be forgotten. */
export const customerAnonymised = (customer: Customer): DomainEvent => head('customer.anonymised', customer, customer.version + 1);
export const customerDeleted = (customer: Customer): DomainEvent => head('customer.deleted', customer, customer.version + 1);
