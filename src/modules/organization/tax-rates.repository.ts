import type { UnitOfWork } from '../../db/unit-of-work';
import { currentOrganizationId } from '../../kernel/context';
import { TaxRateNotFound } from './organization.errors';

export interface TaxRate {
  readonly id: string;
  readonly name: string;
  /** Per cent, as canonical decimal text: 20 is 20 %. */
  readonly rate: string;
  readonly inclusive: boolean;
  readonly isDefault: boolean;
  readonly archivedAt: Date | null;
  readonly version: number;
}

export interface TaxedCategory {
  readonly id: string;
  readonly version: number;
  readonly taxRateId: string | null;
}

/** A category's change of tax rate: ids of the rates. */
export interface CategoryTaxed {
  readonly id: string;
  /** After the change. */
  readonly version: number;
  readonly before: string | null;
  readonly after: string | null;
}

export class TaxRatesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @throws TaxRateNotFound */
  async lock(taxRateId: string): Promise<TaxRate> {
    const [taxRate] = await this.unitOfWork.transaction.$queryRaw<TaxRate[]>`
      SELECT id::text, name, trim_scale(rate)::text AS rate, inclusive, is_default AS "isDefault", archived_at AS "archivedAt", version
      FROM tax_rates WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${taxRateId}::uuid FOR NO KEY UPDATE`;
    if (!taxRate) throw new TaxRateNotFound(`There is no tax rate ${taxRateId}`);
    return taxRate;
  }

  async insert(taxRate: TaxRate, now: Date): Promise<void> {
    await this.unitOfWork.transaction.taxRate.create({
      data: { organizationId: currentOrganizationId(), ...taxRate, createdAt: now, updatedAt: now },
    });
  }

  async save({ id, ...taxRate }: TaxRate, now: Date): Promise<void> {
    await this.unitOfWork.transaction.taxRate.updateMany({
      where: { organizationId: currentOrganizationId(), id },
      data: { ...taxRate, updatedAt: now },
    });
  }

  /** Takes the default from the rate that has it. Answers its new version; empty when there was none. */
  clearDefault(now: Date): Promise<Array<Pick<TaxRate, 'id' | 'version'>>> {
    return this.unitOfWork.transaction.$queryRaw`
      UPDATE tax_rates SET is_default = false, version = version + 1, updated_at = ${now}
      WHERE organization_id = ${currentOrganizationId()}::uuid AND is_default AND archived_at IS NULL RETURNING id::text, version`;
  }

  async isUsed(taxRateId: string): Promise<boolean> {
    const line = await this.unitOfWork.transaction.orderLine.findFirst({
      where: { organizationId: currentOrganizationId(), taxRateId },
      select: { id: true },
    });
    return line !== null;
  }

  async remove(taxRateId: string): Promise<void> {
    await this.unitOfWork.transaction.taxRate.deleteMany({ where: { organizationId: currentOrganizationId(), id: taxRateId } });
  }

  /** The categories that have the rate, and those named. */
  lockCategories(taxRateId: string, categoryIds: readonly string[]): Promise<TaxedCategory[]> {
    return this.unitOfWork.transaction.$queryRaw`
      SELECT id::text, version, tax_rate_id::text AS "taxRateId" FROM categories
      WHERE organization_id = ${currentOrganizationId()}::uuid AND (tax_rate_id = ${taxRateId}::uuid OR id = ANY (${[...categoryIds]}::uuid[]))
      ORDER BY id FOR NO KEY UPDATE`;
  }

  async saveCategories(changes: readonly CategoryTaxed[], now: Date): Promise<void> {
    const rows = changes.map(({ id, version, after }) => ({ id, version, tax_rate_id: after }));
    await this.unitOfWork.transaction.$executeRaw`
      UPDATE categories c SET tax_rate_id = n.tax_rate_id, version = n.version, updated_at = ${now}
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (id uuid, version integer, tax_rate_id uuid)
      WHERE c.organization_id = ${currentOrganizationId()}::uuid AND c.id = n.id`;
  }
}
