import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { UnusableReference } from '../../kernel/common-errors';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { TaxRateArchived } from './organization.errors';
import { categoryTaxed, taxRateArchived, taxRateCreated, taxRateDeleted, taxRateUpdated } from './organization.events';
import type { OrganizationRepository } from './organization.repository';
import type { TaxRatesQueries } from './tax-rates.queries';
import type { TaxRate, TaxRatesRepository } from './tax-rates.repository';

export type TaxRateFields = Pick<TaxRate, 'name' | 'rate' | 'inclusive' | 'isDefault'> & {
  /** The categories whose products have this rate; those it had before lose it. Unchanged when left out. */
  readonly categoryIds?: readonly string[] | undefined;
};

/** One rate at most is the default. Every write holds the organization's row, so that the default moves in one step for everybody. */
export class TaxRatesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly organizations: Pick<OrganizationRepository, 'lock'>,
    private readonly taxRates: TaxRatesRepository,
    private readonly queries: TaxRatesQueries,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Duplicate, UnusableReference */
  create({ categoryIds, ...fields }: TaxRateFields): Promise<VersionedJson & { readonly id: string }> {
    return this.unitOfWork.run(async () => {
      await this.organizations.lock();
      const taxRate: TaxRate = { ...fields, id: newId(), archivedAt: null, version: 1 };
      if (taxRate.isDefault) await this.clearDefault();
      await this.taxRates.insert(taxRate, this.clock.now());
      await this.events.append(taxRateCreated(taxRate));
      if (categoryIds !== undefined) await this.assign(taxRate.id, categoryIds);
      return { id: taxRate.id, ...(await this.queries.read(taxRate.id)) };
    });
  }

  /** @throws TaxRateNotFound, TaxRateArchived, VersionMismatch, Duplicate, UnusableReference */
  replace(taxRateId: string, { categoryIds, ...fields }: TaxRateFields, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      await this.organizations.lock();
      const taxRate = await this.taxRates.lock(taxRateId);
      requireVersion(taxRate, expectedVersion);
      if (taxRate.archivedAt !== null) throw new TaxRateArchived(`Tax rate ${taxRateId} is archived`);
      const changed: TaxRate = { ...taxRate, ...fields };
      const difference = changedFields(taxRate, changed);
      if (difference) {
        if (changed.isDefault && !taxRate.isDefault) await this.clearDefault();
        const version = taxRate.version + 1;
        await this.taxRates.save({ ...changed, version }, this.clock.now());
        await this.events.append(taxRateUpdated({ id: taxRateId, version }, difference));
      }
      if (categoryIds !== undefined) await this.assign(taxRateId, categoryIds);
      return this.queries.read(taxRateId);
    });
  }

  /** Archives a rate that order lines name, deletes any other; its categories lose it. @throws TaxRateNotFound, VersionMismatch */
  remove(taxRateId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      await this.organizations.lock();
      const taxRate = await this.taxRates.lock(taxRateId);
      requireVersion(taxRate, expectedVersion);
      await this.assign(taxRateId, []);
      if (!(await this.taxRates.isUsed(taxRateId))) {
        await this.taxRates.remove(taxRateId);
        await this.events.append(taxRateDeleted(taxRate));
      } else if (taxRate.archivedAt === null) {
        const now = this.clock.now();
        await this.taxRates.save({ ...taxRate, isDefault: false, archivedAt: now, version: taxRate.version + 1 }, now);
        await this.events.append(taxRateArchived(taxRate, now));
      }
    });
  }

  private async clearDefault(): Promise<void> {
    const cleared = await this.taxRates.clearDefault(this.clock.now());
    await this.events.append(
      ...cleared.map((taxRate) => taxRateUpdated(taxRate, { before: { isDefault: true }, after: { isDefault: false } })),
    );
  }

  private async assign(taxRateId: string, categoryIds: readonly string[]): Promise<void> {
    const wanted = new Set(categoryIds);
    const categories = await this.taxRates.lockCategories(taxRateId, categoryIds);
    const known = new Set(categories.map((category) => category.id));
    const unknown = categoryIds.find((id) => !known.has(id));
    if (unknown !== undefined) throw new UnusableReference(`There is no category ${unknown}`, { field: 'categoryIds', id: unknown });
    const changes = categories
      .map(({ id, version, taxRateId: before }) => ({ id, version: version + 1, before, after: wanted.has(id) ? taxRateId : null }))
      .filter(({ before, after }) => before !== after);
    if (changes.length === 0) return;
    await this.taxRates.saveCategories(changes, this.clock.now());
    await this.events.append(...changes.map(categoryTaxed));
  }
}
