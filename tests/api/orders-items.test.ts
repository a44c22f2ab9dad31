import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

let app: TestApp;
let shop: Shop;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
});
afterAll(() => app.close());

const codeOf = (answer: { body: { error: { code: string } } }): string => answer.body.error.code;

test('STK-10: items added, changed and removed hold more or less stock by the difference only', async () => {
  const [lamp, shade] = [await shop.product(10), await shop.product(10, { price: '5.00' })];
  const order = await shop.order([[lamp, 2]]);
  const item = order.items[0].id;
  await shop.move(order.id, 'confirmed');

  const added = await shop.admin.post(`/orders/${order.id}/items`, { productId: shade, quantity: '3' }).expect(201);
  expect(added.body).toMatchObject({ total: '35.00', version: 3, items: [{ lineNumber: 1 }, { lineNumber: 2, productId: shade }] });
  expect([await shop.stock(lamp), await shop.stock(shade)]).toEqual(['10/2/8', '10/3/7']);

  const more = await shop.admin.patch(`/orders/${order.id}/items/${item}`, { quantity: '7', discountAmount: '5.00' }).expect(200);
  expect(more.body).toMatchObject({ total: '80.00', discountTotal: '5.00' });
  expect(await shop.stock(lamp)).toBe('10/7/3');
  const less = await shop.admin.patch(`/orders/${order.id}/items/${item}`, { quantity: '1' }).expect(200);
  expect(less.body).toMatchObject({ total: '20.00', items: [{ quantity: '1', discountAmount: '5.00' }, {}] });
  expect(await shop.stock(lamp)).toBe('10/1/9');

  const refusal = await shop.admin.patch(`/orders/${order.id}/items/${item}`, { quantity: '11' }).expect(409);
  expect(codeOf(refusal)).toBe('INSUFFICIENT_STOCK');
  expect(await shop.stock(lamp)).toBe('10/1/9');

  const removed = await shop.admin.delete(`/orders/${order.id}/items/${item}`).expect(200);
  expect(removed.body.items.map(({ productId }: { productId: string }) => productId)).toEqual([shade]);
  expect([await shop.stock(lamp), await shop.stock(shade)]).toEqual(['10/0/10', '10/3/7']);
  expect(codeOf(await shop.admin.delete(`/orders/${order.id}/items/${removed.body.items[0].id}`).expect(409))).toBe('ORDER_WITHOUT_ITEMS');

  const { body } = await shop.admin.get(`/orders/${order.id}/items`).expect(200);
  expect(body.data).toEqual(removed.body.items);
  const history = await shop.admin.get(`/orders/${order.id}/history`).expect(200);
  expect(history.body.data.map(({ type }: { type: string }) => type)).toEqual([
    'order.placed',
    'order.confirmed',
    'order.item_added',
    'order.item_changed',
    'order.item_changed',
    'order.item_removed',
  ]);
});

test('ORD-9: frozen once processing began; unknown items and orders are not found', async () => {
  const product = await shop.product(10);
  const order = await shop.order([[product, 2]]);
  const item = order.items[0].id;
  await shop.admin.patch(`/orders/${order.id}/items/${newId()}`, { quantity: '1' }).expect(404);
  await shop.admin.post(`/orders/${newId()}/items`, { productId: product, quantity: '1' }).expect(404);
  await shop.move(order.id, 'processing');
  for (const attempt of [
    shop.admin.post(`/orders/${order.id}/items`, { productId: product, quantity: '1' }),
    shop.admin.patch(`/orders/${order.id}/items/${item}`, { quantity: '1' }),
    shop.admin.delete(`/orders/${order.id}/items/${item}`),
    shop.admin.put(`/orders/${order.id}`, { items: [{ id: item, productId: product, quantity: '1' }] }),
  ])
    expect(codeOf(await attempt.expect(409))).toBe('ITEMS_FROZEN');
});

