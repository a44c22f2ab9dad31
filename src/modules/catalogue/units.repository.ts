import type { UnitOfWork } from '../../db/unit-of-work';
import { currentOrganizationId } from '../../kernel/context';
import { isId } from '../../kernel/ids';
import { UnitNotFound } from './catalogue.errors';
import type { UnitOfMeasure } from './domain/unit-of-measure';

export interface Unit extends UnitOfMeasure {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}

export class UnitsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * FOR UPDATE, which also holds off the foreign keys of new products and categories: whether a unit is used must not change between the
   * look and the write. Units change rarely enough. @throws UnitNotFound
   */
  async lock(unitId: string): Promise<Unit> {
    const [unit] = await this.unitOfWork.transaction.$queryRaw<Unit[]>`
      SELECT id::text, code, name, category, trim_scale(factor)::text AS factor, is_whole AS "isWhole", version
      FROM units WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${unitId}::uuid FOR UPDATE`;
    if (!unit) throw new UnitNotFound(`There is no unit ${unitId}`);
    return unit;
  }

  async find(idOrCode: string): Promise<Unit | undefined> {
    const organizationId = currentOrganizationId();
    const row = await this.unitOfWork.client.unit.findFirst({
      where: isId(idOrCode.toLowerCase()) ? { organizationId, id: idOrCode } : { organizationId, code: idOrCode },
    });
    return row === null ? undefined : { ...row, factor: row.factor.toFixed() };
  }

  /** Which of the ids are no units of the organization. */
  async missing(unitIds: readonly string[]): Promise<string[]> {
    const rows = await this.unitOfWork.client.unit.findMany({
      where: { organizationId: currentOrganizationId(), id: { in: [...unitIds] } },
      select: { id: true },
    });
    const known = new Set(rows.map((row) => row.id));
    return unitIds.filter((id) => !known.has(id));
  }

  async usage(unitId: string): Promise<{ products: number; categories: number }> {
    const where = { organizationId: currentOrganizationId(), unitId };
    const products = await this.unitOfWork.transaction.product.count({ where });
    const categories = await this.unitOfWork.transaction.categoryUnit.count({ where });
    return { products, categories };
  }

  async insert({ id, code, name, category, factor, isWhole }: Unit, now: Date): Promise<void> {
    await this.unitOfWork.transaction.$executeRaw`
      INSERT INTO units (organization_id, id, code, name, category, factor, is_whole, created_at, updated_at)
      VALUES (${currentOrganizationId()}::uuid, ${id}::uuid, ${code}, ${name}, ${category}, ${factor}::numeric, ${isWhole}, ${now}, ${now})`;
  }

  async save({ id, ...columns }: Unit, now: Date): Promise<void> {
    await this.unitOfWork.transaction.unit.updateMany({
      where: { organizationId: currentOrganizationId(), id },
      data: { ...columns, updatedAt: now },
    });
  }

  async remove(unitId: string): Promise<void> {
    await this.unitOfWork.transaction.unit.deleteMany({ where: { organizationId: currentOrganizationId(), id: unitId } });
  }
}
