import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { UnusableReference } from '../../kernel/common-errors';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { AllowedUnitsInUse, CategoryInUse } from './catalogue.errors';
import { categoryCreated, categoryDeleted, categoryMoved, categoryMovedAlong, categoryUpdated } from './catalogue.events';
import type { CategoriesQueries } from './categories.queries';
import type { CategoriesRepository, Category } from './categories.repository';
import { moveBelow, placeBelow, type Place } from './domain/category-tree';
import { categoryCode, firstFree } from './domain/codes';
import type { UnitsRepository } from './units.repository';

export interface CategoryChange {
  readonly name?: string;
  readonly code?: string;
  /** Null makes it a root. */
  readonly parentId?: string | null;
  readonly taxRateId?: string | null;
  /** Empty means any. */
  readonly allowedUnitIds?: readonly string[];
}

export interface NewCategory extends CategoryChange {
  readonly name: string;
}

export interface CreatedCategory extends VersionedJson {
  readonly id: string;
}

export class CategoriesService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly categories: CategoriesRepository,
    private readonly units: Pick<UnitsRepository, 'missing'>,
    private readonly queries: CategoriesQueries,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  create({ name, code, parentId = null, taxRateId = null, allowedUnitIds = [] }: NewCategory): Promise<CreatedCategory> {
    return this.unitOfWork.run(async () => {
      await this.categories.lockTree(); // also so that two made codes can't be the same
      const id = newId();
      const parent = await this.parent(parentId);
      const category: Category = {
        id,
        name,
        code: code ?? (await this.freeCode(name)),
        parentId,
        ...placeBelow(parent, id),
        taxRateId: await this.usableTaxRate(taxRateId),
        allowedUnitIds: await this.knownUnits(allowedUnitIds),
        version: 1,
      };
      await this.categories.insert(category, this.clock.now());
      await this.events.append(categoryCreated(category));
      return { id, ...(await this.queries.read(id)) };
    });
  }

  /**
   * Changes what is given. With another parent everything below moves along, in one statement: each of those gets its new version and its event.
   * @throws CategoryCycle, CategoryTooDeep, AllowedUnitsInUse
   */
  update(categoryId: string, change: CategoryChange, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      if (change.parentId !== undefined) await this.categories.lockTree();
      const category = await this.categories.lock(categoryId);
      requireVersion(category, expectedVersion);
      const changed: Category = {
        ...category,
        ...change,
        ...(await this.newPlace(category, change.parentId)),
        ...(change.taxRateId !== undefined && { taxRateId: await this.usableTaxRate(change.taxRateId) }),
        ...(change.allowedUnitIds !== undefined && { allowedUnitIds: await this.narrowed(category, change.allowedUnitIds) }),
      };
      const difference = changedFields(category, changed);
      if (!difference) return this.queries.read(categoryId);

      const version = category.version + 1;
      const now = this.clock.now();
      await this.categories.save({ ...changed, version }, now);
      if (changed.parentId === category.parentId) {
        await this.events.append(categoryUpdated(categoryId, version, difference));
      } else {
        const along = await this.categories.moveDescendants(category, changed, now);
        await this.events.append(categoryMoved(categoryId, version, difference), ...along.map(categoryMovedAlong));
      }
      return this.queries.read(categoryId);
    });
  }

  remove(categoryId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      const category = await this.categories.lock(categoryId);
      requireVersion(category, expectedVersion);
      const usage = await this.categories.usage(categoryId);
      if (usage.children + usage.products > 0) {
        const what = `${usage.children} categories below it and ${usage.products} products`;
        throw new CategoryInUse(`Category ${category.name} still has ${what}`, usage);
      }
      await this.categories.remove(categoryId);
      await this.events.append(categoryDeleted(category));
    });
  }

  private async newPlace(category: Category, parentId: string | null | undefined): Promise<Place | undefined> {
    if (parentId === undefined || parentId === category.parentId) return undefined;
    const parent = await this.parent(parentId);
    return moveBelow(parent, category, await this.categories.deepestLevel(category.path));
  }

  private async parent(parentId: string | null): Promise<({ id: string } & Place) | null> {
    if (parentId === null) return null;
    const parent = await this.categories.place(parentId);
    if (!parent) throw new UnusableReference(`There is no category ${parentId}`, { field: 'parentId', id: parentId });
    return parent;
  }

  private async freeCode(name: string): Promise<string> {
    const code = categoryCode(name);
    return firstFree(code, await this.categories.codesLike(code));
  }

  private async usableTaxRate(taxRateId: string | null): Promise<string | null> {
    if (taxRateId !== null && !(await this.categories.isUsableTaxRate(taxRateId)))
      throw new UnusableReference(`There is no tax rate ${taxRateId} in use`, { field: 'taxRateId', id: taxRateId });
    return taxRateId;
  }

  private async knownUnits(unitIds: readonly string[]): Promise<string[]> {
    const distinct = [...new Set(unitIds)].sort();
    const [missing] = distinct.length === 0 ? [] : await this.units.missing(distinct);
    if (missing !== undefined) throw new UnusableReference(`There is no unit ${missing}`, { field: 'allowedUnitIds', id: missing });
    return distinct;
  }

  /** QTY-5 holds for the products that are there already. */
  private async narrowed(category: Category, unitIds: readonly string[]): Promise<string[]> {
    const known = await this.knownUnits(unitIds);
    const products = known.length === 0 ? 0 : await this.categories.productsOutside(category.id, known);
    if (products > 0) throw new AllowedUnitsInUse(`${products} products of ${category.name} use units outside of the list`, { products });
    return known;
  }
}
