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

describe('placing an order', () => {
  test('ORD-2, STK-9: freezes what the catalogue says, reserves, and gives a number', async () => {
    await shop.admin.post('/tax-rates', { name: 'VAT', rate: '20', inclusive: false, isDefault: true }).expect(201);
    const product = await shop.product(10, { name: 'Lamp', price: '12.50' });
    const customer = (
      await shop.admin
        .post('/customers', { name: 'Grace', billingAddress: { line1: '1 High St', city: 'York', country: 'GB' } })
        .expect(201)
    ).body as { id: string };
    const { body, headers } = await shop.admin
      .post('/orders', {
        customerId: customer.id,
        items: [{ productId: product, quantity: '3', discountPercent: '10' }],
        discountAmount: '0.75',
        shippingAmount: '4.00',
        dueDate: '2026-12-24',
        notes: 'Please ring twice',
        externalReference: 'web-17',
        totalAmount: '43.60',
      })
      .expect(201);
    // MON-4: 37.50 − 3.75 − 0.75 = 33.00, tax 6.60, shipping 4.00
    expect(body).toMatchObject({
      status: 'pending',
      number: expect.stringMatching(/^SO-\d{6}$/),
      customer: { id: customer.id, name: 'Grace' },
      subtotal: '37.50',
      discountTotal: '4.50',
      taxTotal: '6.60',
      shippingAmount: '4.00',
      total: '43.60',
      balance: '43.60',
      billingAddress: { line1: '1 High St', city: 'York', country: 'GB' },
      externalReference: 'web-17',
      items: [
        { name: 'Lamp', unitPrice: '12.50', gross: '37.50', discountAmount: '4.50', taxRate: '20', taxAmount: '6.60', total: '39.60' },
      ],
    });
    expect(headers['location']).toBe(`/api/v1/orders/${body.id}`);
    expect(await shop.stock(product)).toBe('10/3/7');

    // ORD-8
    await shop.admin.patch(`/products/${product}`, { price: '99.00', name: 'Dear lamp' }).expect(200);
    const read = await shop.admin.get(`/orders/${body.id}`).expect(200);
    expect(read.body).toEqual(body);
    await shop.admin.patch(`/products/${product}/status`, { status: 'archived' }).expect(200);
    expect(codeOf(await shop.admin.post('/orders', { items: [{ productId: product, quantity: '1' }] }).expect(422))).toBe(
      'PRODUCT_NOT_ORDERABLE',
    );
    await shop.move(body.id, 'confirmed', 'shipped');
  });

  test('STK-6: a shortage names each product, what was asked and what is there, and changes nothing', async () => {
    const [short, plenty] = [await shop.product(3), await shop.product(50)];
    const { body } = await shop.admin
      .post('/orders', {
        items: [
          { productId: short, quantity: '2' },
          { productId: plenty, quantity: '5' },
          { productId: short, quantity: '2' },
        ],
      })
      .expect(409);
    expect(body.error).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      details: { items: [{ productId: short, asked: '4', available: '3', storeId: shop.storeId }] },
    });
    expect([await shop.stock(short), await shop.stock(plenty)]).toEqual(['3/0/3', '50/0/50']);
  });

  test('a draft reserves nothing and has no number; placing it takes today’s prices', async () => {
    const product = await shop.product(5, { price: '10.00' });
    const draft = await shop.draft([[product, 4]]);
    expect(draft).toMatchObject({ status: 'draft', number: null, orderedAt: null });
    expect(await shop.stock(product)).toBe('5/0/5');
    await shop.admin.patch(`/products/${product}`, { price: '11.00' }).expect(200);
    const placed = await shop.move(draft.id, 'pending');
    expect(placed).toMatchObject({ status: 'pending', number: expect.stringMatching(/^SO-/), items: [{ unitPrice: '11.00' }] });
    expect(await shop.stock(product)).toBe('5/4/1');
    const second = await shop.draft([[product, 2]]);
    const refusal = await shop.admin.patch(`/orders/${second.id}/status`, { status: 'pending' }).expect(409);
    expect(codeOf(refusal)).toBe('INSUFFICIENT_STOCK');
  });

  test('back-orders may be promised more than there is, also of what was never in stock', async () => {
    const product = await shop.product(0, { allowsBackorder: true });
    const order = await shop.order([[product, 3]]);
    expect(await shop.stock(product)).toBe('0/3/0');
    expect(codeOf(await shop.post(order.id, 'shipments').expect(409))).toBe('INSUFFICIENT_STOCK');
    await shop.admin.post('/inventory/adjust-stock', { productId: product, quantity: '3', reason: 'received' }).expect(200);
    await shop.post(order.id, 'shipments').expect(201);
    expect(await shop.stock(product)).toBe('0/0/0');
  });

  test('QTY-1, QTY-2: entered in another unit of the category; whole units refuse fractions', async () => {
    const dozen = (
      await shop.admin.post('/units', { code: 'dz', name: 'Dozen', category: 'count', factor: '12', isWhole: true }).expect(201)
    ).body as { id: string };
    const product = await shop.product(100, { price: '2.00' });
    const { body } = await shop.admin.post('/orders', { items: [{ productId: product, quantity: '2', unitId: dozen.id }] }).expect(201);
    expect(body.items[0]).toMatchObject({ quantity: '2', unit: 'dz', stockQuantity: '24', unitPrice: '24.00', gross: '48.00' });
    expect(await shop.stock(product)).toBe('100/24/76');
    await shop.admin.post('/orders', { items: [{ productId: product, quantity: '0.5' }] }).expect(400);
  });

  test('customerName finds the customer of exactly that name, else names a guest; orderNumber is another word for number', async () => {
    const product = await shop.product(10);
    const item = { productId: product, quantity: '1' };
    const customer = (await shop.admin.post('/customers', { name: 'Ada Only' }).expect(201)).body as { id: string };
    const known = await shop.admin.post('/orders', { items: [item], customerName: 'Ada Only', orderNumber: 'WEB-1' }).expect(201);
    expect(known.body).toMatchObject({ number: 'WEB-1', customer: { id: customer.id }, customerName: 'Ada Only' });
    await shop.admin.post('/orders', { items: [item], customerId: customer.id, customerName: 'Ada Only' }).expect(201);
    const other = { items: [item], customerId: customer.id, customerName: 'Nobody Known' };
    expect(codeOf(await shop.admin.post('/orders', other).expect(422))).toBe('UNUSABLE_REFERENCE');
    expect(codeOf(await shop.admin.put(`/orders/${known.body.id}`, other).expect(422))).toBe('UNUSABLE_REFERENCE');
    const guest = await shop.admin.post('/orders', { items: [item], customerName: 'Nobody Known' }).expect(201);
    expect(guest.body).toMatchObject({ customer: null, customerName: 'Nobody Known' });
    expect(codeOf(await shop.admin.post('/orders', { items: [item], number: 'WEB-1' }).expect(409))).toBe('DUPLICATE');
    expect(await shop.stock(product)).toBe('10/3/7');
  });

  test('refuses what does not exist, what does not add up, and prices without the permission', async () => {
    const product = await shop.product(10);
    const item = { productId: product, quantity: '1' };
    const refusals: Array<[object, number, string]> = [
      [{ items: [] }, 400, 'INVALID_INPUT'],
      [{ items: [{ ...item, quantity: '-1' }] }, 400, 'INVALID_INPUT'],
      [{ items: [{ ...item, colour: 'red' }] }, 400, 'INVALID_INPUT'],
      [{ items: [{ ...item, discountPercent: '5', discountAmount: '1' }] }, 400, 'INVALID_INPUT'],
      [{ items: [{ ...item, discountAmount: '1.001' }] }, 400, 'INVALID_INPUT'],
      [{ items: [item], discountPercent: '5', discountAmount: '1' }, 400, 'INVALID_INPUT'],
      [{ items: [item], draft: true, number: 'D-1' }, 400, 'INVALID_INPUT'],
      [{ items: [{ ...item, productId: newId() }] }, 422, 'UNUSABLE_REFERENCE'],
      [{ items: [{ ...item, unitId: newId() }] }, 422, 'UNUSABLE_REFERENCE'],
      [{ items: [item], customerId: newId() }, 422, 'UNUSABLE_REFERENCE'],
      [{ items: [item], storeId: newId() }, 422, 'STORE_NOT_USABLE'],
      [{ items: [item], totalAmount: '1.00' }, 422, 'TOTAL_MISMATCH'],
      [{ items: [{ ...item, discountAmount: '10.01' }] }, 422, 'DISCOUNT_TOO_LARGE'],
    ];
    for (const [body, status, code] of refusals)
      expect([body, codeOf(await shop.admin.post('/orders', body).expect(status))]).toEqual([body, code]);

    const staff = app.as(await app.member(shop.organizationId, 'staff'));
    await staff.post('/orders', { items: [item] }).expect(201);
    for (const priced of [{ items: [{ ...item, unitPrice: '1.00' }] }, { items: [item], discountPercent: '50' }])
      expect(codeOf(await staff.post('/orders', priced).expect(403))).toBe('FORBIDDEN');
    const viewer = app.as(await app.member(shop.organizationId, 'viewer'));
    expect(codeOf(await viewer.post('/orders', { items: [item] }).expect(403))).toBe('FORBIDDEN');
    await viewer.get('/orders').expect(200);
  });
});

