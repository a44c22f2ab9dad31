import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import type { Address } from '../../kernel/address';
import { currentOrganizationId } from '../../kernel/context';
import { requireStore } from '../../kernel/store-access';
import type { StoreKind } from './domain/store-kind';
import { StoreNotFound } from './organization.errors';

export interface Store {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly kind: StoreKind;
  readonly currency: string;
  readonly address: Address | null;
  readonly archivedAt: Date | null;
  readonly version: number;
}

export interface StoreUse {
  readonly productsInStock: number;
  readonly openOrders: number;
}

export class StoresRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @throws StoreNotFound, StoreForbidden */
  lock(storeId: string): Promise<Store> {
    return this.locked(storeId, Prisma.sql`FOR NO KEY UPDATE`);
  }

  /**
   * Alone with the store until commit: waits for everybody who is bringing it an order or goods, and holds off who comes next, so that
   * what it is used for doesn't change between the look and the write. @throws StoreNotFound, StoreForbidden
   */
  lockAlone(storeId: string): Promise<Store> {
    return this.locked(storeId, Prisma.sql`FOR UPDATE`);
  }

  private async locked(storeId: string, lock: Prisma.Sql): Promise<Store> {
    const [store] = await this.unitOfWork.transaction.$queryRaw<Store[]>`
      SELECT id::text, code, name, kind, currency, address, archived_at AS "archivedAt", version
      FROM stores WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${storeId}::uuid ${lock}`;
    if (!store) throw new StoreNotFound(`There is no store ${storeId}`);
    requireStore(storeId);
    return store;
  }

  async insert({ address, ...store }: Store, now: Date): Promise<void> {
    await this.unitOfWork.transaction.store.create({
      data: { organizationId: currentOrganizationId(), ...store, address: jsonOf(address), createdAt: now, updatedAt: now },
    });
  }

  async save({ id, address, ...store }: Store, now: Date): Promise<void> {
    await this.unitOfWork.transaction.store.updateMany({
      where: { organizationId: currentOrganizationId(), id },
      data: { ...store, address: jsonOf(address), updatedAt: now },
    });
  }

  /** Stores kept in one currency go over to another. Answers their new versions. */
  changeCurrency(from: string, to: string, now: Date): Promise<Array<Pick<Store, 'id' | 'version'>>> {
    return this.unitOfWork.transaction.$queryRaw`
      UPDATE stores SET currency = ${to}, version = version + 1, updated_at = ${now}
      WHERE organization_id = ${currentOrganizationId()}::uuid AND currency = ${from} RETURNING id::text, version`;
  }

  /** Stores in use. */
  count(): Promise<number> {
    return this.unitOfWork.transaction.store.count({ where: { organizationId: currentOrganizationId(), archivedAt: null } });
  }

  /** STK-15: whether stock ever moved there, or a document names it. */
  async hasHistory(storeId: string): Promise<boolean> {
    const organizationId = currentOrganizationId();
    const names = (table: Prisma.Sql): Prisma.Sql =>
      Prisma.sql`EXISTS (SELECT FROM ${table} WHERE organization_id = ${organizationId}::uuid AND store_id = ${storeId}::uuid)`;
    const tables = [
      Prisma.sql`stock_movements`,
      Prisma.sql`orders`,
      Prisma.sql`shipments`,
      Prisma.sql`returns`,
      Prisma.sql`stock_notes`,
      Prisma.sql`stock_reservations`,
    ];
    const [row] = await this.unitOfWork.transaction.$queryRaw<Array<{ used: boolean }>>`
      SELECT ${Prisma.join(tables.map(names), ' OR ')} AS used`;
    return row!.used;
  }

  /** How many memberships, and open invitations, are limited to some stores, and to this one among them. */
  async limited(storeId: string, now: Date): Promise<{ users: number; invitations: number }> {
    const organizationId = currentOrganizationId();
    const { membershipStore, invitation } = this.unitOfWork.transaction;
    const open = { acceptedAt: null, revokedAt: null, expiresAt: { gt: now } };
    return {
      users: await membershipStore.count({ where: { organizationId, storeId } }),
      invitations: await invitation.count({ where: { organizationId, limitedToStores: true, storeIds: { has: storeId }, ...open } }),
    };
  }

  /** What an archived store could no longer settle: products that lie there or are promised, orders that have yet to be shipped. */
  async use(storeId: string): Promise<StoreUse> {
    const organizationId = currentOrganizationId();
    const [row] = await this.unitOfWork.transaction.$queryRaw<StoreUse[]>`
      SELECT
        (SELECT count(*)::integer FROM stock_levels
         WHERE organization_id = ${organizationId}::uuid AND store_id = ${storeId}::uuid AND (on_hand <> 0 OR reserved <> 0)) AS "productsInStock",
        (SELECT count(*)::integer FROM orders
         WHERE organization_id = ${organizationId}::uuid AND store_id = ${storeId}::uuid AND status IN ('pending', 'confirmed', 'processing')) AS "openOrders"`;
    return row!;
  }

  /** With the empty levels that were made for it. */
  async remove(storeId: string): Promise<void> {
    const where = { organizationId: currentOrganizationId(), storeId };
    await this.unitOfWork.transaction.stockLevel.deleteMany({ where });
    await this.unitOfWork.transaction.store.deleteMany({ where: { organizationId: where.organizationId, id: storeId } });
  }
}

const jsonOf = (address: Address | null): Prisma.InputJsonObject | typeof Prisma.DbNull =>
  address === null ? Prisma.DbNull : { ...address };
