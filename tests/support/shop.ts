import type supertest from 'supertest';
import { newId } from '../../src/kernel/ids';
import type { Requests, SignedUp, TestApp } from './app';

// oxlint-disable-next-line typescript/no-explicit-any -- whatever JSON was answered; each test looks at what it knows to be there
type Answered = any;

/** An organization with things to sell, and short words for what the tests of orders do all the time. */
export interface Shop extends SignedUp {
  readonly admin: Requests;
  /** A published product with so much of it in the first store. */
  product(stock: number | string, fields?: object): Promise<string>;
  /** Places an order of [product, quantity] pairs and answers it. */
  order(items: ReadonlyArray<readonly [productId: string, quantity: number | string]>, fields?: object): Promise<Answered>;
  draft(items: ReadonlyArray<readonly [productId: string, quantity: number | string]>): Promise<Answered>;
  move(orderId: string, ...statuses: string[]): Promise<Answered>;
  /** A POST below the order with a key of its own. */
  post(orderId: string, part: string, body?: object): supertest.Test;
  /** onHand/reserved/available of a product over all stores. */
  stock(productId: string): Promise<string>;
}

export async function openShop(app: TestApp, organization: Parameters<TestApp['signUp']>[0] = {}): Promise<Shop> {
  const owner = await app.signUp(organization);
  const admin = app.as(owner.token);
  let made = 0;
  const place = async (items: Parameters<Shop['order']>[0], fields: object): Promise<Answered> => {
    const lines = items.map(([productId, quantity]) => ({ productId, quantity: String(quantity) }));
    return (await admin.post('/orders', { items: lines, ...fields }).expect(201)).body;
  };
  return {
    ...owner,
    admin,
    product: async (stock, fields = {}) => {
      const initialStock = Number(stock) === 0 ? {} : { initialStock: { quantity: String(stock) } };
      const product = { name: `Product ${++made}`, price: '10.00', cost: '4.00', ...initialStock, ...fields };
      return ((await admin.post('/products', product).expect(201)).body as { id: string }).id;
    },
    order: (items, fields = {}) => place(items, fields),
    draft: (items) => place(items, { draft: true }),
    move: async (orderId, ...statuses) => {
      let body: Answered;
      for (const status of statuses) ({ body } = await admin.patch(`/orders/${orderId}/status`, { status }).expect(200));
      return body;
    },
    post: (orderId, part, body = {}) => admin.post(`/orders/${orderId}/${part}`, body).set('Idempotency-Key', newId()),
    stock: async (productId) => {
      const { body } = await admin.get(`/products/${productId}/stock`).expect(200);
      const { onHand, reserved, available } = body as Record<string, string>;
      return `${onHand}/${reserved}/${available}`;
    },
  };
}
