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

/** Three of 10.00 each, shipped and paid. */
async function soldOrder(product: string, quantity = 3): Promise<{ id: string; itemId: string }> {
  const order = await shop.order([[product, quantity]]);
  await shop.move(order.id, 'confirmed', 'shipped');
  await shop.post(order.id, 'payments', { method: 'card' }).expect(201);
  return { id: order.id, itemId: order.items[0].id };
}

describe('payments', () => {
  test('ORD-12: part by part up to the balance, never more', async () => {
    const order = await shop.order([[await shop.product(9), 3]]);
    const first = await shop.post(order.id, 'payments', { amount: '12.50', method: 'bank_transfer', reference: 'BACS 7' }).expect(201);
    expect(first.body).toMatchObject({
      payment: { amount: '12.50', status: 'succeeded', reference: 'BACS 7', refundedAmount: '0.00' },
      order: { paymentStatus: 'partially_paid', paidAmount: '12.50', balance: '17.50', version: 2 },
    });
    const refusal = await shop.post(order.id, 'payments', { amount: '17.51', method: 'cash' }).expect(409);
    expect(refusal.body.error).toMatchObject({ code: 'PAYMENT_EXCEEDS_BALANCE', details: { amount: '17.51', balance: '17.50' } });
    const rest = await shop.post(order.id, 'payments', { method: 'cash' }).expect(201);
    expect(rest.body.order).toMatchObject({ paymentStatus: 'paid', balance: '0.00' });
    const { body } = await shop.admin.get(`/orders/${order.id}/payments`).expect(200);
    expect(body.data.map(({ amount }: { amount: string }) => amount)).toEqual(['12.50', '17.50']);
  });

  test('need a key, a payable order, a sensible amount and day, and the permission', async () => {
    const order = await shop.order([[await shop.product(9), 1]]);
    const noKey = await shop.admin.post(`/orders/${order.id}/payments`, { method: 'cash' }).expect(400);
    expect(noKey.body.error.details.issues[0].path).toBe('headers.idempotency-key');
    for (const body of [
      { method: 'cash', amount: '0' },
      { method: 'cash', amount: '1.001' },
      { method: 'cash', paidAt: '2199-01-01T00:00:00Z' },
      { method: 'gold' },
    ])
      expect(codeOf(await shop.post(order.id, 'payments', body).expect(400))).toBe('INVALID_INPUT');
    const draft = await shop.draft([[await shop.product(9), 1]]);
    expect(codeOf(await shop.post(draft.id, 'payments', { method: 'cash' }).expect(409))).toBe('ORDER_NOT_PAYABLE');
    await shop.move(order.id, 'cancelled');
    expect(codeOf(await shop.post(order.id, 'payments', { method: 'cash' }).expect(409))).toBe('ORDER_NOT_PAYABLE');
    const viewer = app.as(await app.member(shop.organizationId, 'viewer'));
    await viewer.post(`/orders/${order.id}/payments`, { method: 'cash' }).set('Idempotency-Key', newId()).expect(403);
  });

  test('a repeated request pays once', async () => {
    const order = await shop.order([[await shop.product(9), 3]]);
    const key = newId();
    const pay = () => shop.admin.post(`/orders/${order.id}/payments`, { amount: '10.00', method: 'card' }).set('Idempotency-Key', key);
    const first = await pay().expect(201);
    const again = await pay().expect(201).expect('Idempotency-Replayed', 'true');
    expect(again.body).toEqual(first.body);
    expect((await shop.admin.get(`/orders/${order.id}`)).body.paidAmount).toBe('10.00');
  });
});

