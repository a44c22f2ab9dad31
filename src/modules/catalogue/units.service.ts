import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { UnusableReference } from '../../kernel/common-errors';
import type { Decimal } from '../../kernel/decimal';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { unitCreated, unitDeleted, unitUpdated } from './catalogue.events';
import { UnitFrozen, UnitInUse } from './catalogue.errors';
import { convertQuantity } from './domain/unit-of-measure';
import type { UnitsQueries } from './units.queries';
import type { Unit, UnitsRepository } from './units.repository';

export type { Unit };
export type UnitFields = Omit<Unit, 'id' | 'version'>;

export interface Conversion {
  readonly from: Unit;
  readonly to: Unit;
  readonly quantity: Decimal;
  readonly converted: Decimal;
}

export interface CreatedUnit extends VersionedJson {
  readonly id: string;
}

export class UnitsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly units: UnitsRepository,
    private readonly queries: UnitsQueries,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  create(fields: UnitFields): Promise<CreatedUnit> {
    return this.unitOfWork.run(async () => {
      const unit: Unit = { ...fields, id: newId(), version: 1 };
      await this.units.insert(unit, this.clock.now());
      await this.events.append(unitCreated(unit));
      return { id: unit.id, ...(await this.queries.read(unit.id)) };
    });
  }

  /** A quantity already entered in a unit keeps meaning what it meant: code and name may always change, the rest only while no product uses it. */
  replace(unitId: string, fields: UnitFields, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      const unit = await this.units.lock(unitId);
      requireVersion(unit, expectedVersion);
      const changed: Unit = { ...unit, ...fields };
      const difference = changedFields(unit, changed);
      if (difference) {
        if (changed.factor !== unit.factor || changed.category !== unit.category || changed.isWhole !== unit.isWhole) {
          const { products } = await this.units.usage(unitId);
          if (products > 0)
            throw new UnitFrozen(`${products} products use ${unit.code}: its factor, category and isWhole can't change`, { products });
        }
        await this.units.save({ ...changed, version: unit.version + 1 }, this.clock.now());
        await this.events.append(unitUpdated(unitId, unit.version + 1, difference));
      }
      return this.queries.read(unitId);
    });
  }

  remove(unitId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      const unit = await this.units.lock(unitId);
      requireVersion(unit, expectedVersion);
      const usage = await this.units.usage(unitId);
      if (usage.products + usage.categories > 0)
        throw new UnitInUse(`${unit.code} is used by ${usage.products} products and ${usage.categories} categories`, usage);
      await this.units.remove(unitId);
      await this.events.append(unitDeleted(unit));
    });
  }

  /** `from` and `to` are ids or codes. @throws UnusableReference, UnitsNotConvertible, InvalidInput */
  async convert(request: { from: string; to: string; quantity: Decimal }): Promise<Conversion> {
    const from = await this.referred(request.from, 'from');
    const to = await this.referred(request.to, 'to');
    return { from, to, quantity: request.quantity, converted: convertQuantity(request.quantity, from, to) };
  }

  private async referred(idOrCode: string, field: string): Promise<Unit> {
    const unit = await this.units.find(idOrCode);
    if (!unit) throw new UnusableReference(`There is no unit ${idOrCode}`, { field, id: idOrCode });
    return unit;
  }
}
