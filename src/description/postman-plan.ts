import type { CollectionPlan, FlowStep } from '../http/documents/postman';

/** Variables whose values Postman masks on screen. */
export const SECRETS = ['password'];

const tokens = { accessToken: 'accessToken', refreshToken: 'refreshToken' };

/** Variables that answers set, so that a request can be sent after another without copying ids. */
const keep: CollectionPlan['keep'] = {
  login: tokens,
  register: tokens,
  signUp: tokens,
  refresh: tokens,
  createStore: { storeId: 'id' },
  createTaxRate: { taxRateId: 'id' },
  createUnit: { unitId: 'id' },
  createCategory: { categoryId: 'id' },
  createProduct: { productId: 'id' },
  createCustomer: { customerId: 'id' },
  placeOrder: { orderId: 'id', itemId: 'items.0.id' },
  payOrder: { paymentId: 'payment.id' },
  takeReturn: { returnId: 'return.id' },
};

/** The product is new in each run, so that the figures below are known and a key made of its id is too. */
const orderKey = { 'Idempotency-Key': 'order-of-{{productId}}' };
const order = { customerId: '{{customerId}}', items: [{ productId: '{{productId}}', quantity: '4' }], shippingAmount: '5.00' };
const stockIs = (onHand: string, reserved: string, available: string) => ({ onHand, reserved, available });