describe('refunds', () => {
  test('PAY-1: from the latest payments first, with the tax inside, up to what was paid', async () => {
    const taxed = await openShop(app);
    await taxed.admin.post('/tax-rates', { name: 'VAT', rate: '20', inclusive: false, isDefault: true }).expect(201);
    const order = await taxed.order([[await taxed.product(9), 3]]);
    await taxed.post(order.id, 'payments', { amount: '20.00', method: 'card' }).expect(201);
    await taxed.post(order.id, 'payments', { amount: '16.00', method: 'cash' }).expect(201);
    const some = await taxed.post(order.id, 'refunds', { amount: '20.00', reason: 'late' }).expect(201);
    expect(some.body.refunds.map(({ amount, taxAmount, method }: Record<string, string>) => [amount, taxAmount, method])).toEqual([
      ['16.00', '2.67', 'cash'],
      ['4.00', '0.66', 'card'],
    ]);
    expect(some.body.order).toMatchObject({ paymentStatus: 'partially_refunded', refundedAmount: '20.00' });
    expect(codeOf(await taxed.post(order.id, 'refunds', { amount: '16.01', reason: 'x' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    const rest = await taxed.post(order.id, 'refunds', { reason: 'all of it' }).expect(201);
    expect(rest.body).toMatchObject({ refunds: [{ amount: '16.00', taxAmount: '2.67' }], order: { paymentStatus: 'refunded' } });
    expect(codeOf(await taxed.post(order.id, 'refunds', { reason: 'x' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    const payments = await taxed.admin.get(`/orders/${order.id}/payments`).expect(200);
    expect(payments.body.data.map(({ status }: { status: string }) => status)).toEqual(['refunded', 'refunded']);
    expect((await taxed.admin.get(`/orders/${order.id}/refunds`).expect(200)).body.data).toHaveLength(3);
  });

  test('from a payment that is named, by a manager and with a key', async () => {
    const { id } = await soldOrder(await shop.product(9));
    const [payment] = (await shop.admin.get(`/orders/${id}/payments`)).body.data;
    await shop.post(id, 'refunds', { reason: 'x', paymentId: payment.id, amount: '5.00', method: 'cash' }).expect(201);
    expect(codeOf(await shop.post(id, 'refunds', { reason: 'x', paymentId: newId() }).expect(422))).toBe('UNUSABLE_REFERENCE');
    expect(codeOf(await shop.post(id, 'refunds', { reason: 'x', returnId: newId() }).expect(422))).toBe('UNUSABLE_REFERENCE');
    await shop.admin.post(`/orders/${id}/refunds`, { reason: 'x' }).expect(400);
    const staff = app.as(await app.member(shop.organizationId, 'staff'));
    await staff.post(`/orders/${id}/refunds`, { reason: 'x' }).set('Idempotency-Key', newId()).expect(403);
  });

  test('a cancelled order gives back what was paid', async () => {
    const order = await shop.order([[await shop.product(9), 1]]);
    await shop.post(order.id, 'payments', { method: 'cash' }).expect(201);
    await shop.post(order.id, 'cancel', { reason: 'x' }).expect(200);
    const { body } = await shop.post(order.id, 'refunds', { reason: 'cancelled' }).expect(201);
    expect(body.order).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded', refundedAmount: '10.00' });
  });
});

describe('returns', () => {
  test('STK-15: to a store that was archived since come back only goods that are scrapped', async () => {
    const { id: storeId } = (await shop.admin.post('/stores', { code: 'OLD', name: 'Old' }).expect(201)).body as { id: string };
    const product = await shop.product(3, { initialStock: { quantity: '3', storeId } });
    const service = await shop.product(0, { tracksStock: false });
    const order = await shop.order(
      [
        [product, 3],
        [service, 1],
      ],
      { storeId },
    );
    await shop.move(order.id, 'confirmed', 'shipped');
    await shop.admin.delete(`/stores/${storeId}`).expect(204);
    const [goods, work] = order.items.map((item: { id: string }) => item.id);
    const back = (items: object[]) => shop.post(order.id, 'returns', { items, reason: 'broken' });
    const { body } = await back([
      { itemId: goods, quantity: '1', disposition: 'scrap' },
      { itemId: goods, quantity: '1' },
    ]).expect(422);
    expect(body.error).toMatchObject({ code: 'STORE_NOT_USABLE', details: { field: 'disposition', id: storeId } });
    expect(body.error.message).toContain('is archived: take the goods back as scrap');
    expect(await shop.stock(product)).toBe('0/0/0');
    await back([
      { itemId: goods, quantity: '2', disposition: 'scrap' },
      { itemId: work, quantity: '1' },
    ]).expect(201);
    expect(await shop.stock(product)).toBe('0/0/0');
  });

  test('STK-15: goods come back and their store is archived at once: one of the two', async () => {
    for (let round = 0; round < 5; round++) {
      const store = { code: `RACE${round}`, name: 'Race' };
      const { id: storeId } = (await shop.admin.post('/stores', store).expect(201)).body as { id: string };
      const product = await shop.product(1, { initialStock: { quantity: '1', storeId } });
      const order = await shop.order([[product, 1]], { storeId });
      await shop.move(order.id, 'confirmed', 'shipped');
      const back = { items: [{ itemId: order.items[0].id, quantity: '1' }], reason: 'broken' };
      const answers = await Promise.all([shop.admin.delete(`/stores/${storeId}`), shop.post(order.id, 'returns', back)]);
      const said = answers.map(({ status, body }) => body.error?.code ?? status);
      expect([
        ['STORE_IN_USE', 201],
        [204, 'STORE_NOT_USABLE'],
      ]).toContainEqual(said);
    }
  });

  test('VAL-4: restocked at the cost the goods left with, although the level’s average has changed since', async () => {
    const product = await shop.product(3, { cost: '4.00' });
    const { id, itemId } = await soldOrder(product);
    await shop.admin
      .post('/inventory/adjust-stock', { productId: product, quantity: '2', reason: 'received', unitCost: '9.00' })
      .expect(200);
    const { body } = await shop.post(id, 'returns', { items: [{ itemId, quantity: '2' }], reason: 'wrong colour' }).expect(201);
    expect(body).toMatchObject({
      return: {
        number: expect.stringMatching(/^RT-\d{6}$/),
        total: '20.00',
        items: [{ quantity: '2', disposition: 'restock', total: '20.00' }],
      },
      order: { fulfilmentStatus: 'partially_returned', items: [{ returnedQuantity: '2' }] },
    });
    const [movement] = (await shop.admin.get(`/inventory/movements?productId=${product}&kind=customer_return`)).body.data;
    expect(movement).toMatchObject({ quantity: '2', value: '8.00', source: { type: 'return', id: body.return.id, lineId: itemId } });
    expect(await shop.stock(product)).toBe('4/0/4');
    const refusal = await shop.post(id, 'returns', { items: [{ itemId, quantity: '2' }], reason: 'x' }).expect(409);
    expect(refusal.body.error).toMatchObject({ code: 'EXCEEDS_SHIPPED_QUANTITY', details: { items: [{ asked: '2', returnable: '1' }] } });
    const last = await shop.post(id, 'returns', { items: [{ itemId, quantity: '1' }], reason: 'the rest' }).expect(201);
    expect(last.body.order.fulfilmentStatus).toBe('returned');
    const { body: listed } = await shop.admin.get(`/orders/${id}/returns`).expect(200);
    expect(listed.data.map(({ total }: { total: string }) => total)).toEqual(['20.00', '10.00']);
  });

  test('an uneven value comes back to the last penny, however it is divided', async () => {
    const product = await shop.product(0);
    await shop.admin
      .post('/inventory/adjust-stock', { productId: product, quantity: '3', reason: 'received', unitCost: '3.333333' })
      .expect(200);
    const { id, itemId } = await soldOrder(product);
    for (let unit = 0; unit < 3; unit++) await shop.post(id, 'returns', { items: [{ itemId, quantity: '1' }], reason: 'x' }).expect(201);
    const { body } = await shop.admin.get(`/inventory/movements?productId=${product}&kind=customer_return`).expect(200);
    expect(body.data.map(({ value }: { value: string }) => value).sort()).toEqual(['3.33', '3.33', '3.34']);
    expect((await shop.admin.get(`/inventory/${product}`)).body).toMatchObject({ onHand: '3', value: '10.00' });
  });

  test('scrapped goods pass through the ledger and leave level and value as they were', async () => {
    const product = await shop.product(5, { cost: '4.00' });
    const { id, itemId } = await soldOrder(product);
    const items = [
      { itemId, quantity: '1', disposition: 'restock' },
      { itemId, quantity: '2', disposition: 'scrap' },
    ];
    const { body } = await shop.post(id, 'returns', { items, reason: 'damaged' }).expect(201);
    expect(body.order).toMatchObject({ fulfilmentStatus: 'returned', items: [{ returnedQuantity: '3' }] });
    expect((await shop.admin.get(`/inventory/${product}`)).body).toMatchObject({ onHand: '3', value: '12.00' });
    const { body: scrap } = await shop.admin.get(`/inventory/movements?productId=${product}&kind=scrap`).expect(200);
    expect(scrap.data).toMatchObject([{ quantity: '-2', value: '-8.00', reason: 'damaged' }]);
  });

  test('money goes back for a return up to what its goods came to', async () => {
    const { id, itemId } = await soldOrder(await shop.product(9));
    const made = (await shop.post(id, 'returns', { items: [{ itemId, quantity: '1' }], reason: 'x' }).expect(201)).body.return;
    expect(codeOf(await shop.post(id, 'refunds', { amount: '10.01', returnId: made.id, reason: 'x' }).expect(409))).toBe(
      'REFUND_EXCEEDS_PAID',
    );
    const { body } = await shop.post(id, 'refunds', { returnId: made.id, reason: 'returned' }).expect(201);
    expect(body.refunds).toMatchObject([{ amount: '10.00', returnId: made.id }]);
    expect(codeOf(await shop.post(id, 'refunds', { returnId: made.id, reason: 'again' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    expect((await shop.admin.get(`/orders/${id}/returns`)).body.data[0].refundedAmount).toBe('10.00');
  });

  test('refuses what was never shipped, other orders’ items, fractions of whole units, the future', async () => {
    const product = await shop.product(9);
    const order = await shop.order([[product, 2]]);
    const itemId = order.items[0].id;
    const attempt = (quantity: string, more: object = {}) =>
      shop.post(order.id, 'returns', { items: [{ itemId, quantity }], reason: 'x', ...more });
    expect(codeOf(await attempt('1').expect(409))).toBe('EXCEEDS_SHIPPED_QUANTITY');
    await shop.move(order.id, 'confirmed', 'shipped');
    await attempt('0.5').expect(400);
    await attempt('1', { returnedAt: '2199-01-01T00:00:00Z' }).expect(400);
    const foreign = await shop.post(order.id, 'returns', { items: [{ itemId: newId(), quantity: '1' }], reason: 'x' }).expect(422);
    expect(codeOf(foreign)).toBe('UNUSABLE_REFERENCE');
    expect(await shop.stock(product)).toBe('7/0/7');
  });

  test('services come back without stock', async () => {
    const product = await shop.product(0, { tracksStock: false });
    const { id, itemId } = await soldOrder(product, 2);
    const { body } = await shop.post(id, 'returns', { items: [{ itemId, quantity: '2' }], reason: 'x' }).expect(201);
    expect(body.order.fulfilmentStatus).toBe('returned');
    expect((await shop.admin.get(`/inventory/movements?productId=${product}`)).body.data).toEqual([]);
  });
});

describe('ORD-12: the credit limit', () => {
  const customer = async (creditLimit: string): Promise<string> =>
    ((await shop.admin.post('/customers', { name: `Credit ${creditLimit} ${newId()}`, creditLimit }).expect(201)).body as { id: string })
      .id;

  test('counts what open orders still owe: payments and cancellations make room, drafts don’t count', async () => {
    const [product, customerId] = [await shop.product(100), await customer('50.00')];
    const first = await shop.order([[product, 3]], { customerId });
    const draft = (
      await shop.admin.post('/orders', { customerId, draft: true, items: [{ productId: product, quantity: '3' }] }).expect(201)
    ).body;
    const place = () => shop.admin.patch(`/orders/${draft.id}/status`, { status: 'pending' });
    const refusal = await place().expect(409);
    expect(refusal.body.error).toMatchObject({
      code: 'CREDIT_LIMIT_EXCEEDED',
      details: { creditLimit: '50.00', owed: '30.00', asked: '30.00' },
    });
    await shop.post(first.id, 'payments', { amount: '5.00', method: 'cash' }).expect(201);
    await place().expect(409);
    await shop.post(first.id, 'cancel', { reason: 'x', items: [{ itemId: first.items[0].id, quantity: '1' }] }).expect(200);
    await place().expect(200); // 15 + 30 of 50
    const more = shop.admin.post(`/orders/${first.id}/items`, { productId: product, quantity: '1' });
    expect(codeOf(await more.expect(409))).toBe('CREDIT_LIMIT_EXCEEDED');
    await shop.admin.post('/orders', { customerId, items: [{ productId: product, quantity: '1' }] }).expect(409);
    expect(await shop.stock(product)).toBe('100/5/95');
  });

  test('thirty orders at once stay within it', async () => {
    const [product, customerId] = [await shop.product(100), await customer('70.00')];
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => shop.admin.post('/orders', { customerId, items: [{ productId: product, quantity: '1' }] })),
    );
    const codes = answers.map((answer) => (answer.status === 201 ? '201' : codeOf(answer)));
    expect(codes.filter((code) => code === '201')).toHaveLength(7);
    expect(codes.filter((code) => code === 'CREDIT_LIMIT_EXCEEDED')).toHaveLength(23);
  });
});
