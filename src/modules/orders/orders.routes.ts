import { del, get, patch, post, put, type AnyEndpoint } from '../../http/endpoint';
import { Duplicate, UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { CurrencyMismatch } from '../../kernel/money';
import { QuantityNotExact } from '../../kernel/quantity';
import { StoreForbidden } from '../../kernel/store-access';
import { InsufficientStock, StoreNotUsable } from '../inventory/inventory.errors';
import { PaidExceedsTotal } from './domain/order-change';
import { ProductNotOrderable } from './domain/order-composition';
import { ExceedsOpenQuantity, NothingOpen } from './domain/order-lines';
import { IllegalTransition } from './domain/order-status';
import { CreditLimitExceeded } from './domain/order-money';
import { DiscountTooLarge, TotalMismatch } from './domain/order-totals';
import type { OrdersController } from './orders.controller';
import { CustomerHasPaid, ItemsFrozen, OrderItemNotFound, OrderNotFound, OrderWithoutItems, TooManyItems } from './orders.errors';
import {
  cancellation,
  changedItem,
  historyList,
  historyPage,
  itemList,
  itemParams,
  newItem,
  newOrder,
  newShipment,
  orderList,
  orderPage,
  orderParams,
  orderReplacement,
  orderView,
  shipmentBooked,
  shipmentList,
  shipmentPage,
  statusChange,
} from './orders.schemas';

const tag = 'Orders';
const productId = '0190a000-0000-7000-8000-000000000001';
const itemFails = [
  UnusableReference,
  ProductNotOrderable,
  CurrencyMismatch,
  QuantityNotExact,
  DiscountTooLarge,
  InsufficientStock,
  CreditLimitExceeded,
];
const reachFails = [OrderNotFound, StoreForbidden];
const changeFails = [...reachFails, ItemsFrozen, PaidExceedsTotal, VersionMismatch];

export const orderRoutes = (orders: OrdersController): AnyEndpoint[] => [
  post(
    '/orders',
    {
      operationId: 'placeOrder',
      summary: 'Place an order, or begin a draft',
      description:
        'Reserves the stock and gives the order its number, or changes nothing and says which products are short. Prices, names, tax and cost are frozen on the items. ' +
        'Total = Σ round(quantity × unitPrice) − discounts + shipping + tax. ' +
        'Who signs in as a customer orders for themselves; buyer, number, draft, shippingAmount, dueDate, prices and discounts are the shop’s to set (403).',
      tag,
      allow: 'orders:place',
      body: newOrder,
      returns: orderView,
      status: 201,
      idempotency: 'own',
      bodyLimit: 2 * 1024 * 1024,
      dryRun: true,
      fails: [...itemFails, StoreNotUsable, StoreForbidden, TotalMismatch, Duplicate],
      example: { items: [{ productId, quantity: '2' }], notes: 'Please ring twice' },
    },
    orders.place,
  ),
  get(
    '/orders',
    {
      operationId: 'listOrders',
      summary: 'List orders',
      tag,
      allow: 'orders:read',
      query: orderList,
      returns: orderPage,
      fails: [StoreForbidden],
    },
    orders.list,
  ),
  get(
    '/orders/:orderId',
    {
      operationId: 'readOrder',
      summary: 'Read an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      returns: orderView,
      fails: reachFails,
    },
    orders.read,
  ),
  put(
    '/orders/:orderId',
    {
      operationId: 'replaceOrder',
      summary: 'Replace header and items of an order',
      description:
        'While it is draft, pending or confirmed. What is left out is emptied; the store stays, and once something was paid the customer does too. ' +
        'The stock held changes by the difference only.',
      tag,
      allow: 'orders:write',
      params: orderParams,
      body: orderReplacement,
      returns: orderView,
      bodyLimit: 2 * 1024 * 1024,
      dryRun: true,
      fails: [...changeFails, ...itemFails, ExceedsOpenQuantity, OrderWithoutItems, TotalMismatch, CustomerHasPaid],
      example: { items: [{ productId, quantity: '3' }], shippingAmount: '4.50' },
    },
    orders.replace,
  ),
  del(
    '/orders/:orderId',
    {
      operationId: 'deleteOrder',
      summary: 'Delete a draft; cancel any other order',
      tag,
      allow: 'orders:write',
      params: orderParams,
      returns: 'nothing',
      dryRun: true,
      fails: [...reachFails, IllegalTransition, VersionMismatch],
    },
    orders.remove,
  ),
  patch(
    '/orders/:orderId/status',
    {
      operationId: 'changeOrderStatus',
      summary: 'Move an order to another status',
      description:
        'draft → pending places it; shipped and completed ship what is still open. A move that is not possible is answered with the moves that are.',
      tag,
      allow: 'orders:write',
      params: orderParams,
      body: statusChange,
      returns: orderView,
      dryRun: true,
      fails: [...reachFails, IllegalTransition, OrderWithoutItems, ...itemFails, StoreNotUsable, VersionMismatch],
      example: { status: 'confirmed' },
    },
    orders.changeStatus,
  ),
  post(
    '/orders/:orderId/cancel',
    {
      operationId: 'cancelOrder',
      summary: 'Cancel an order, or some of what is open on it',
      description: 'Releases the stock that was reserved. Units that were shipped come back as a return.',
      tag,
      allow: 'orders:place',
      params: orderParams,
      body: cancellation,
      returns: orderView,
      dryRun: true,
      fails: [...reachFails, IllegalTransition, ExceedsOpenQuantity, UnusableReference, VersionMismatch],
      example: { reason: 'Ordered twice' },
    },
    orders.cancel,
  ),
  get(
    '/orders/:orderId/history',
    {
      operationId: 'readOrderHistory',
      summary: 'Who did what to an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      query: historyList,
      returns: historyPage,
      fails: reachFails,
    },
    orders.history,
  ),
  get(
    '/orders/:orderId/items',
    {
      operationId: 'listOrderItems',
      summary: 'List the items of an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      returns: itemList,
      fails: reachFails,
    },
    orders.items,
  ),
  post(
    '/orders/:orderId/items',
    {
      operationId: 'addOrderItem',
      summary: 'Add an item',
      description: 'While the order is draft, pending or confirmed. The answer is the whole order.',
      tag,
      allow: 'orders:write',
      params: orderParams,
      body: newItem,
      returns: orderView,
      status: 201,
      dryRun: true,
      fails: [...changeFails, ...itemFails, OrderWithoutItems, TooManyItems],
      example: { productId, quantity: '1' },
    },
    orders.addItem,
  ),
  patch(
    '/orders/:orderId/items/:itemId',
    {
      operationId: 'changeOrderItem',
      summary: 'Change quantity, price or discount of an item',
      tag,
      allow: 'orders:write',
      params: itemParams,
      body: changedItem,
      returns: orderView,
      dryRun: true,
      fails: [
        ...changeFails,
        OrderItemNotFound,
        OrderWithoutItems,
        ExceedsOpenQuantity,
        QuantityNotExact,
        DiscountTooLarge,
        InsufficientStock,
        CreditLimitExceeded,
      ],
      example: { quantity: '5' },
    },
    orders.changeItem,
  ),
  del(
    '/orders/:orderId/items/:itemId',
    {
      operationId: 'removeOrderItem',
      summary: 'Remove an item',
      description: 'The answer is the order without it.',
      tag,
      allow: 'orders:write',
      params: itemParams,
      returns: orderView,
      dryRun: true,
      fails: [...changeFails, OrderItemNotFound, OrderWithoutItems, ExceedsOpenQuantity],
    },
    orders.removeItem,
  ),
  get(
    '/orders/:orderId/shipments',
    {
      operationId: 'listShipments',
      summary: 'List the shipments of an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      query: shipmentList,
      returns: shipmentPage,
      fails: reachFails,
    },
    orders.shipments,
  ),
  post(
    '/orders/:orderId/shipments',
    {
      operationId: 'shipOrder',
      summary: 'Ship some or all of what is open',
      description:
        'Takes the goods from the shelf and from their reservation. The last shipment makes the order shipped, an earlier one processing.',
      tag,
      allow: 'orders:write',
      params: orderParams,
      body: newShipment,
      returns: shipmentBooked,
      status: 201,
      dryRun: true,
      fails: [...reachFails, IllegalTransition, NothingOpen, ExceedsOpenQuantity, UnusableReference, InsufficientStock, VersionMismatch],
      example: { carrier: 'Avon Couriers', trackingNumber: 'AC123456' },
    },
    orders.ship,
  ),
];