test('PUT replaces header and items: what is left out is emptied, known items keep their price', async () => {
  const [lamp, shade, bulb] = [await shop.product(10), await shop.product(10), await shop.product(10)];
  const order = await shop.order(
    [
      [lamp, 2],
      [shade, 2],
    ],
    { notes: 'old', shippingAmount: '3.00', customerName: 'Somebody' },
  );
  await shop.admin.patch(`/products/${lamp}`, { price: '99.00' }).expect(200);
  const { body } = await shop.admin
    .put(`/orders/${order.id}`, {
      items: [
        { id: order.items[0].id, productId: lamp, quantity: '5' },
        { productId: bulb, quantity: '1' },
      ],
      discountPercent: '10',
    })
    .set('If-Match', '"1"')
    .expect(200);
  expect(body).toMatchObject({
    number: order.number,
    notes: null,
    customerName: null,
    shippingAmount: '0.00',
    subtotal: '60.00',
    discountTotal: '6.00',
    total: '54.00',
    version: 2,
    items: [
      { lineNumber: 1, unitPrice: '10.00', quantity: '5' },
      { lineNumber: 3, productId: bulb },
    ],
  });
  expect(await Promise.all([lamp, shade, bulb].map((product) => shop.stock(product)))).toEqual(['10/5/5', '10/0/10', '10/1/9']);

  const bad: Array<[object, number, string]> = [
    [{ items: [{ id: newId(), productId: lamp, quantity: '1' }] }, 422, 'UNUSABLE_REFERENCE'],
    [{ items: [{ id: order.items[0].id, productId: bulb, quantity: '1' }] }, 400, 'INVALID_INPUT'],
    [{ items: [1, 2].map(() => ({ id: order.items[0].id, productId: lamp, quantity: '1' })) }, 400, 'INVALID_INPUT'],
    [{ items: [{ productId: lamp, quantity: '1' }], customerId: newId() }, 422, 'UNUSABLE_REFERENCE'],
    [{ items: [{ productId: lamp, quantity: '1' }], discountPercent: '5', discountAmount: '1' }, 400, 'INVALID_INPUT'],
    [{ items: [{ productId: lamp, quantity: '1' }], totalAmount: '3.00' }, 422, 'TOTAL_MISMATCH'],
  ];
  for (const [replacement, status, code] of bad)
    expect([replacement, codeOf(await shop.admin.put(`/orders/${order.id}`, replacement).expect(status))]).toEqual([replacement, code]);
  expect((await shop.admin.get(`/orders/${order.id}`)).body).toEqual(body);
});

test('an item is not lowered below what of it was cancelled, and a total not below what was paid', async () => {
  const product = await shop.product(20);
  const order = await shop.order([[product, 6]]);
  const item = order.items[0].id;
  await shop.post(order.id, 'cancel', { reason: 'x', items: [{ itemId: item, quantity: '2' }] }).expect(200);
  expect(codeOf(await shop.admin.patch(`/orders/${order.id}/items/${item}`, { quantity: '1' }).expect(409))).toBe('EXCEEDS_OPEN_QUANTITY');
  await shop.post(order.id, 'payments', { amount: '40.00', method: 'cash' }).expect(201);
  expect(codeOf(await shop.admin.patch(`/orders/${order.id}/items/${item}`, { quantity: '3' }).expect(409))).toBe('PAID_EXCEEDS_TOTAL');
  expect(await shop.stock(product)).toBe('20/4/16');
});

test('an item of which some was cancelled is not removed, neither alone nor by leaving it out', async () => {
  const [lamp, shade] = [await shop.product(10), await shop.product(10)];
  const order = await shop.order([
    [lamp, 3],
    [shade, 3],
  ]);
  const [first, second] = order.items;
  await shop.post(order.id, 'cancel', { reason: 'x', items: [{ itemId: first.id, quantity: '1' }] }).expect(200);
  expect(codeOf(await shop.admin.delete(`/orders/${order.id}/items/${first.id}`).expect(409))).toBe('EXCEEDS_OPEN_QUANTITY');
  const without = { items: [{ id: second.id, productId: shade, quantity: '3' }] };
  expect(codeOf(await shop.admin.put(`/orders/${order.id}`, without).expect(409))).toBe('EXCEEDS_OPEN_QUANTITY');
  expect([await shop.stock(lamp), await shop.stock(shade)]).toEqual(['10/2/8', '10/3/7']);
});

