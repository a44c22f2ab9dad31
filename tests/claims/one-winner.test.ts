import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** C-4: fifty clients do the same to one order at once; one of them succeeds, and the order has one event more. */
let app: TestApp;
let shop: Shop;
let product: string;

const CLIENTS = 50;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  product = await shop.product(1_000);
});
afterAll(() => app.close());

type Order = { id: string; items: Array<{ id: string }> };
const placed = async (): Promise<Order> => (await shop.order([[product, 2]])) as Order;
const shipped = async (): Promise<Order> => {
  const order = await placed();
  await shop.move(order.id, 'confirmed', 'shipped');
  return order;
};
const paid = async (): Promise<Order> => {
  const order = await shipped();
  await shop.post(order.id, 'payments', { method: 'card' }).expect(201);
  return order;
};
const refunded = async (): Promise<Order> => {
  const order = await paid();
  await shop.move(order.id, 'completed');
  await shop.post(order.id, 'refunds', { reason: 'x' }).expect(201);
  return order;
};

const status = (to: string) => (order: Order) => shop.admin.patch(`/orders/${order.id}/status`, { status: to });

test.each([
  ['confirm', placed, status('confirmed')],
  ['complete', shipped, status('completed')],
  ['mark refunded', refunded, status('refunded')],
  ['cancel', placed, (order: Order) => shop.post(order.id, 'cancel', { reason: 'x' })],
  ['ship', placed, (order: Order) => shop.post(order.id, 'shipments')],
  ['pay', shipped, (order: Order) => shop.post(order.id, 'payments', { method: 'cash' })],
  ['refund', paid, (order: Order) => shop.post(order.id, 'refunds', { reason: 'x' })],
  [
    'return',
    paid,
    (order: Order) => shop.post(order.id, 'returns', { items: [{ itemId: order.items[0]!.id, quantity: '2' }], reason: 'x' }),
  ],
])('C-4: %s', async (_what, prepare, attempt) => {
  const order = await prepare();
  const { version } = (await shop.admin.get(`/orders/${order.id}`).expect(200)).body;
  const answers = await Promise.all(Array.from({ length: CLIENTS }, () => attempt(order)));
  expect(answers.filter(({ status: code }) => code < 300)).toHaveLength(1);
  expect(answers.filter(({ status: code }) => code === 409)).toHaveLength(CLIENTS - 1);
  const after = (await shop.admin.get(`/orders/${order.id}/history`).expect(200)).body.data;
  expect(after).toHaveLength((version as number) + 1);
});

test('C-5 in small: of two full refunds of one payment at once, one succeeds', async () => {
  for (let round = 0; round < 10; round++) {
    const { id } = await paid();
    const [payment] = (await shop.admin.get(`/orders/${id}/payments`)).body.data;
    const refund = () =>
      shop.admin.post(`/orders/${id}/refunds`, { amount: '20.00', paymentId: payment.id, reason: 'x' }).set('Idempotency-Key', newId());
    const codes = new Set((await Promise.all([refund(), refund()])).map(({ status: code }) => code));
    expect(codes).toEqual(new Set([201, 409]));
  }
});

test('C-7: a hundred orders at once with one number of the caller’s own: one is placed', async () => {
  const before = await shop.stock(product);
  const items = [{ productId: product, quantity: '1' }];
  const answers = await Promise.all(Array.from({ length: 100 }, () => shop.admin.post('/orders', { items, number: 'WEB-1042' })));
  const outcomes = answers.map(({ status: code, body }) => (code === 201 ? '201' : `${code} ${body.error.code}`));
  expect(outcomes.filter((outcome) => outcome === '201')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === '409 DUPLICATE')).toHaveLength(99);
  const [onHand, reserved] = before.split('/').map(Number) as [number, number];
  expect(await shop.stock(product)).toBe(`${onHand}/${reserved + 1}/${onHand - reserved - 1}`);
});
