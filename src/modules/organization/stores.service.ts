import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { InUse } from '../../kernel/common-errors';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { requireEveryStore } from '../../kernel/store-access';
import { LastStore, StoreArchived, StoreInUse } from './organization.errors';
import { storeArchived, storeCreated, storeDeleted, storeUpdated } from './organization.events';
import type { OrganizationRepository } from './organization.repository';
import type { StoresQueries } from './stores.queries';
import type { Store, StoresRepository, StoreUse } from './stores.repository';

export type StoreFields = Pick<Store, 'code' | 'name' | 'kind' | 'address'> & {
  /** The organization's when left out. */
  readonly currency?: string | undefined;
};
export type StoreChanges = Partial<StoreFields>;

export class StoresService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly organizations: Pick<OrganizationRepository, 'lock' | 'read'>,
    private readonly stores: StoresRepository,
    private readonly queries: StoresQueries,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Duplicate when another store has the code, StoreForbidden */
  create({ currency, ...fields }: StoreFields): Promise<VersionedJson & { readonly id: string }> {
    requireEveryStore('Creating a store');
    return this.unitOfWork.run(async () => {
      const store: Store = {
        ...fields,
        id: newId(),
        currency: currency ?? (await this.organizations.read()).currency,
        archivedAt: null,
        version: 1,
      };
      await this.stores.insert(store, this.clock.now());
      await this.events.append(storeCreated(store));
      return { id: store.id, ...(await this.queries.read(store.id)) };
    });
  }

  /** @throws StoreNotFound, StoreForbidden, StoreArchived, VersionMismatch, Duplicate */
  change(storeId: string, changes: StoreChanges, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      const store = await this.stores.lock(storeId);
      requireVersion(store, expectedVersion);
      if (store.archivedAt !== null) throw new StoreArchived(`Store ${storeId} is archived`);
      const changed: Store = { ...store, ...changes, currency: changes.currency ?? store.currency };
      const difference = changedFields(store, changed);
      if (difference) {
        const version = store.version + 1;
        await this.stores.save({ ...changed, version }, this.clock.now());
        await this.events.append(storeUpdated({ id: storeId, version }, difference));
      }
      return this.queries.read(storeId);
    });
  }

  /**
   * Deletes a store that was never used, archives any other (STK-15) once it has neither stock nor open orders.
   * @throws StoreNotFound, StoreForbidden, LastStore, StoreInUse, InUse, VersionMismatch
   */
  remove(storeId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      // Two requests that remove the last two stores at once must see each other.
      await this.organizations.lock();
      const store = await this.stores.lockAlone(storeId);
      requireVersion(store, expectedVersion);
      if (store.archivedAt === null && (await this.stores.count()) === 1)
        throw new LastStore(`Store ${storeId} is the last one in use and cannot go`);
      if (!(await this.stores.hasHistory(storeId))) {
        await this.requireUnlimited(storeId);
        await this.stores.remove(storeId);
        await this.events.append(storeDeleted(store));
      } else if (store.archivedAt === null) {
        assertIdle(store, await this.stores.use(storeId));
        const now = this.clock.now();
        const archived: Store = { ...store, archivedAt: now, version: store.version + 1 };
        await this.stores.save(archived, now);
        await this.events.append(storeArchived(archived, now));
      }
    });
  }

  /** A membership, now or to be, would change with the store it is limited to, without its version or an event telling so. */
  private async requireUnlimited(storeId: string): Promise<void> {
    const { users, invitations } = await this.stores.limited(storeId, this.clock.now());
    if (users + invitations === 0) return;
    const who = [counted(users, 'user'), counted(invitations, 'open invitation')].filter((each) => each !== null).join(' and ');
    const are = users + invitations === 1 ? 'is' : 'are';
    throw new InUse(`${who} ${are} limited to store ${storeId}: give them other stores first, or revoke them`, { users, invitations });
  }
}

const counted = (count: number, what: string): string | null => (count === 0 ? null : `${count} ${what}${count === 1 ? '' : 's'}`);

function assertIdle({ name }: Store, use: StoreUse): void {
  if (use.productsInStock === 0 && use.openOrders === 0) return;
  const left = `${use.productsInStock} products in stock or reserved and ${use.openOrders} open orders`;
  throw new StoreInUse(`${name} still has ${left}: empty it and close them before it is archived`, { ...use });
}
