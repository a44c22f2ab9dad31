import type { UnitOfWork } from '../../db/unit-of-work';
import type { InventoryQueries } from './inventory.queries';
import type { LedgerQueries } from './ledger.queries';
import type { Adjustment, StockService } from './stock.service';

/** Adjustments by hand, answered as JSON: `{ level, movement }`, both as they are read elsewhere. */
export class InventoryService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly stock: Pick<StockService, 'adjust'>,
    private readonly levels: Pick<InventoryQueries, 'level' | 'requireProduct'>,
    private readonly ledger: Pick<LedgerQueries, 'movement'>,
  ) {}

  /** @throws what StockService.adjust throws */
  adjust(adjustment: Adjustment): Promise<string> {
    return this.unitOfWork.run(async () => {
      const { level, movement } = await this.stock.adjust(adjustment);
      const written = movement === null ? 'null' : await this.ledger.movement(movement.id);
      return `{"level":${await this.levels.level(level)},"movement":${written}}`;
    });
  }

  /** The product is what the path names, so an unknown one is not found rather than unusable. @throws ProductNotFound as well */
  adjustProduct(adjustment: Adjustment): Promise<string> {
    return this.unitOfWork.run(async () => {
      await this.levels.requireProduct(adjustment.productId);
      return this.adjust(adjustment);
    });
  }
}
