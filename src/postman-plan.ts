import type { CollectionPlan, FlowStep } from './http/postman';

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