/** What a day at the counter looks like. */
const steps: readonly FlowStep[] = [
  {
    operationId: 'login',
    name: 'Sign in',
    body: { email: '{{email}}', password: '{{password}}' },
    expect: { 'user.email': '{{email}}', tokenType: 'Bearer' },
  },
  {
    operationId: 'createProduct',
    name: 'Create a product with ten pieces of it in stock',
    body: { name: 'Storm lantern', price: '24.90', cost: '11.00', reorderLevel: '3', initialStock: { quantity: '10' } },
    expect: { status: 'published', 'stock.onHand': '10' },
  },
  { operationId: 'createCustomer', name: 'Create a customer', body: { name: 'Lighthouse Keepers', paymentTerms: 'Net 30' } },
  {
    operationId: 'placeOrder',
    name: 'Order four of it',
    body: order,
    headers: orderKey,
    expect: { status: 'pending', fulfilmentStatus: 'unfulfilled', subtotal: '99.60', 'customer.id': '{{customerId}}' },
  },
  {
    operationId: 'placeOrder',
    name: 'Send the order again: the key makes it the same one',
    body: order,
    headers: orderKey,
    expect: { id: '{{orderId}}' },
    expectHeaders: { 'Idempotency-Replayed': 'true' },
  },
  { operationId: 'readProductStock', name: 'See what is reserved', expect: stockIs('10', '4', '6') },
  {
    operationId: 'placeOrder',
    name: 'Order more than there is: nothing is oversold',
    body: { items: [{ productId: '{{productId}}', quantity: '7' }] },
    status: 409,
    expect: { 'error.code': 'INSUFFICIENT_STOCK', 'error.details.items.0.available': '6' },
  },
  {
    operationId: 'changeOrderStatus',
    name: 'Confirm the order',
    body: { status: 'confirmed' },
    expect: { status: 'confirmed', version: 2 },
  },
  {
    operationId: 'changeOrderItem',
    name: 'Make it five',
    body: { quantity: '5' },
    expect: { 'items.0.quantity': '5', subtotal: '124.50' },
  },
  { operationId: 'readProductStock', name: 'See the reservation follow', expect: stockIs('10', '5', '5') },
  {
    operationId: 'shipOrder',
    name: 'Ship two of the five',
    body: { items: [{ itemId: '{{itemId}}', quantity: '2' }], carrier: 'Avon Couriers' },
    expect: { 'order.status': 'processing', 'order.fulfilmentStatus': 'partial', 'order.items.0.shippedQuantity': '2' },
  },
  {
    operationId: 'cancelOrder',
    name: 'Cancel one of the open three',
    body: { reason: 'The customer needs four only', items: [{ itemId: '{{itemId}}', quantity: '1' }] },
    expect: { 'items.0.cancelledQuantity': '1' },
  },
  {
    operationId: 'shipOrder',
    name: 'Ship the rest',
    body: { trackingNumber: 'AC123456' },
    expect: { 'order.status': 'shipped', 'order.fulfilmentStatus': 'fulfilled' },
  },
  { operationId: 'readProductStock', name: 'See the goods gone', expect: stockIs('6', '0', '6') },
  {
    operationId: 'changeOrderStatus',
    name: 'Deliver it',
    body: { status: 'delivered' },
    expect: { status: 'delivered' },
  },
  {
    operationId: 'changeOrderStatus',
    name: 'Try to cancel what was delivered: the answer lists the moves there are',
    body: { status: 'cancelled' },
    status: 409,
    expect: { 'error.code': 'ILLEGAL_TRANSITION', 'error.details.allowed.0': 'completed' },
  },
  {
    operationId: 'payOrder',
    name: 'Take the money',
    body: { method: 'card', reference: 'terminal 2, slip 881' },
    expect: { 'order.paymentStatus': 'paid', 'order.balance': '0.00' },
  },
  { operationId: 'changeOrderStatus', name: 'Complete it', body: { status: 'completed' }, expect: { status: 'completed' } },
  {
    operationId: 'takeReturn',
    name: 'Take one back',
    body: { items: [{ itemId: '{{itemId}}', quantity: '1' }], reason: 'The glass is cracked' },
    expect: { 'order.fulfilmentStatus': 'partially_returned', 'order.items.0.returnedQuantity': '1' },
  },
  { operationId: 'readProductStock', name: 'See it back on the shelf', expect: stockIs('7', '0', '7') },
  {
    operationId: 'refundOrder',
    name: 'Try the refund first: nothing happens yet',
    parameters: { dryRun: 'true' },
    body: { reason: 'The glass is cracked', returnId: '{{returnId}}' },
    status: 200,
    expect: { 'order.paymentStatus': 'partially_refunded' },
    expectHeaders: { 'Dry-Run': 'true' },
  },
  {
    operationId: 'refundOrder',
    name: 'Refund the one that came back',
    body: { reason: 'The glass is cracked', returnId: '{{returnId}}' },
    expect: { 'order.paymentStatus': 'partially_refunded', 'refunds.0.returnId': '{{returnId}}' },
  },
  {
    operationId: 'refundOrder',
    name: 'Refund the rest as well',
    body: { reason: 'Out of goodwill' },
    expect: { 'order.paymentStatus': 'refunded' },
  },
  {
    operationId: 'refundOrder',
    name: 'Try to refund more than was paid',
    body: { amount: '0.01', reason: 'Once more' },
    status: 409,
    expect: { 'error.code': 'REFUND_EXCEEDS_PAID' },
  },
  { operationId: 'changeOrderStatus', name: 'Close the order as refunded', body: { status: 'refunded' }, expect: { status: 'refunded' } },
  { operationId: 'readOrderHistory', name: 'Who did what', expect: { 'data.0.type': 'order.placed' } },
  {
    operationId: 'placeOrder',
    name: 'Place another order',
    body: { items: [{ productId: '{{productId}}', quantity: '1' }] },
    keep: { secondOrderId: 'id' },
  },
  {
    operationId: 'cancelOrder',
    name: 'Cancel it',
    parameters: { orderId: '{{secondOrderId}}' },
    body: { reason: 'Ordered twice' },
    expect: { status: 'cancelled' },
  },
  { operationId: 'readProductStock', name: 'See its goods free again', expect: stockIs('7', '0', '7') },
  { operationId: 'checkIntegrity', name: 'Every invariant holds', expect: { healthy: true } },
  { operationId: 'readOverview', name: 'How the business does' },
  { operationId: 'logout', name: 'Sign out' },
];

export const collectionPlan = ({ email, password }: { readonly email: string; readonly password: string }): CollectionPlan => ({
  variables: { baseUrl: 'http://localhost:3000/api/v1', email, password },
  keep,
  flow: {
    name: 'Order flow',
    description:
      'Run this folder: it signs in, makes a product and a customer, and leads an order through its whole life. Each request checks its answer and hands its ids on to the next.',
    steps,
  },
});
