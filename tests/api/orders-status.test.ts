import { ORDER_STATUSES, type OrderStatus } from '../../src/modules/orders/domain/order-status';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** ORD-1 over HTTP: every legal move is made, every illegal one refused with the moves that are possible. */
let app: TestApp;
let shop: Shop;
let product: string;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  product = await shop.product(100_000);
});
afterAll(() => app.close());

/** The table of the rule book, written down once more on purpose. */
const LEGAL: Record<OrderStatus, readonly OrderStatus[]> = {
  draft: ['pending'],
  pending: ['confirmed', 'processing', 'cancelled'],
  confirmed: ['processing', 'shipped', 'cancelled'],
  processing: ['shipped', 'completed', 'cancelled'],
  shipped: ['delivered', 'completed'],
  delivered: ['completed', 'refunded'],
  completed: ['refunded'],
  cancelled: [],
  refunded: [],
};

/** How an order gets to each status. */
const WAYS: Record<OrderStatus, readonly OrderStatus[]> = {
  draft: [],
  pending: ['pending'],
  confirmed: ['pending', 'confirmed'],
  processing: ['pending', 'processing'],
  shipped: ['pending', 'confirmed', 'shipped'],
  delivered: ['pending', 'confirmed', 'shipped', 'delivered'],
  completed: ['pending', 'processing', 'completed'],
  cancelled: ['pending', 'cancelled'],
  refunded: ['pending', 'processing', 'completed', 'refunded'],
};

/** An order in that status, with its money paid and refunded where a later move asks for it. */
async function orderIn(status: OrderStatus): Promise<string> {
  const { id } = (await shop.draft([[product, 2]])) as { id: string };
  for (const step of WAYS[status]) {
    if (step === 'refunded') await settle(id);
    await shop.move(id, step);
  }
  return id;
}

async function settle(id: string): Promise<void> {
  await shop.post(id, 'payments', { method: 'card' }).expect(201);
  await shop.post(id, 'refunds', { reason: 'taken back' }).expect(201);
}

describe.each(ORDER_STATUSES)('ORD-1: an order that is %s', (from) => {
  test('makes every legal move', async () => {
    for (const to of LEGAL[from]) {
      const id = await orderIn(from);
      if (to === 'refunded') await settle(id);
      const { body } = await shop.admin.patch(`/orders/${id}/status`, { status: to }).expect(200);
      expect(body.status).toBe(to);
      const expected = LEGAL[to].filter((next) => next !== 'refunded' || to === 'refunded' || from === 'refunded');
      expect(body.allowedTransitions).toEqual(expect.arrayContaining(expected));
    }
  });

  test('refuses every other, and says what is possible', async () => {
    const id = await orderIn(from);
    const before = (await shop.admin.get(`/orders/${id}`).expect(200)).body;
    for (const to of ORDER_STATUSES.filter((status) => !LEGAL[from].includes(status))) {
      const { body } = await shop.admin.patch(`/orders/${id}/status`, { status: to }).expect(409);
      expect(body.error).toMatchObject({ code: 'ILLEGAL_TRANSITION', details: { from, to, allowed: before.allowedTransitions } });
    }
    expect((await shop.admin.get(`/orders/${id}`).expect(200)).body).toEqual(before);
  });
});

test('ORD-6: refunded needs the money refunded in full', async () => {
  const id = await orderIn('completed');
  const refusal = await shop.admin.patch(`/orders/${id}/status`, { status: 'refunded' }).expect(409);
  expect(refusal.body.error.message).toContain('not refunded in full');
  await shop.post(id, 'payments', { method: 'card' }).expect(201);
  await shop.post(id, 'refunds', { amount: '5.00', reason: 'late' }).expect(201);
  await shop.admin.patch(`/orders/${id}/status`, { status: 'refunded' }).expect(409);
  await shop.post(id, 'refunds', { reason: 'taken back' }).expect(201);
  await shop.move(id, 'refunded');
});

test('ORD-4: shipped and completed ship what is still open; the shipments tell what left', async () => {
  const order = await shop.order([[product, 5]]);
  await shop.post(order.id, 'shipments', { items: [{ itemId: order.items[0].id, quantity: '2' }], carrier: 'Avon' }).expect(201);
  const part = (await shop.admin.get(`/orders/${order.id}`).expect(200)).body;
  expect(part).toMatchObject({ status: 'processing', fulfilmentStatus: 'partial' });
  const done = await shop.move(order.id, 'completed');
  expect(done).toMatchObject({ status: 'completed', fulfilmentStatus: 'fulfilled', items: [{ shippedQuantity: '5' }] });
  const { body } = await shop.admin.get(`/orders/${order.id}/shipments`).expect(200);
  expect(body.data.map((shipment: { items: Array<{ quantity: string }> }) => shipment.items[0]!.quantity)).toEqual(['2', '3']);
});

test('shipping refuses what is not open, items of others, and the future', async () => {
  const order = await shop.order([[product, 2]]);
  const itemId = order.items[0].id;
  const refusals: Array<[object, number, string]> = [
    [{ items: [{ itemId, quantity: '3' }] }, 409, 'EXCEEDS_OPEN_QUANTITY'],
    [{ items: [{ itemId: order.id, quantity: '1' }] }, 422, 'UNUSABLE_REFERENCE'],
    [{ items: [{ itemId, quantity: '0.5' }] }, 400, 'INVALID_INPUT'],
    [{ shippedAt: '2199-01-01T00:00:00Z' }, 400, 'INVALID_INPUT'],
  ];
  for (const [body, status, code] of refusals) {
    const answer = await shop.post(order.id, 'shipments', body).expect(status);
    expect(answer.body.error.code).toBe(code);
  }
  expect((await shop.admin.get(`/orders/${order.id}`)).body.version).toBe(1);
});

