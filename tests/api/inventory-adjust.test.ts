import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type AdjustedAnswer, type StockRoom } from '../support/stock';

let app: TestApp;
let room: StockRoom;
beforeAll(async () => {
  app = await startTestApp();
  room = await stockRoom(app, { currency: 'GBP' });
});
afterAll(() => app.close());

const adjustmentsOf = (productId: string) =>
  app.sql<{ type: string; aggregate_version: number | null; payload: object; before: object; after: object; actor_id: string }>(
    `SELECT type, aggregate_version, payload, before, after, actor_id FROM events WHERE aggregate_id = $1 AND type = 'stock.adjusted' ORDER BY id`,
    [productId],
  );
/** What a refused request must leave as it was. */
const stateOf = async (productId: string): Promise<unknown> => [
  await app.sql('SELECT on_hand, reserved, value FROM stock_levels WHERE product_id = $1', [productId]),
  await app.sql('SELECT count(*) FROM stock_movements WHERE product_id = $1', [productId]),
  await adjustmentsOf(productId),
];

describe('an adjustment', () => {
  it('STK-13: changes the level by a movement with a reason, and answers both', async () => {
    const productId = await room.product({ sku: 'JUG', name: 'Jug', cost: '4' });
    const { body } = await room.admin
      .post('/inventory/adjust-stock', { productId, quantity: '12', reason: 'received', note: '  Monday’s delivery ' })
      .expect(200);
    expect(body).toEqual({
      level: {
        productId,
        sku: 'JUG',
        name: 'Jug',
        storeId: room.owner.storeId,
        storeCode: expect.any(String),
        onHand: '12',
        reserved: '0',
        available: '12',
        inTransit: '0',
        onOrder: '0',
        value: '48.00',
        currency: 'GBP',
        reorderLevel: null,
        updatedAt: expect.any(String),
      },
      movement: {
        id: expect.any(String),
        productId,
        sku: 'JUG',
        name: 'Jug',
        storeId: room.owner.storeId,
        storeCode: expect.any(String),
        kind: 'adjustment',
        quantity: '12',
        unitCost: '4.00',
        value: '48.00',
        quantityAfter: '12',
        valueAfter: '48.00',
        currency: 'GBP',
        reason: 'received',
        note: 'Monday’s delivery',
        source: null,
        actorId: room.owner.userId,
        occurredAt: expect.any(String),
        recordedAt: expect.any(String),
      },
    });
    expect(await adjustmentsOf(productId)).toEqual([
      {
        type: 'stock.adjusted',
        aggregate_version: null,
        payload: { movementId: body.movement.id, productId, storeId: room.owner.storeId, reason: 'received', quantity: '12' },
        before: { onHand: '0' },
        after: { onHand: '12' },
        actor_id: room.owner.userId,
      },
    ]);
  });

  it('takes a JSON number when it is exact, and refuses one that is not', async () => {
    const kg = (await room.admin.post('/units', { code: 'kg', name: 'Kilogram', category: 'mass' }).expect(201)).body.id;
    const productId = await room.product({ unitId: kg });
    expect((await room.adjust({ productId, quantity: 2.5, reason: 'found' })).level.onHand).toBe('2.5');
    expect((await room.adjust({ productId, quantity: '-0.000001', reason: 'lost' })).level.onHand).toBe('2.499999');
    for (const quantity of ['0.0000001', '1e3', 'NaN', 'Infinity', ' 5', '+5', '', true, null, {}, ['1'], '1000000000000', '--1']) {
      const { body } = await room.admin.post('/inventory/adjust-stock', { productId, quantity, reason: 'found' }).expect(400);
      expect(body.error.code).toBe('INVALID_INPUT');
    }
    expect((await room.level(productId)).onHand).toBe('2.499999');
  });

  it('setTo says what there shall be, and writes nothing when there already is', async () => {
    const productId = await room.product({ cost: '2' });
    const set = async (setTo: string): Promise<AdjustedAnswer> => room.adjust({ productId, setTo, reason: 'correction' });
    expect((await set('7')).movement).toMatchObject({ quantity: '7', value: '14.00' });
    expect(await set('7')).toMatchObject({ level: { onHand: '7', value: '14.00' }, movement: null });
    expect((await set('4')).movement).toMatchObject({ quantity: '-3', value: '-6.00', quantityAfter: '4' });
    expect(await set('0')).toMatchObject({ level: { onHand: '0', value: '0.00' }, movement: { quantity: '-4' } });
    expect(await adjustmentsOf(productId)).toHaveLength(3);
  });

  it('needs exactly one of quantity and setTo, a reason that is known, and a change that is one', async () => {
    const productId = await room.product();
    const refused: ReadonlyArray<[object, string]> = [
      [{ reason: 'found' }, 'body.quantity'],
      [{ quantity: '1', setTo: '1', reason: 'found' }, 'body.quantity'],
      [{ quantity: '1' }, 'body.reason'],
      [{ quantity: '1', reason: 'because' }, 'body.reason'],
      [{ quantity: '0', reason: 'found' }, 'quantity'],
      [{ setTo: '-1', reason: 'found' }, 'body.setTo'],
      [{ quantity: '1', reason: 'found', onHand: '5' }, 'body.onHand'],
      [{ quantity: '1', reason: 'found', note: 'x'.repeat(1001) }, 'body.note'],
    ];
    for (const [fields, path] of refused) {
      const { body } = await room.admin.post('/inventory/adjust-stock', { productId, ...fields }).expect(400);
      expect({ fields, path: body.error.details.issues[0].path }).toEqual({ fields, path });
    }
    await room.admin.post('/inventory/adjust-stock', { quantity: '1', reason: 'found' }).expect(400);
    await room.admin.patch(`/inventory/${productId}`, { productId, quantity: '1', reason: 'found' }).expect(400);
    expect(await app.sql('SELECT FROM stock_movements WHERE product_id = $1', [productId])).toEqual([]);
  });

  it('QTY-2: a whole unit takes no fraction, neither as a change nor as what there shall be', async () => {
    const productId = await room.product();
    const { body } = await room.admin.post('/inventory/adjust-stock', { productId, quantity: '1.5', reason: 'found' }).expect(400);
    expect(body.error.message).toBe('quantity must be a whole number of pcs, but is 1.5');
    await room.admin.patch(`/inventory/${productId}`, { setTo: '0.5', reason: 'found' }).expect(400);
    expect((await room.adjust({ productId, quantity: '1.000', reason: 'found' })).level.onHand).toBe('1');
  });

  it('of an unknown product, store, or a product sold without stock is refused', async () => {
    const productId = await room.product();
    const unknown = newId();
    const ask = (body: object) => room.admin.post('/inventory/adjust-stock', { quantity: '1', reason: 'found', ...body });
    expect((await ask({ productId: unknown }).expect(422)).body.error).toMatchObject({
      code: 'UNUSABLE_REFERENCE',
      details: { field: 'productId', id: unknown },
    });
    expect((await ask({ productId, storeId: unknown }).expect(422)).body.error).toMatchObject({
      code: 'STORE_NOT_USABLE',
      details: { field: 'storeId', id: unknown },
    });
    const service = await room.product({ tracksStock: false });
    expect((await ask({ productId: service }).expect(422)).body.error.code).toBe('STOCK_NOT_TRACKED');
    await room.admin.patch(`/inventory/${service}`, { quantity: '1', reason: 'found' }).expect(422);
    const { body } = await room.admin.patch(`/inventory/${unknown}`, { quantity: '1', reason: 'found' }).expect(404);
    expect(body.error.code).toBe('PRODUCT_NOT_FOUND');
    await room.admin.patch(`/products/${unknown}/stock`, { setTo: '1' }).expect(404);
  });

  it('goes to the oldest store unless one is named, and never to an archived one', async () => {
    const productId = await room.product();
    const storeId = await room.store('ATTIC');
    expect((await room.adjust({ productId, quantity: '1', reason: 'found' })).level.storeId).toBe(room.owner.storeId);
    expect((await room.adjust({ productId, storeId, quantity: '2', reason: 'found' })).level).toMatchObject({ storeId, onHand: '2' });
    expect((await room.admin.delete(`/stores/${storeId}`).expect(409)).body.error).toMatchObject({
      code: 'STORE_IN_USE',
      details: { productsInStock: 1, openOrders: 0 },
    });
    await room.adjust({ productId, storeId, quantity: '-2', reason: 'found' });
    await room.admin.delete(`/stores/${storeId}`).expect(204);
    const { body } = await room.admin.post('/inventory/adjust-stock', { productId, storeId, quantity: '1', reason: 'found' }).expect(422);
    expect(body.error).toMatchObject({ code: 'STORE_NOT_USABLE', message: `There is no store ${storeId} in use` });
  });

  it('by its other names: PATCH /inventory/:productId, PATCH /products/:id/stock, POST /inventory/transactions', async () => {
    const productId = await room.product({ cost: '1' });
    await room.admin.patch(`/inventory/${productId}`, { quantity: '5', reason: 'found' }).expect(200);
    const { body } = await room.admin.patch(`/products/${productId}/stock`, { setTo: '3' }).expect(200);
    expect(body).toMatchObject({ level: { onHand: '3' }, movement: { reason: 'correction', quantity: '-2' } });
    await room.admin.patch(`/products/${productId}/stock`, { quantity: '1', reason: 'found', note: 'under the shelf' }).expect(200);
    await room.admin.post('/inventory/transactions', { productId, quantity: '2', reason: 'found' }).expect(200);
    expect(await room.level(productId)).toMatchObject({ onHand: '6', value: '6.00' });
  });

  it('with an idempotency key is done once', async () => {
    const productId = await room.product();
    const send = (quantity: string) =>
      room.admin.post('/inventory/adjust-stock', { productId, quantity, reason: 'found' }).set('Idempotency-Key', `count-of-${productId}`);
    const first = await send('5').expect(200);
    const again = await send('5').expect(200);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await send('6').expect(422)).body.error.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await room.level(productId)).onHand).toBe('5');
  });

  it('of more than can be stored is refused, and changes nothing', async () => {
    const productId = await room.product();
    await room.adjust({ productId, quantity: '999999999999', reason: 'found' });
    const before = await stateOf(productId);
    await room.admin.post('/inventory/adjust-stock', { productId, quantity: '1', reason: 'found' }).expect(400);
    await room.admin
      .post('/inventory/adjust-stock', { productId, quantity: '1', unitCost: '9999999999999.999999', reason: 'found' })
      .expect(400);
    expect(await stateOf(productId)).toEqual(before);
  });
});

