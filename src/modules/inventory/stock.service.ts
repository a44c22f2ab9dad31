import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { InvalidInput, UnusableReference } from '../../kernel/common-errors';
import { type Decimal, ZERO } from '../../kernel/decimal';
import type { AdjustmentReason, Movement, MovementSource } from './domain/stock-movement';
import { availableOf, type Demand, keyOf, type Shortage, shortages, sumDemand, type StockLevel } from './domain/stock-level';
import { InsufficientStock, StockNotTracked, StoreNotUsable } from './inventory.errors';
import { stockAdjusted } from './inventory.events';
import type { ReservationChange, StockRepository } from './stock.repository';

export interface Adjustment {
  readonly productId: string;
  /** The organization's oldest store when left out. */
  readonly storeId?: string;
  /** A signed change, or the quantity there shall be: exactly one of the two. */
  readonly change: { readonly by: Decimal } | { readonly to: Decimal };
  readonly reason: AdjustmentReason;
  readonly note?: string;
  /** For goods coming in; the level's average, else the product's cost, when left out. */
  readonly unitCost?: Decimal;
}

export interface Adjusted {
  readonly level: StockLevel;
  readonly movement: Movement;
}

/**
 * What may be done with stock, always in the caller's unit of work: reserve and release (orders), ship, adjust. Each takes the locks
 * first, in lock order, then writes with guards; a refusal throws and the unit rolls back.
 */
export class StockService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly stock: StockRepository,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** STK-6, STK-9. Throws InsufficientStock naming each product that is short; nothing is reserved then. */
  async reserve(lines: readonly ReservationChange[]): Promise<void> {
    if (lines.length === 0) return;
    const demands = sumDemand(lines);
    await this.stock.ensureLevels(demands);
    const levels = await this.lock(demands);
    const short = shortages(demands, levels);
    if (short.length > 0) throw await this.insufficient(short);
    if (!(await this.stock.addReserved(demands))) throw new Error('levels changed under their locks');
    await this.stock.growReservations(lines, this.clock.now());
  }

  /** Gives back what open lines held. */
  async release(lines: readonly ReservationChange[]): Promise<void> {
    if (lines.length === 0) return;
    await this.lock(sumDemand(lines));
    if (!(await this.stock.shrinkReservations(lines, 'released'))) throw new Error('an order line held less stock than it had open');
    await this.stock.subtractReserved(sumDemand(lines));
  }

  /** STK-9: onHand −q and reserved −q together. A back-ordered line that is not yet in stock is refused: 409 INSUFFICIENT_STOCK. */
  async ship(lines: readonly ReservationChange[], source: Omit<MovementSource, 'lineId'>, occurredAt: Date): Promise<Movement[]> {
    if (lines.length === 0) return [];
    const demands = sumDemand(lines);
    const levels = await this.lock(demands);
    const short = demands.filter((demand) => demand.quantity.gt(levels.get(keyOf(demand))?.onHand ?? ZERO));
    if (short.length > 0)
      throw await this.insufficient(
        short.map((demand) => ({ ...demand, asked: demand.quantity, available: levels.get(keyOf(demand))?.onHand ?? ZERO })),
      );
    if (!(await this.stock.shrinkReservations(lines, 'consumed'))) throw new Error('an order line held less stock than it had open');
    // First what is promised, then what is there: reserved may at no moment exceed onHand.
    await this.stock.subtractReserved(demands);
    return this.stock.insertMovements(
      lines.map((line) => ({
        productId: line.productId,
        storeId: line.storeId,
        kind: 'shipment',
        quantity: line.quantity.negated(),
        source: { ...source, lineId: line.orderLineId },
        occurredAt,
      })),
    );
  }

  /** STK-13. Refuses to take more than is available: what is reserved for orders stays. */
  adjust(adjustment: Adjustment): Promise<Adjusted> {
    return this.unitOfWork.run(async () => {
      const product = await this.stock.productForStock(adjustment.productId);
      if (!product)
        throw new UnusableReference(`There is no product ${adjustment.productId}`, { field: 'productId', id: adjustment.productId });
      if (!product.tracksStock) throw new StockNotTracked(`Product ${adjustment.productId} is sold without stock`);
      const storeId = await this.storeOrDefault(adjustment.storeId);
      const key = { productId: product.id, storeId };
      await this.stock.ensureLevels([key]);
      const level = (await this.lock([key])).get(keyOf(key))!;
      const by = 'by' in adjustment.change ? adjustment.change.by : adjustment.change.to.minus(level.onHand);
      if (by.isZero()) throw new InvalidInput('The adjustment changes nothing', { onHand: level.onHand.toFixed() });
      if (product.unitIsWhole && !by.isInteger())
        throw new InvalidInput(`The product is counted in whole units; ${by.toFixed()} is not one`);
      const available = availableOf(level);
      if (by.isNegative() && by.negated().gt(level.allowsBackorder ? level.onHand : available))
        throw await this.insufficient([{ ...key, asked: by.negated(), available }]);

      const unitCost =
        adjustment.unitCost ?? (level.onHand.isZero() ? (product.cost ?? ZERO) : level.value.div(level.onHand).toDecimalPlaces(6));
      const [movement] = await this.stock.insertMovements([
        {
          ...key,
          kind: 'adjustment',
          quantity: by,
          unitCost,
          reason: adjustment.reason,
          occurredAt: this.clock.now(),
          ...(adjustment.note === undefined ? {} : { note: adjustment.note }),
        },
      ]);
      await this.events.append(stockAdjusted(movement!, adjustment.reason));
      return { level: { ...level, onHand: movement!.quantityAfter, value: movement!.valueAfter }, movement: movement! };
    });
  }

  /** The stock a new product starts with. */
  async receiveInitial(initial: { productId: string; storeId?: string; quantity: Decimal; unitCost?: Decimal }): Promise<Adjusted> {
    const { quantity, ...rest } = initial;
    return this.adjust({ ...rest, change: { by: quantity }, reason: 'initial_stock' });
  }

  private async storeOrDefault(storeId: string | undefined): Promise<string> {
    const usable = await this.stock.usableStore(storeId);
    if (usable === null)
      throw new StoreNotUsable(storeId === undefined ? 'The organization has no store' : `There is no store ${storeId} in use`, {
        field: 'storeId',
        id: storeId ?? null,
      });
    return usable;
  }

  private async lock(keys: readonly { productId: string; storeId: string }[]): Promise<Map<string, StockLevel>> {
    const levels = await this.stock.lockLevels(keys);
    return new Map(levels.map((level) => [keyOf(level), level]));
  }

  private async insufficient(short: readonly (Shortage | (Demand & Shortage))[]): Promise<InsufficientStock> {
    return insufficientStock(short, await this.stock.namesOf(short.map((shortage) => shortage.productId)));
  }
}

/** The refusal of STK-6: names each product, what was asked and what is available. */
export function insufficientStock(
  short: readonly Shortage[],
  names: ReadonlyMap<string, { sku: string; name: string }>,
): InsufficientStock {
  const items = short.map(({ productId, storeId, asked, available }) => ({
    productId,
    sku: names.get(productId)?.sku ?? null,
    name: names.get(productId)?.name ?? null,
    storeId,
    asked: asked.toFixed(),
    available: available.toFixed(),
  }));
  const said = items.map((item) => `${item.name ?? item.productId}: asked ${item.asked}, available ${item.available}`).join('; ');
  return new InsufficientStock(`Not enough stock – ${said}`, { items });
}