test('ORD-5: the open quantity is cancelled, the shipped one is not; the rest of the order is then shipped', async () => {
  const own = await shop.product(10);
  const order = await shop.order([[own, 6]]);
  const itemId = order.items[0].id;
  await shop.post(order.id, 'shipments', { items: [{ itemId, quantity: '2' }] }).expect(201);
  const whole = await shop.post(order.id, 'cancel', { reason: 'changed their mind' }).expect(409);
  expect(whole.body.error.code).toBe('ILLEGAL_TRANSITION');

  const some = (await shop.post(order.id, 'cancel', { reason: 'too many', items: [{ itemId, quantity: '1' }] }).expect(200)).body;
  expect(some).toMatchObject({ status: 'processing', cancelledAmount: '10.00', balance: '50.00', items: [{ cancelledQuantity: '1' }] });
  expect(await shop.stock(own)).toBe('8/3/5');
  await shop.post(order.id, 'cancel', { reason: 'x', items: [{ itemId, quantity: '4' }] }).expect(409);
  await shop.post(order.id, 'cancel', { reason: 'half a piece', items: [{ itemId, quantity: '0.5' }] }).expect(400);

  const rest = (await shop.post(order.id, 'cancel', { reason: 'the rest', items: [{ itemId, quantity: '3' }] }).expect(200)).body;
  expect(rest).toMatchObject({ status: 'shipped', fulfilmentStatus: 'fulfilled', cancelledAmount: '40.00', balance: '20.00' });
  expect(await shop.stock(own)).toBe('8/0/8');
});

test('ORD-4: of an order of which nothing is open nothing leaves; it is cancelled', async () => {
  const service = await shop.product(0, { tracksStock: false });
  for (const status of ['confirmed', 'processing']) {
    const order = await shop.order([[service, 2]]);
    await shop.move(order.id, status);
    // Requests can't bring an order here any more; there may be such orders from before.
    await app.sql(
      `WITH lines AS (UPDATE order_lines SET cancelled_quantity = quantity WHERE order_id = $1 RETURNING 1)
       UPDATE orders SET cancelled_amount = total, payment_status = 'paid' WHERE id = $1`,
      [order.id],
    );
    expect((await shop.admin.get(`/orders/${order.id}`)).body.allowedTransitions).toEqual(
      status === 'confirmed' ? ['processing', 'cancelled'] : ['cancelled'],
    );
    for (const to of ['shipped', 'completed'])
      expect((await shop.admin.patch(`/orders/${order.id}/status`, { status: to }).expect(409)).body.error.code).toBe('ILLEGAL_TRANSITION');
    expect((await shop.post(order.id, 'shipments').expect(409)).body.error.code).toBe('NOTHING_OPEN');
    expect((await shop.move(order.id, 'cancelled')).status).toBe('cancelled');
  }
});

test('cancelling everything item by item cancels the order; its history is a path', async () => {
  const order = await shop.order([
    [product, 1],
    [product, 2],
  ]);
  const [first, second] = order.items;
  await shop.post(order.id, 'cancel', { reason: 'a', items: [{ itemId: first.id, quantity: '1' }] }).expect(200);
  const last = await shop.post(order.id, 'cancel', { reason: 'b', items: [{ itemId: second.id, quantity: '2' }] }).expect(200);
  expect(last.body).toMatchObject({ status: 'cancelled', balance: '0.00', cancelledAmount: '30.00', paymentStatus: 'unpaid' });
  const { body } = await shop.admin.get(`/orders/${order.id}/history`).expect(200);
  expect(body.data.map((event: { type: string; version: number }) => [event.type, event.version])).toEqual([
    ['order.placed', 1],
    ['order.part_cancelled', 2],
    ['order.cancelled', 3],
  ]);
  expect(body.data[0].actor).toMatchObject({ kind: 'user', id: shop.userId, name: 'Ada Admin' });
  expect(body.data[2]).toMatchObject({ before: { status: 'pending' }, after: { status: 'cancelled' }, payload: { reason: 'b' } });
});

test('DELETE removes a draft and cancels any other order', async () => {
  const draft = await shop.draft([[product, 1]]);
  await shop.admin.delete(`/orders/${draft.id}`).expect(204);
  await shop.admin.get(`/orders/${draft.id}`).expect(404);
  const order = await shop.order([[product, 1]]);
  await shop.admin.delete(`/orders/${order.id}`).expect(204);
  expect((await shop.admin.get(`/orders/${order.id}`)).body.status).toBe('cancelled');
  const shipped = await shop.order([[product, 1]]);
  await shop.move(shipped.id, 'confirmed', 'shipped');
  await shop.admin.delete(`/orders/${shipped.id}`).expect(409);
});

test('If-Match guards every change of an order', async () => {
  const order = await shop.order([[product, 1]]);
  const read = await shop.admin.get(`/orders/${order.id}`).expect('ETag', '"1"');
  await shop.admin.get(`/orders/${order.id}`).set('If-None-Match', read.headers['etag']!).expect(304);
  await shop.admin.patch(`/orders/${order.id}/status`, { status: 'confirmed' }).set('If-Match', '"1"').expect(200).expect('ETag', '"2"');
  await shop.post(order.id, 'cancel', { reason: 'late' }).set('If-Match', '"1"').expect(412);
  await shop.post(order.id, 'shipments').set('If-Match', '"1"').expect(412);
  await shop.post(order.id, 'payments', { method: 'cash' }).set('If-Match', '"1"').expect(412);
  await shop.admin.delete(`/orders/${order.id}`).set('If-Match', '"1"').expect(412);
});
