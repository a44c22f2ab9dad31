import type { UnitOfWork } from '../../db/unit-of-work';
import { currentOrganizationId } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import { STANDARD_UNIT } from '../catalogue/domain/unit-of-measure';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type OrganizationFields = Pick<Organization, 'name' | 'currency' | 'timeZone'>;

/** The unit every product gets that names none. */
const PIECE = { code: STANDARD_UNIT, name: 'piece', category: 'count', factor: '1', isWhole: true };

/** The organization's own row (identity plane), and the rows it can't be without. */
export class OrganizationRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async read(): Promise<Organization> {
    return this.unitOfWork.client.organization.findFirstOrThrow({ where: { id: currentOrganizationId() } });
  }

  /** Ids of the organizations of this name, or of this id. The identity plane: needs no organization. Until the unit ends, nobody else looks for the name. */
  async lockName(name: string): Promise<string[]> {
    await this.unitOfWork.transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`organization ${name}`}, 0))::text`;
    const rows = await this.unitOfWork.transaction.$queryRaw<Array<{ id: string }>>`
      SELECT id::text FROM organizations WHERE name = ${name} OR id::text = lower(${name}) ORDER BY id LIMIT 10`;
    return rows.map(({ id }) => id);
  }

  /** The guard row of whatever must be decided once per organization: the last store, the default tax rate, the currency. */
  async lock(): Promise<Organization> {
    await this.unitOfWork.transaction.$queryRaw`SELECT 1 FROM organizations WHERE id = ${currentOrganizationId()}::uuid FOR NO KEY UPDATE`;
    return this.read();
  }

  async insert(fields: OrganizationFields, now: Date): Promise<void> {
    await this.unitOfWork.transaction.organization.create({
      data: { id: currentOrganizationId(), ...fields, createdAt: now, updatedAt: now },
    });
  }

  async save(fields: OrganizationFields & { readonly version: number }, now: Date): Promise<void> {
    await this.unitOfWork.transaction.organization.updateMany({
      where: { id: currentOrganizationId() },
      data: { ...fields, updatedAt: now },
    });
  }

  /** Whether any price or document is kept in the organization's currency. */
  async hasAmounts(): Promise<boolean> {
    const [row] = await this.unitOfWork.transaction.$queryRaw<Array<{ used: boolean }>>`
      SELECT EXISTS (SELECT FROM products WHERE organization_id = ${currentOrganizationId()}::uuid)
          OR EXISTS (SELECT FROM orders WHERE organization_id = ${currentOrganizationId()}::uuid)
          OR EXISTS (SELECT FROM customers WHERE organization_id = ${currentOrganizationId()}::uuid AND credit_limit IS NOT NULL) AS used`;
    return row!.used;
  }

  /** The unit piece, as an event tells it. */
  async insertPiece(now: Date): Promise<typeof PIECE & { readonly id: string }> {
    const id = newId();
    await this.unitOfWork.transaction.unit.create({
      data: { organizationId: currentOrganizationId(), id, ...PIECE, createdAt: now, updatedAt: now },
    });
    return { id, ...PIECE };
  }
}