test('items do not change so that nothing of a placed order is open any more: that is cancelling it', async () => {
  const [lamp, shade] = [await shop.product(10), await shop.product(10)];
  const order = await shop.order([
    [lamp, 5],
    [shade, 1],
  ]);
  const [first, second] = order.items;
  await shop.post(order.id, 'cancel', { reason: 'x', items: [{ itemId: first.id, quantity: '3' }] }).expect(200);
  await shop.admin.patch(`/orders/${order.id}/items/${first.id}`, { quantity: '3' }).expect(200);
  expect(codeOf(await shop.admin.delete(`/orders/${order.id}/items/${second.id}`).expect(409))).toBe('ORDER_WITHOUT_ITEMS');
  const closed = { items: [{ id: first.id, productId: lamp, quantity: '3' }] };
  expect(codeOf(await shop.admin.put(`/orders/${order.id}`, closed).expect(409))).toBe('ORDER_WITHOUT_ITEMS');
  await shop.admin.put(`/orders/${order.id}`, { items: [{ ...closed.items[0], quantity: '4' }] }).expect(200);
  expect(codeOf(await shop.admin.patch(`/orders/${order.id}/items/${first.id}`, { quantity: '3' }).expect(409))).toBe(
    'ORDER_WITHOUT_ITEMS',
  );
  expect(await shop.stock(lamp)).toBe('10/1/9');
  await shop.post(order.id, 'cancel', { reason: 'instead' }).expect(200);
  expect(await shop.stock(lamp)).toBe('10/0/10');
});

test('an order takes one item after the other up to the most it may be placed with', async () => {
  const product = await shop.product(10_000);
  const order = await shop.order(Array.from({ length: 1_999 }, () => [product, 1] as const));
  await shop.admin.post(`/orders/${order.id}/items`, { productId: product, quantity: '1' }).expect(201);
  const { body } = await shop.admin.post(`/orders/${order.id}/items`, { productId: product, quantity: '1' }).expect(409);
  expect(body.error).toMatchObject({ code: 'TOO_MANY_ITEMS', details: { limit: 2_000 } });
});

test('a draft may lose all its items, but is then not placed', async () => {
  const product = await shop.product(5);
  const draft = await shop.draft([[product, 1]]);
  await shop.admin.delete(`/orders/${draft.id}/items/${draft.items[0].id}`).expect(200);
  expect(codeOf(await shop.admin.patch(`/orders/${draft.id}/status`, { status: 'pending' }).expect(409))).toBe('ORDER_WITHOUT_ITEMS');
});

test('many clients change one order’s items at once: stock and totals stay exact', async () => {
  const [lamp, shade] = [await shop.product(500), await shop.product(500)];
  const order = await shop.order([
    [lamp, 1],
    [shade, 1],
  ]);
  const [first, second] = order.items;
  const changes = Array.from({ length: 20 }, (_, index) =>
    index % 2 === 0
      ? shop.admin.patch(`/orders/${order.id}/items/${first.id}`, { quantity: String(index + 1) })
      : shop.admin.patch(`/orders/${order.id}/items/${second.id}`, { quantity: String(index + 1) }),
  );
  const statuses = (await Promise.all(changes)).map(({ status }) => status);
  expect(statuses.every((status) => status === 200)).toBe(true);
  const { body } = await shop.admin.get(`/orders/${order.id}`).expect(200);
  const [a, b] = body.items.map(({ quantity }: { quantity: string }) => Number(quantity)) as [number, number];
  expect(await shop.stock(lamp)).toBe(`500/${a}/${500 - a}`);
  expect(await shop.stock(shade)).toBe(`500/${b}/${500 - b}`);
  expect(body.total).toBe(`${(a + b) * 10}.00`);
});
