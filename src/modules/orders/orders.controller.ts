import { etagOf } from '../../http/conditional';
import type { Call, KeyedCall } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson, replay } from '../../http/reply';
import type { FulfilmentService } from './fulfilment.service';
import type { ItemsService } from './items.service';
import type { LifecycleService } from './lifecycle.service';
import {
  assertMayPrice,
  requestedChange,
  requestedItem,
  requestedOrder,
  requestedQuantities,
  requestedReplacement,
} from './orders.requests';
import { presentOrder, presentShipment, type OrderView } from './orders.view';
import { HISTORY_SORTS, type OrderDocumentsQueries, SHIPMENT_SORTS } from './order-documents.queries';
import { ORDER_SORTS, type OrdersQueries } from './orders.queries';
import type {
  CancellationBody,
  ChangedItemBody,
  HistoryEntry,
  HistoryList,
  ItemParams,
  NewItemBody,
  NewOrderBody,
  NewShipmentBody,
  OrderList,
  OrderParams,
  OrderReplacementBody,
  OrderSummary,
  ShipmentList,
  ShipmentView,
  StatusChangeBody,
} from './orders.schemas';
import type { OrdersService } from './orders.service';

export class OrdersController {
  constructor(
    private readonly orders: OrdersService,
    private readonly lifecycle: LifecycleService,
    private readonly itemsOf: ItemsService,
    private readonly fulfilment: FulfilmentService,
    private readonly queries: OrdersQueries,
    private readonly documents: OrderDocumentsQueries,
  ) {}

  place = async ({ body, principal, request, idempotency }: KeyedCall<{ body: NewOrderBody }>) => {
    assertMayPrice(principal, body, ...body.items);
    const placed = await this.orders.place({
      order: requestedOrder(body),
      draft: body.draft ?? false,
      ...(idempotency && { claim: idempotency }),
      answerOf: (order) => ({
        status: 201,
        body: JSON.stringify(presentOrder(order)),
        headers: { ETag: etagOf(order.version), Location: `${request.path}/${order.id}` },
      }),
    });
    if ('replayed' in placed) return replay<OrderView>(placed.replayed);
    const { body: text, ...rest } = placed.answer;
    return rawJson<OrderView>(text, rest);
  };

  list = async ({ query }: Call<{ query: OrderList }>) => {
    const wanted = pageWanted(query, ORDER_SORTS);
    return answerPage<OrderSummary>(await this.queries.list(wanted), wanted);
  };

  read = async ({ params }: Call<{ params: OrderParams }>) => presentOrder(await this.orders.read(params.orderId));

  replace = async ({ params, body, principal, expectedVersion }: Call<{ params: OrderParams; body: OrderReplacementBody }>) => {
    assertMayPrice(principal, body, ...body.items);
    return presentOrder(await this.orders.replace(params.orderId, requestedReplacement(body), expectedVersion));
  };

  remove = ({ params, expectedVersion }: Call<{ params: OrderParams }>) => this.lifecycle.remove(params.orderId, expectedVersion);

  changeStatus = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: StatusChangeBody }>) =>
    presentOrder(await this.lifecycle.changeStatus(params.orderId, body, expectedVersion));

  cancel = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: CancellationBody }>) => {
    const cancellation = { reason: body.reason, items: requestedQuantities(body.items) };
    return presentOrder(await this.lifecycle.cancel(params.orderId, cancellation, expectedVersion));
  };

  items = async ({ params }: Call<{ params: OrderParams }>) => ({ data: presentOrder(await this.orders.read(params.orderId)).items });

  addItem = async ({ params, body, principal, expectedVersion }: Call<{ params: OrderParams; body: NewItemBody }>) => {
    assertMayPrice(principal, body);
    return presentOrder(await this.itemsOf.add(params.orderId, requestedItem(body), expectedVersion));
  };

  changeItem = async ({ params, body, principal, expectedVersion }: Call<{ params: ItemParams; body: ChangedItemBody }>) => {
    assertMayPrice(principal, body);
    return presentOrder(await this.itemsOf.change(params.orderId, params.itemId, requestedChange(body), expectedVersion));
  };

  removeItem = async ({ params, expectedVersion }: Call<{ params: ItemParams }>) =>
    presentOrder(await this.itemsOf.remove(params.orderId, params.itemId, expectedVersion));

  shipments = async ({ params, query }: Call<{ params: OrderParams; query: ShipmentList }>) => {
    const wanted = pageWanted(query, SHIPMENT_SORTS);
    return answerPage<ShipmentView>(await this.documents.shipments(params.orderId, wanted), wanted);
  };

  ship = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: NewShipmentBody }>) => {
    const shipment = { ...body, items: requestedQuantities(body.items) };
    const { order, made } = await this.fulfilment.ship(params.orderId, shipment, expectedVersion);
    return { shipment: presentShipment(made), order: presentOrder(order) };
  };

  history = async ({ params, query }: Call<{ params: OrderParams; query: HistoryList }>) => {
    const wanted = pageWanted(query, HISTORY_SORTS);
    return answerPage<HistoryEntry>(await this.documents.history(params.orderId, wanted), wanted);
  };
}
