import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { invalidField, UnusableReference } from '../../kernel/common-errors';
import { type Decimal, ZERO } from '../../kernel/decimal';
import { requireStore } from '../../kernel/store-access';
import { assertWhole } from '../../kernel/quantity';
import type { AdjustmentReason, Movement, MovementSource, NewMovement } from './domain/stock-movement';
import { averageCost, type Demand, keyOf, type Shortage, shortages, sumDemand, type StockLevel, takeableFrom } from './domain/stock-level';
import { InsufficientStock, StockNotTracked, StoreNotUsable, storeNotUsable } from './inventory.errors';
import { stockAdjusted } from './inventory.events';
import type { ReservationChange, StockRepository } from './stock.repository';

export interface Adjustment {
  readonly productId: string;
  /** The oldest store the caller may use when left out. */
  readonly storeId?: string;
  /** A signed change, or the quantity there shall be: exactly one of the two. */
  readonly change: { readonly by: Decimal } | { readonly to: Decimal };
  readonly reason: AdjustmentReason;
  readonly note?: string;
  /** For goods coming in; the level's average, else the product's cost, when left out. */
  readonly unitCost?: Decimal;
}

export interface ReturnedGoods extends Demand {
  /** Of the order line they were sold on. */
  readonly lineId: string;
  /** In the organization's currency. */
  readonly value: Decimal;
  /** Not fit for the shelf. */
  readonly scrapped: boolean;
  readonly reason: string;
}

export interface Adjusted {
  readonly level: StockLevel;
  /** Null when there was already what there shall be. */
  readonly movement: Movement | null;
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
  }

  /**
   * STK-10: lines that hold more or less than before. All levels are locked at once, because two sets locked one after the other could
   * meet another order's the other way round. Throws InsufficientStock for what grew; nothing is changed then.
   */
  async rebook({
    grown,
    shrunk,
  }: {
    readonly grown: readonly ReservationChange[];
    readonly shrunk: readonly ReservationChange[];
  }): Promise<void> {
    if (grown.length === 0) return this.release(shrunk);
    if (shrunk.length > 0) {
      const all = sumDemand([...grown, ...shrunk]);
      await this.stock.ensureLevels(all);
      await this.lock(all);
      await this.release(shrunk);
    }
    await this.reserve(grown);
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
    // First what is promised, then what is there: reserved may at no moment exceed onHand.
    if (!(await this.stock.shrinkReservations(lines, 'consumed'))) throw new Error('an order line held less stock than it had open');
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

  /**
   * VAL-4: goods that come back, with the value they left with. What is scrapped of them leaves again at once, with the same value; the rest
   * could not leave an archived store any more. @throws StoreNotUsable
   */
  async takeBack(goods: readonly ReturnedGoods[], source: Omit<MovementSource, 'lineId'>, occurredAt: Date): Promise<Movement[]> {
    if (goods.length === 0) return [];
    await this.requireUsable(new Set(goods.filter(({ scrapped }) => !scrapped).map(({ storeId }) => storeId)));
    const keys = sumDemand(goods);
    await this.stock.ensureLevels(keys);
    await this.lock(keys);
    return this.stock.insertMovements(
      goods.flatMap(({ productId, storeId, lineId, quantity, value, scrapped, reason }) => {
        const shared = { productId, storeId, source: { ...source, lineId }, reason, occurredAt };
        const back: NewMovement = { ...shared, kind: 'customer_return', quantity, value };
        return scrapped ? [back, { ...shared, kind: 'scrap', quantity: quantity.negated(), value: value.negated() }] : [back];
      }),
    );
  }

  /**
   * STK-13. Refuses to take more than is available: what is reserved for orders stays.
   * @throws UnusableReference for an unknown product, StockNotTracked, StoreNotUsable, StoreForbidden, InsufficientStock, InvalidInput
   */
  adjust(adjustment: Adjustment): Promise<Adjusted> {
    return this.unitOfWork.run(async () => {
      const { productId, change } = adjustment;
      const product = await this.stock.shareProduct(productId);
      if (!product) throw new UnusableReference(`There is no product ${productId}`, { field: 'productId', id: productId });
      if (!product.tracksStock) throw new StockNotTracked(`Product ${productId} is sold without stock`);
      if ('by' in change) assertWhole(change.by, product.unit, 'quantity');
      else assertWhole(change.to, product.unit, 'setTo');
      const key = { productId, storeId: await this.storeOrDefault(adjustment.storeId) };
      await this.stock.ensureLevels([key]);
      const level = (await this.lock([key])).get(keyOf(key))!;
      const by = changeOf(level, change);
      if (by.isZero()) return { level, movement: null };
      const takeable = takeableFrom(level);
      if (by.negated().gt(takeable)) throw await this.insufficient([{ ...key, asked: by.negated(), available: takeable }]);
      return this.record(adjustment, level, by, unitCostOf(adjustment, level, by, product.cost));
    });
  }

  private async record({ reason, note }: Adjustment, level: StockLevel, by: Decimal, unitCost: Decimal | undefined): Promise<Adjusted> {
    const [movement] = await this.stock.insertMovements([
      {
        productId: level.productId,
        storeId: level.storeId,
        kind: 'adjustment',
        quantity: by,
        reason,
        occurredAt: this.clock.now(),
        ...(unitCost !== undefined && { unitCost }),
        ...(note !== undefined && { note }),
      },
    ]);
    await this.events.append(stockAdjusted(movement!, reason));
    return { level: { ...level, onHand: movement!.quantityAfter, value: movement!.valueAfter }, movement: movement! };
  }

  /** The stock a new product starts with. */
  async receiveInitial(initial: { productId: string; storeId?: string; quantity: Decimal; unitCost?: Decimal }): Promise<Adjusted> {
    const { quantity, ...rest } = initial;
    return this.adjust({ ...rest, change: { by: quantity }, reason: 'initial_stock' });
  }

  /** STK-15. The stores stay in use until commit. */
  private async requireUsable(storeIds: ReadonlySet<string>): Promise<void> {
    if (storeIds.size === 0) return;
    const { usable } = await this.stock.shareUsableStores([...storeIds]);
    for (const storeId of storeIds)
      if (!usable.has(storeId))
        throw new StoreNotUsable(`Store ${storeId} is archived: take the goods back as scrap`, { field: 'disposition', id: storeId });
  }

  private async storeOrDefault(storeId: string | undefined): Promise<string> {
    const usable = await this.stock.shareUsableStore(storeId);
    if (usable === null) throw storeNotUsable(storeId);
    requireStore(usable);
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

function changeOf(level: StockLevel, change: Adjustment['change']): Decimal {
  if ('to' in change) return change.to.minus(level.onHand);
  if (change.by.isZero()) throw invalidField('quantity', 'must not be zero');
  return change.by;
}

/** What a unit coming in costs; goods going out take their share of the value with them, so a cost of theirs would be ignored. */
function unitCostOf({ unitCost }: Adjustment, level: StockLevel, by: Decimal, cost: Decimal | null): Decimal | undefined {
  if (by.isPositive()) return unitCost ?? averageCost(level) ?? cost ?? ZERO;
  if (unitCost !== undefined) throw invalidField('unitCost', 'is for goods that come in; those that go out take their share of the value');
  return undefined;
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
