import { invalidField, UnusableReference } from '../../kernel/common-errors';
import { type Decimal, ZERO } from '../../kernel/decimal';
import { formatQuantity } from '../../kernel/quantity';
import type { StockService } from '../inventory/stock.service';
import { heldDifference } from './domain/held-stock';
import type { Order, OrderLine } from './domain/order';
import { redraft, withLines } from './domain/order-change';
import { draftLines, type LineDraft, type OrderCatalogue, requantified, type RequestedLine } from './domain/order-composition';
import { ExceedsOpenQuantity, leavesNothingOpen, MOST_LINES } from './domain/order-lines';
import { canChangeItems } from './domain/order-status';
import type { Change, OrderChanges } from './order-changes';
import type { OrderCatalogueRepository } from './order-catalogue.repository';
import { ItemsFrozen, OrderItemNotFound, OrderWithoutItems, TooManyItems } from './orders.errors';

/** What is left out stays. A discount in one form takes the place of one in the other. */
export interface ItemChange {
  /** In the unit the item was entered in. */
  readonly quantity?: Decimal | undefined;
  readonly unitPrice?: Decimal | undefined;
  readonly discountPercent?: Decimal | undefined;
  readonly discountAmount?: Decimal | undefined;
}

/** An item of a replaced order: one it has, which keeps what was frozen on it, or a new one. */
export interface ReplacedItem extends RequestedLine {
  readonly id?: string | undefined;
}

/** Items of an order that may still change (ORD-9). The stock held changes by the difference of what is open, and by nothing else (STK-10). */
export class ItemsService {
  constructor(
    private readonly changes: OrderChanges,
    private readonly catalogue: Pick<OrderCatalogueRepository, 'read'>,
    private readonly stock: Pick<StockService, 'rebook'>,
  ) {}

  /** @throws ItemsFrozen, TooManyItems, InsufficientStock, and what freezing and pricing an item throw */
  add(orderId: string, item: RequestedLine, expectedVersion?: number): Promise<Order> {
    const adding = async (order: Order): Promise<Change> => {
      assertChangeable(order);
      if (order.lines.length >= MOST_LINES)
        throw new TooManyItems(`The order has ${order.lines.length} items and takes no more than ${MOST_LINES}`, { limit: MOST_LINES });
      const catalogue = await this.read([item]);
      const added = draftLines([item], catalogue, order.currency, nextNumber(order));
      return this.changed(order, withLines(order, [...order.lines.map(redraft), ...added]), 'order.item_added');
    };
    return this.changes.run(orderId, expectedVersion, adding, {});
  }

  /** @throws ItemsFrozen, OrderItemNotFound, ExceedsOpenQuantity below what was cancelled, OrderWithoutItems, InsufficientStock */
  change(orderId: string, itemId: string, change: ItemChange, expectedVersion?: number): Promise<Order> {
    const changing = async (order: Order): Promise<Change> => {
      assertChangeable(order);
      const line = itemOf(order, itemId);
      const catalogue = await this.read([line]);
      const drafts = order.lines.map((each) => (each === line ? redrafted(line, change, catalogue) : redraft(each)));
      return this.changed(order, withLines(order, drafts), 'order.item_changed');
    };
    return this.changes.run(orderId, expectedVersion, changing, {});
  }

  /** @throws ItemsFrozen, OrderItemNotFound, ExceedsOpenQuantity when some of it was cancelled, OrderWithoutItems */
  remove(orderId: string, itemId: string, expectedVersion?: number): Promise<Order> {
    return this.changes.run(orderId, expectedVersion, (order) => {
      assertChangeable(order);
      const line = itemOf(order, itemId);
      const rest = order.lines.filter((each) => each !== line);
      return this.changed(order, withLines(order, rest.map(redraft)), 'order.item_removed');
    });
  }

