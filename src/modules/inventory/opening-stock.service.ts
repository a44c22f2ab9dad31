import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import type { Decimal } from '../../kernel/decimal';
import { requireStore } from '../../kernel/store-access';
import { storeNotUsable } from './inventory.errors';
import { stockAdjusted } from './inventory.events';
import type { StockRepository } from './stock.repository';

export interface OpeningStock {
  readonly productId: string;
  readonly storeId: string;
  /** More than zero, in the stock unit. */
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
}

export interface UsableStores {
  /** The store asked for, else the oldest one that the caller may use. @throws StoreNotUsable, StoreForbidden */
  resolve(storeId: string | undefined): string;
}

const REASON = 'initial_stock';

/** The stock that many new products start with, by the set. Nobody else can see the products yet, so no level is contended. */
export class OpeningStockService {
  constructor(
    private readonly stock: Pick<StockRepository, 'shareUsableStores' | 'insertMovements'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Which of the stores asked for (undefined: the oldest) are in use. None of them can be archived before commit. */
  async usableStores(storeIds: ReadonlyArray<string | undefined>): Promise<UsableStores> {
    const { usable, oldest } = storeIds.length === 0 ? NO_STORES : await this.stock.shareUsableStores(storeIds.flatMap((id) => id ?? []));
    return {
      resolve: (storeId) => {
        const found = storeId === undefined ? oldest : usable.has(storeId) ? storeId : null;
        if (found === null) throw storeNotUsable(storeId);
        requireStore(found);
        return found;
      },
    };
  }

  async receive(openings: readonly OpeningStock[]): Promise<void> {
    if (openings.length === 0) return;
    const occurredAt = this.clock.now();
    const movements = await this.stock.insertMovements(
      openings.map((opening) => ({ ...opening, kind: 'adjustment', reason: REASON, occurredAt })),
    );
    await this.events.append(...movements.map((movement) => stockAdjusted(movement, REASON)));
  }
}

const NO_STORES = { usable: new Set<string>(), oldest: null };
