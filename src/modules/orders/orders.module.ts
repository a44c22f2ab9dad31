import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import { get, post, type AnyEndpoint, type Call, type KeyedCall } from '../../http/endpoint';
import { replay, reply } from '../../http/reply';
import { Decimal, ZERO } from '../../kernel/decimal';
import type { Clock } from '../../kernel/clock';
import type { StockService } from '../inventory/stock.service';
import { NumberBlocks } from './number-blocks';
import { presentOrder } from './order.view';
import { OrdersRepository } from './orders.repository';
import { newOrder, orderParams, orderView, type NewOrderBody } from './orders.schemas';
import { PlacementRepository } from './placement.repository';
import { PlacementService } from './placement.service';

export interface OrdersDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: HotLane;
  readonly events: EventStore;
  readonly clock: Clock;
  readonly stock: StockService;
  readonly onPlaced: () => void;
}
export function createOrders({ unitOfWork, lane, clock, onPlaced }: OrdersDependencies) {
  const repository = new OrdersRepository(unitOfWork, lane);
  const placement = new PlacementService(new PlacementRepository(lane), new NumberBlocks(lane), clock, onPlaced);
  const place = async ({ body, principal, idempotency }: KeyedCall<{ body: NewOrderBody }>) => {
    const placed = await placement.place({
      order: {
        ...(body.storeId && { storeId: body.storeId }),
        shippingAmount: ZERO,
        items: body.items.map((i) => ({ productId: i.productId, quantity: new Decimal(i.quantity) })),
      },
      draft: body.draft ?? false,
      maySetPrices: principal.permissions.has('prices:write'),
      ...(idempotency && { claim: idempotency }),
      answerOf: (order) => ({ status: 201, body: JSON.stringify(presentOrder(order)), headers: { ETag: '"1"' } }),
    });
    if ('replayed' in placed) return replay<ReturnType<typeof presentOrder>>(placed.replayed);
    return reply(presentOrder(placed.order), { status: 201 });
  };
  const routes: AnyEndpoint[] = [
    post(
      '/orders',
      {
        operationId: 'placeOrder',
        summary: 'Place an order',
        tag: 'Orders',
        allow: 'orders:write',
        body: newOrder,
        returns: orderView,
        status: 201,
        idempotency: 'own',
      },
      place,
    ),
    get(
      '/orders/:orderId',
      { operationId: 'readOrder', summary: 'Read an order', tag: 'Orders', allow: 'orders:read', params: orderParams, returns: orderView },
      async ({ params }: Call<{ params: { orderId: string } }>) => presentOrder(await repository.find(params.orderId)),
    ),
  ];
  return { routes, placement, orders: repository };
}