  /** The drafts of an order's new list of items: those it has, changed, and new ones. For replacing the whole order. */
  async replaced(order: Order, items: readonly ReplacedItem[]): Promise<LineDraft[]> {
    const catalogue = await this.read(items);
    let next = nextNumber(order);
    const seen = new Set<string>();
    return items.map((item, index) => {
      if (item.id === undefined) return draftLines([item], catalogue, order.currency, next++, index)[0]!;
      const line = order.lines.find(({ id }) => id === item.id);
      if (line === undefined) throw new UnusableReference(`The order has no item ${item.id}`, { field: `items.${index}.id`, id: item.id });
      if (seen.has(line.id)) throw invalidField(`items.${index}.id`, `names ${line.id} a second time`);
      seen.add(line.id);
      if (line.productId !== item.productId)
        throw invalidField(`items.${index}.productId`, `is not the product of item ${line.id}; send another product without an id`);
      assertOwnUnit(line, item, catalogue, `items.${index}.unitId`);
      const { quantity, unitPrice, discountPercent, discountAmount } = item;
      const change = { quantity, unitPrice, discountPercent: discountPercent ?? undefined, discountAmount: discountAmount ?? undefined };
      return redrafted({ ...line, discountPercent: null, discountAmount: ZERO }, change, catalogue);
    });
  }

  /**
   * The change with its effect on stock; a draft holds none.
   * @throws ExceedsOpenQuantity for an item that goes although some of it was cancelled, OrderWithoutItems when nothing of a placed order stays open
   */
  changed(before: Order, after: Order, event: Change['event']): Change {
    const kept = new Set(after.lines.map(({ id }) => id));
    for (const line of before.lines) if (!kept.has(line.id)) assertKeepsCancelled(line, ZERO);
    if (before.status !== 'draft' && leavesNothingOpen(after.lines, []))
      throw new OrderWithoutItems('Nothing of the order would be open any more; cancel the order instead');
    return {
      after,
      event,
      effects: async (written) => {
        if (before.status !== 'draft') await this.stock.rebook(heldDifference(before, written));
      },
    };
  }

  private read(items: ReadonlyArray<{ readonly productId: string; readonly unitId?: string | undefined }>): Promise<OrderCatalogue> {
    const productIds = [...new Set(items.map((item) => item.productId))];
    return this.catalogue.read(productIds, [...new Set(items.flatMap((item) => item.unitId ?? []))]);
  }
}

const nextNumber = ({ lines }: Order): number => 1 + Math.max(0, ...lines.map((line) => line.lineNumber));

/** ORD-9. @throws ItemsFrozen */
export function assertChangeable({ status }: Order): void {
  if (canChangeItems(status)) return;
  throw new ItemsFrozen(`The items of an order that is ${status} change through cancellations and returns only`, { status });
}

function itemOf(order: Order, itemId: string): OrderLine {
  const line = order.lines.find(({ id }) => id === itemId);
  if (line === undefined) throw new OrderItemNotFound(`The order has no item ${itemId}`);
  return line;
}

/** An item that is kept keeps the unit it was entered in, for its price and discounts are frozen in it. @throws UnusableReference, InvalidInput */
function assertOwnUnit(line: OrderLine, { unitId }: ReplacedItem, { units }: OrderCatalogue, field: string): void {
  if (unitId === undefined) return;
  const unit = units.get(unitId);
  if (unit === undefined) throw new UnusableReference(`There is no unit ${unitId}`, { field, id: unitId });
  if (unit.code !== line.unit)
    throw invalidField(field, `is ${unit.code}, but item ${line.id} is entered in ${line.unit}; send another unit without an id`);
}

/** ORD-3: what was cancelled of an item stays on the order. `quantity` is the item's new one in its stock unit. @throws ExceedsOpenQuantity */
function assertKeepsCancelled({ id, sku, cancelledQuantity }: OrderLine, quantity: Decimal): void {
  if (quantity.gte(cancelledQuantity)) return;
  const [asked, cancelled] = [formatQuantity(quantity), formatQuantity(cancelledQuantity)];
  const change = quantity.isZero() ? 'removed' : `lowered to ${asked}`;
  throw new ExceedsOpenQuantity(`${sku} cannot be ${change}: ${cancelled} of it were cancelled and stay on the order`, {
    items: [{ itemId: id, sku, asked, open: cancelled }],
  });
}

function redrafted(line: OrderLine, change: ItemChange, catalogue: OrderCatalogue): LineDraft {
  const { quantity, unitPrice, discountPercent, discountAmount } = change;
  const draft = quantity === undefined ? redraft(line) : requantified(redraft(line), quantity, catalogue);
  assertKeepsCancelled(line, draft.quantity);
  return {
    ...draft,
    ...(unitPrice !== undefined && { unitPrice, priceIsManual: true }),
    ...((discountPercent !== undefined || discountAmount !== undefined) && { discount: { discountPercent, discountAmount } }),
  };
}
