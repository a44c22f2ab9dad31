import { get, post, type AnyEndpoint } from '../../http/endpoint';
import { UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { StoreForbidden } from '../../kernel/store-access';
import { StoreNotUsable } from '../inventory/inventory.errors';
import { OrderNotPayable, PaymentExceedsBalance } from './domain/order-money';
import { RefundExceedsPaid } from './domain/order-refunds';
import { ExceedsShippedQuantity } from './domain/order-returns';
import { OrderNotFound } from './orders.errors';
import { orderParams } from './orders.schemas';
import { newPayment, newRefund, paymentBooked, paymentList, paymentPage, refundBooked, refundList, refundPage } from './payments.schemas';
import { newReturn, returnBooked, returnList, returnPage } from './returns.schemas';
import type { SettlementController } from './settlement.controller';

const tag = 'Orders';
const reachFails = [OrderNotFound, StoreForbidden];

export const settlementRoutes = (settlement: SettlementController): AnyEndpoint[] => [
  get(
    '/orders/:orderId/payments',
    {
      operationId: 'listOrderPayments',
      summary: 'List the payments of an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      query: paymentList,
      returns: paymentPage,
      fails: reachFails,
    },
    settlement.listPayments,
  ),
  post(
    '/orders/:orderId/payments',
    {
      operationId: 'payOrder',
      summary: 'Write down a payment',
      description: 'At most what is still owed: see balance.',
      tag,
      allow: 'payments:write',
      params: orderParams,
      body: newPayment,
      returns: paymentBooked,
      status: 201,
      keyRequired: true,
      dryRun: true,
      fails: [...reachFails, OrderNotPayable, PaymentExceedsBalance, VersionMismatch],
      example: { method: 'card', reference: 'terminal 2, slip 881' },
    },
    settlement.pay,
  ),
  get(
    '/orders/:orderId/refunds',
    {
      operationId: 'listOrderRefunds',
      summary: 'List the refunds of an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      query: refundList,
      returns: refundPage,
      fails: reachFails,
    },
    settlement.listRefunds,
  ),
  post(
    '/orders/:orderId/refunds',
    {
      operationId: 'refundOrder',
      summary: 'Refund some or all of what was paid',
      description:
        'Never more than was paid and not yet refunded, and for a return never more than its goods came to. The status refunded is a move of its own, possible once everything was refunded.',
      tag,
      allow: 'refunds:write',
      params: orderParams,
      body: newRefund,
      returns: refundBooked,
      status: 201,
      keyRequired: true,
      dryRun: true,
      fails: [...reachFails, RefundExceedsPaid, UnusableReference, VersionMismatch],
      example: { amount: '12.50', reason: 'Arrived too late' },
    },
    settlement.refund,
  ),
  get(
    '/orders/:orderId/returns',
    {
      operationId: 'listReturns',
      summary: 'List the returns of an order',
      tag,
      allow: 'orders:read',
      params: orderParams,
      query: returnList,
      returns: returnPage,
      fails: reachFails,
    },
    settlement.listReturns,
  ),
  post(
    '/orders/:orderId/returns',
    {
      operationId: 'takeReturn',
      summary: 'Take goods back',
      description:
        'Restocked goods come back at the cost they left with; scrapped ones are written off, which is all that an archived store takes. Refunding is a request of its own, with the id of the return; the id may be left out when only one return is open.',
      tag,
      allow: 'orders:write',
      params: orderParams,
      body: newReturn,
      returns: returnBooked,
      status: 201,
      dryRun: true,
      fails: [...reachFails, ExceedsShippedQuantity, StoreNotUsable, UnusableReference, VersionMismatch],
      example: { items: [{ itemId: '0190a000-0000-7000-8000-000000000002', quantity: '1' }], reason: 'Wrong colour' },
    },
    settlement.takeBack,
  ),
];