describe('idempotency keys', () => {
  test('the same request is answered again, another one is refused, and a refusal may be tried again', async () => {
    const product = await shop.product(2);
    const body = { items: [{ productId: product, quantity: '2' }] };
    const key = newId();
    const send = (what: object) => shop.admin.post('/orders', what).set('Idempotency-Key', key);
    await send({ items: [{ productId: product, quantity: '3' }] }).expect(409);
    const first = await send(body).expect(201);
    const again = await send(body).expect(201).expect('Idempotency-Replayed', 'true');
    expect(again.body).toEqual(first.body);
    expect(again.headers['location']).toBe(first.headers['location']);
    expect(again.headers['etag']).toBe('"1"');
    expect(codeOf(await send({ ...body, notes: 'x' }).expect(422))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await shop.stock(product)).toBe('2/2/0');
  });

  test('twenty at once with one key make one order', async () => {
    const product = await shop.product(100);
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        shop.admin.post('/orders', { items: [{ productId: product, quantity: '1' }] }).set('Idempotency-Key', key),
      ),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect([answer.status, codeOf(answer)]).toEqual([409, 'IDEMPOTENCY_IN_FLIGHT']);
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect(await shop.stock(product)).toBe('100/1/99');
  });
});

test('C-1 in small: forty buyers of the last ten units, ten get one', async () => {
  const product = await shop.product(10);
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => shop.admin.post('/orders', { items: [{ productId: product, quantity: '1' }] })),
  );
  const codes = answers.map((answer) => (answer.status === 201 ? '201' : codeOf(answer)));
  expect(codes.filter((code) => code === '201')).toHaveLength(10);
  expect(codes.filter((code) => code === 'INSUFFICIENT_STOCK')).toHaveLength(30);
  expect(await shop.stock(product)).toBe('10/10/0');
});
