import type { DomainEvent, Json } from '../../events/event';
import type { Organization, OrganizationFields } from './organization.repository';
import type { Store } from './stores.repository';
import type { CategoryTaxed, TaxRate } from './tax-rates.repository';

interface Difference {
  readonly before: Json;
  readonly after: Json;
}

const event = (
  aggregateType: string,
  verb: string,
  { id, version }: { id: string; version: number },
  rest: Partial<DomainEvent>,
): DomainEvent => ({
  type: `${aggregateType}.${verb}`,
  aggregateType,
  aggregateId: id,
  aggregateVersion: version,
  ...rest,
});

export const organizationCreated = (id: string, after: OrganizationFields): DomainEvent =>
  event('organization', 'created', { id, version: 1 }, { after: { ...after } });
export const organizationUpdated = (organization: Pick<Organization, 'id' | 'version'>, difference: Difference): DomainEvent =>
  event('organization', 'updated', organization, difference);
/** The unit an organization begins with. */
export const unitCreated = ({ id, ...after }: { readonly id: string } & Json): DomainEvent =>
  event('unit', 'created', { id, version: 1 }, { after });

const factsOf = ({ code, name, kind, currency, address }: Store): Json => ({ code, name, kind, currency, address });
export const storeCreated = (store: Store): DomainEvent => event('store', 'created', store, { after: factsOf(store) });
export const storeUpdated = (store: Pick<Store, 'id' | 'version'>, difference: Difference): DomainEvent =>
  event('store', 'updated', store, difference);
export const storeArchived = (store: Pick<Store, 'id' | 'version'>, archivedAt: Date): DomainEvent =>
  event('store', 'archived', store, { before: { archivedAt: null }, after: { archivedAt: archivedAt.toISOString() } });
export const storeDeleted = (store: Store): DomainEvent =>
  event('store', 'deleted', { id: store.id, version: store.version + 1 }, { before: factsOf(store) });

const taxFactsOf = ({ name, rate, inclusive, isDefault }: TaxRate): Json => ({ name, rate, inclusive, isDefault });
export const taxRateCreated = (taxRate: TaxRate): DomainEvent => event('tax_rate', 'created', taxRate, { after: taxFactsOf(taxRate) });
export const taxRateUpdated = (taxRate: Pick<TaxRate, 'id' | 'version'>, difference: Difference): DomainEvent =>
  event('tax_rate', 'updated', taxRate, difference);
export const taxRateArchived = (taxRate: TaxRate, archivedAt: Date): DomainEvent =>
  event(
    'tax_rate',
    'archived',
    { id: taxRate.id, version: taxRate.version + 1 },
    {
      before: { archivedAt: null, isDefault: taxRate.isDefault },
      after: { archivedAt: archivedAt.toISOString(), isDefault: false },
    },
  );
export const taxRateDeleted = (taxRate: TaxRate): DomainEvent =>
  event('tax_rate', 'deleted', { id: taxRate.id, version: taxRate.version + 1 }, { before: taxFactsOf(taxRate) });

/** A category's tax rate is the category's own field, so its change is the category's event. */
export const categoryTaxed = (category: CategoryTaxed): DomainEvent =>
  event('category', 'updated', category, { before: { taxRateId: category.before }, after: { taxRateId: category.after } });
