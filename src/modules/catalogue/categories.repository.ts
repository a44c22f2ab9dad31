import type { UnitOfWork } from '../../db/unit-of-work';
import type { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { CategoryNotFound } from './catalogue.errors';
import type { Place } from './domain/category-tree';

export interface Category extends Place {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly taxRateId: string | null;
  /** Ascending. None listed means any (QTY-5). */
  readonly allowedUnitIds: readonly string[];
  readonly version: number;
}

/** A category below a moved one: its new version and its places. */
export interface MovedCategory {
  readonly id: string;
  readonly version: number;
  readonly before: Place;
  readonly after: Place;
}

type Row = Omit<Category, 'allowedUnitIds'>;

export class CategoriesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  /** Whoever changes the shape of the organization's tree holds this until commit: two moves that are fine one by one can make a cycle together. */
  async lockTree(): Promise<void> {
    await this.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('categories:' || ${currentOrganizationId()}, 0))`;
  }

  /**
   * FOR UPDATE, which also holds off the foreign keys of new products and children: whether they exist, and in which units, must not
   * change between the look and the write. @throws CategoryNotFound
   */
  async lock(categoryId: string): Promise<Category> {
    const organizationId = currentOrganizationId();
    const [row] = await this.tx.$queryRaw<Row[]>`
      SELECT id::text, code, name, parent_id::text AS "parentId", tax_rate_id::text AS "taxRateId", level, path, version
      FROM categories WHERE organization_id = ${organizationId}::uuid AND id = ${categoryId}::uuid FOR UPDATE`;
    if (!row) throw new CategoryNotFound(`There is no category ${categoryId}`);
    return { ...row, allowedUnitIds: await this.allowedUnitIds(categoryId) };
  }

  async place(categoryId: string): Promise<({ id: string } & Place) | null> {
    return this.unitOfWork.client.category.findFirst({
      where: { organizationId: currentOrganizationId(), id: categoryId },
      select: { id: true, level: true, path: true },
    });
  }

  async deepestLevel(path: string): Promise<number> {
    const deepest = await this.tx.category.findFirstOrThrow({
      where: { organizationId: currentOrganizationId(), path: { startsWith: path } },
      orderBy: { level: 'desc' },
      select: { level: true },
    });
    return deepest.level;
  }

  /** The codes that are `code` or begin with it and a '-'. */
  async codesLike(code: string): Promise<Set<string>> {
    const rows = await this.unitOfWork.client.category.findMany({
      where: { organizationId: currentOrganizationId(), OR: [{ code }, { code: { startsWith: `${code}-` } }] },
      select: { code: true },
    });
    return new Set(rows.map((row) => row.code));
  }

  async isUsableTaxRate(taxRateId: string): Promise<boolean> {
    const where = { organizationId: currentOrganizationId(), id: taxRateId, archivedAt: null };
    return (await this.unitOfWork.client.taxRate.count({ where })) > 0;
  }

  async insert({ allowedUnitIds, ...columns }: Category, now: Date): Promise<void> {
    await this.tx.category.create({
      data: { organizationId: currentOrganizationId(), ...columns, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    await this.insertAllowedUnits(columns.id, allowedUnitIds);
  }

  async save({ id, allowedUnitIds, ...columns }: Category, now: Date): Promise<void> {
    const organizationId = currentOrganizationId();
    await this.tx.category.updateMany({ where: { organizationId, id }, data: { ...columns, updatedAt: now } });
    await this.tx.categoryUnit.deleteMany({ where: { organizationId, categoryId: id } });
    await this.insertAllowedUnits(id, allowedUnitIds);
  }

  /** Gives everything below `from` its new place in one statement; the moved category itself is saved by `save`. */
  async moveDescendants(from: { id: string } & Place, to: Place, now: Date): Promise<MovedCategory[]> {
    const rows = await this.tx.$queryRaw<Array<{ id: string; version: number; level: number; path: string }>>`
      UPDATE categories SET path = ${to.path} || substr(path, length(${from.path}) + 1), level = level + ${to.level - from.level}::int, version = version + 1, updated_at = ${now}
      WHERE organization_id = ${currentOrganizationId()}::uuid AND starts_with(path, ${from.path}) AND id <> ${from.id}::uuid
      RETURNING id::text, version, level, path`;
    return rows.map(({ id, version, level, path }) => ({
      id,
      version,
      before: { level: level - to.level + from.level, path: from.path + path.slice(to.path.length) },
      after: { level, path },
    }));
  }

  async usage(categoryId: string): Promise<{ children: number; products: number }> {
    const organizationId = currentOrganizationId();
    const children = await this.tx.category.count({ where: { organizationId, parentId: categoryId } });
    const products = await this.tx.product.count({ where: { organizationId, categoryId } });
    return { children, products };
  }

  async productsOutside(categoryId: string, unitIds: readonly string[]): Promise<number> {
    return this.tx.product.count({
      where: { organizationId: currentOrganizationId(), categoryId, unitId: { notIn: [...unitIds] } },
    });
  }

  async remove(categoryId: string): Promise<void> {
    await this.tx.category.deleteMany({ where: { organizationId: currentOrganizationId(), id: categoryId } });
  }

  private async allowedUnitIds(categoryId: string): Promise<string[]> {
    const rows = await this.tx.categoryUnit.findMany({
      where: { organizationId: currentOrganizationId(), categoryId },
      select: { unitId: true },
      orderBy: { unitId: 'asc' },
    });
    return rows.map((row) => row.unitId);
  }

  private async insertAllowedUnits(categoryId: string, unitIds: readonly string[]): Promise<void> {
    if (unitIds.length === 0) return;
    await this.tx.$executeRaw`
      INSERT INTO category_units (organization_id, category_id, unit_id)
      SELECT ${currentOrganizationId()}::uuid, ${categoryId}::uuid, u FROM unnest(${unitIds}::uuid[]) u`;
  }
}
