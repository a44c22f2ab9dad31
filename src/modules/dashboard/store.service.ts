import type { UnitOfWork } from '../../db/unit-of-work';
import type { JsonPage, PageWanted } from '../../db/json-page';
import type { Clock } from '../../kernel/clock';
import { requireStore } from '../../kernel/store-access';
import { StoreNotFound } from '../organization/organization.errors';
import { addDays } from './domain/periods';
import type { StoreQueries } from './store.queries';

export interface StoreWanted extends PageWanted {
  readonly sortBy: 'sku' | 'name';
  /** The oldest one the caller may see when left out. */
  readonly storeId?: string | undefined;
  readonly days: number;
  readonly lowStock?: boolean | undefined;
}

/** One store: its products with their stock and how they sell there. */
export class StoreDashboardService {
  constructor(
    private readonly unitOfWork: Pick<UnitOfWork, 'read'>,
    private readonly queries: StoreQueries,
    private readonly clock: Clock,
  ) {}

  /** One snapshot of two statements, whatever the data. @throws StoreNotFound, StoreForbidden */
  async read({ storeId, days, ...wanted }: StoreWanted): Promise<{ head: object; page: JsonPage }> {
    return this.unitOfWork.read(async () => {
      const found = await this.queries.head(this.clock.now(), storeId);
      if (found === undefined) throw new StoreNotFound(storeId === undefined ? 'You have no store in use' : `There is no store ${storeId}`);
      const { store, timeZone, today, ...figures } = found;
      requireStore(store.id);
      const from = addDays(today, 1 - days);
      const page = await this.queries.products({ ...wanted, storeId: store.id, timeZone, days: [from, today], dayCount: days });
      return { head: { store, timeZone, from, to: today, days, ...figures }, page };
    });
  }
}
