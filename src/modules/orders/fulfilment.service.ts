import { newId } from '../../kernel/ids';
import { notLater } from '../../kernel/moments';
import { assertWhole } from '../../kernel/quantity';
import type { StockService } from '../inventory/stock.service';
import { heldBy } from './domain/held-stock';
import type { Order, OrderLine } from './domain/order';
import { withPortions } from './domain/order-change';
import { assertShipsSomething, leavesNothingOpen, planShipment, type Portion, type RequestedQuantity } from './domain/order-lines';
import { moveTo, type OrderStatus, shippingPath } from './domain/order-status';
import type { Shipment } from './domain/shipment';
import type { Change, Making, OrderChanges } from './order-changes';
import type { OrderCatalogueRepository } from './order-catalogue.repository';
import type { ShipmentsRepository } from './shipments.repository';

export interface RequestedShipment {
  /** Everything still open when left out. */
  readonly items?: readonly RequestedQuantity[] | undefined;
  readonly carrier?: string | undefined;
  readonly trackingNumber?: string | undefined;
  /** Now when left out. */
  readonly shippedAt?: Date | undefined;
}

/** Goods that leave: a shipment takes them from the shelf and from their reservation together (STK-9). */
export class FulfilmentService {
  constructor(
    private readonly changes: OrderChanges,
    private readonly shipments: ShipmentsRepository,
    private readonly catalogue: Pick<OrderCatalogueRepository, 'read'>,
    private readonly stock: Pick<StockService, 'ship'>,
  ) {}

  /**
   * Ships some or all of what is open (ORD-4). The last shipment makes the order shipped, an earlier one processing.
   * @throws IllegalTransition, NothingOpen, ExceedsOpenQuantity, UnusableReference, InvalidInput, InsufficientStock
   */
  ship(orderId: string, requested: RequestedShipment, expectedVersion?: number): Promise<{ order: Order; made: Shipment }> {
    return this.changes.make(orderId, expectedVersion, async (before, now) => {
      const path = shippingPath(before.status, false);
      const portions = planShipment(before.lines, requested.items);
      assertShipsSomething(portions);
      await this.assertWholeUnits(portions);
      const shipment = newShipment(before, portions, now, requested);
      return this.booking(before, shipment, leavesNothingOpen(before.lines, portions) ? shippingPath(before.status, true) : path);
    });
  }

  /** ORD-4: a move to shipped or completed ships what is still open; undefined when nothing is. @throws IllegalTransition */
  shipRest(order: Order, to: OrderStatus, now: Date): Change | undefined {
    const portions = planShipment(order.lines);
    return portions.length === 0 ? undefined : this.booking(order, newShipment(order, portions, now), [moveTo(to, order)]);
  }

  private booking(order: Order, shipment: Shipment, path: readonly OrderStatus[]): Making<Shipment> {
    const { portions } = shipment;
    const after = { ...withPortions(order, 'shippedQuantity', portions), status: path.at(-1) ?? order.status };
    return {
      after,
      path,
      event: after.fulfilmentStatus === 'partial' ? 'order.part_shipped' : 'order.shipped',
      payload: { shipmentId: shipment.id },
      effects: async () => {
        await this.stock.ship(heldBy(order, portions), { type: 'shipment', id: shipment.id }, shipment.shippedAt);
        await this.shipments.insert(shipment);
        return shipment;
      },
    };
  }

  /** QTY-2. Only a fraction can break the rule, so only then the units are asked for. @throws InvalidInput */
  async assertWholeUnits(portions: readonly Portion<OrderLine>[]): Promise<void> {
    const broken = portions.filter(({ quantity }) => !quantity.isInteger());
    if (broken.length === 0) return;
    const { products } = await this.catalogue.read(
      broken.map(({ line }) => line.productId),
      [],
    );
    for (const { line, quantity } of broken) {
      const product = products.get(line.productId)!;
      assertWhole(quantity, { code: product.unit, isWhole: product.unitIsWhole }, `the quantity of ${line.sku}`);
    }
  }
}

function newShipment(order: Order, portions: Shipment['portions'], now: Date, requested: RequestedShipment = {}): Shipment {
  const shippedAt = notLater('shippedAt', requested.shippedAt, now);
  return {
    id: newId(),
    orderId: order.id,
    storeId: order.store.id,
    carrier: requested.carrier ?? null,
    trackingNumber: requested.trackingNumber ?? null,
    shippedAt,
    portions,
  };
}