describe('what is reserved', () => {
  const order = (productId: string, quantity: string) => room.admin.post('/orders', { items: [{ productId, quantity }] }).expect(201);

  it('STK-5, STK-6: stays: the refusal names product, what was asked and what is available, and nothing changes', async () => {
    const productId = await room.product({ sku: 'PAN', name: 'Pan', cost: '3', quantity: '10' });
    await order(productId, '7');
    const before = await stateOf(productId);
    const shortOf = (asked: string) => ({
      code: 'INSUFFICIENT_STOCK',
      message: `Not enough stock – Pan: asked ${asked}, available 3`,
      details: { items: [{ productId, sku: 'PAN', name: 'Pan', storeId: room.owner.storeId, asked, available: '3' }] },
    });
    const taken = await room.admin.post('/inventory/adjust-stock', { productId, quantity: '-4', reason: 'damaged' }).expect(409);
    expect(taken.body.error).toMatchObject(shortOf('4'));
    const set = await room.admin.patch(`/inventory/${productId}`, { setTo: '5', reason: 'correction' }).expect(409);
    expect(set.body.error).toMatchObject(shortOf('5'));
    expect(await stateOf(productId)).toEqual(before);
    expect((await room.adjust({ productId, quantity: '-3', reason: 'damaged' })).level).toMatchObject({
      onHand: '7',
      reserved: '7',
      available: '0',
      value: '21.00',
    });
  });

  it('STK-5: of a product with back-orders may be more than there is; what is there can be taken, and never more', async () => {
    const productId = await room.product({ allowsBackorder: true, quantity: '3', cost: '2' });
    await order(productId, '8');
    expect(await room.level(productId)).toMatchObject({ onHand: '3', reserved: '8', available: '0' });
    const { body } = await room.admin.post('/inventory/adjust-stock', { productId, quantity: '-4', reason: 'lost' }).expect(409);
    expect(body.error.details.items).toMatchObject([{ asked: '4', available: '3' }]);
    expect((await room.adjust({ productId, quantity: '-3', reason: 'lost' })).level).toMatchObject({
      onHand: '0',
      reserved: '8',
      value: '0.00',
    });
    expect((await room.adjust({ productId, quantity: '10', reason: 'received' })).level).toMatchObject({ onHand: '10', available: '2' });
    // From now on promises count: back-orders can only be given up while they are covered.
    await room.admin.patch(`/products/${productId}`, { allowsBackorder: false }).expect(200);
    await room.admin.post('/inventory/adjust-stock', { productId, quantity: '-3', reason: 'lost' }).expect(409);
  });

  it('STK-5: back-orders are not given up while they exceed what is there', async () => {
    const productId = await room.product({ allowsBackorder: true });
    await order(productId, '1');
    const { body } = await room.admin.patch(`/products/${productId}`, { allowsBackorder: false }).expect(409);
    expect(body.error).toMatchObject({ code: 'IN_USE', details: { field: 'allowsBackorder', short: '1' } });
    expect(body.error.message).toContain('allowsBackorder stays true');
    // A PUT that leaves it out gives it up as well.
    const put = await room.admin.put(`/products/${productId}`, { name: 'Without back-orders' }).expect(409);
    expect(put.body.error).toMatchObject({ code: 'IN_USE', details: { field: 'allowsBackorder' } });
    await room.admin.put(`/products/${productId}`, { name: 'With them', allowsBackorder: true }).expect(200);
  });
});
