import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** What is deleted while others begin to use it: either it is gone and nobody has it, or it stays for those who have. */
let app: TestApp;
let shop: Shop;
beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
});
afterAll(() => app.close());

const ROUNDS = 8;
const ORDERS = 12;

interface Outcome {
  readonly deletion: number;
  readonly placed: number;
  /** Status and code of every order that was refused. */
  readonly refusals: readonly string[];
}

const raced = (path: string, first: number, items: object[], fields: object): Promise<Outcome> =>
  racedWith(path, first, () => shop.admin.post('/orders', { items, ...fields }));

/** The deletion is sent after `first` of the orders, or of whatever else begins to use the thing. */
async function racedWith(path: string, first: number, order: () => ReturnType<Shop['post']>): Promise<Outcome> {
  const before = Array.from({ length: first }, async () => order());
  const deleting = (async () => shop.admin.delete(path))();
  const behind = Array.from({ length: ORDERS - first }, async () => order());
  const [answers, deletion] = await Promise.all([Promise.all([...before, ...behind]), deleting]);
  return {
    deletion: deletion.status,
    placed: answers.filter(({ status }) => status === 201).length,
    refusals: answers.filter(({ status }) => status !== 201).map(({ status, body }) => `${status} ${body.error.code}`),
  };
}

const ordersBy = async (column: 'customer_id' | 'product_id' | 'store_id', id: string): Promise<number> => {
  const table = column === 'product_id' ? 'order_lines' : 'orders';
  const [row] = await app.sql<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table} WHERE ${column} = $1`, [id]);
  return row!.count;
};

test('CAT-3: a customer who is deleted while orders come in is gone with none of them, or nameless with all of them', async () => {
  const product = await shop.product(10_000);
  for (let round = 0; round < ROUNDS; round++) {
    const { body } = await shop.admin.post('/customers', { name: `Going ${round}`, email: `going${round}@example.com` }).expect(201);
    const { id } = body as { id: string };
    const { deletion, placed, refusals } = await raced(`/customers/${id}`, round, [{ productId: product, quantity: '1' }], {
      customerId: id,
    });
    expect(deletion).toBe(204);
    expect(refusals.filter((refusal) => refusal !== '422 UNUSABLE_REFERENCE')).toEqual([]);
    expect(await ordersBy('customer_id', id)).toBe(placed);
    const after = await shop.admin.get(`/customers/${id}`);
    if (placed === 0) expect(after.status).toBe(404);
    else expect(after.body).toMatchObject({ name: 'Deleted customer', email: null, anonymisedAt: expect.any(String) });
    const kept = await app.sql(
      `SELECT FROM event_personal_data d JOIN events e ON e.organization_id = d.organization_id AND e.id = d.event_id WHERE e.aggregate_id = $1`,
      [id],
    );
    expect(kept).toEqual([]);
    await shop.admin.post('/orders', { items: [{ productId: product, quantity: '1' }], customerId: id }).expect(422);
  }
});

test('STK-15: a product that is deleted while it is ordered is gone with no order, or archived for those that have it', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    // Nothing of it was ever in stock, so nothing but an order keeps it.
    const product = await shop.product(0, { allowsBackorder: true });
    const { deletion, placed, refusals } = await raced(`/products/${product}`, round, [{ productId: product, quantity: '1' }], {});
    expect(deletion).toBe(204);
    expect(
      refusals.filter((refusal) => !/^(422 UNUSABLE_REFERENCE|422 PRODUCT_NOT_ORDERABLE|409 INSUFFICIENT_STOCK)$/.test(refusal)),
    ).toEqual([]);
    expect(await ordersBy('product_id', product)).toBe(placed);
    const after = await shop.admin.get(`/products/${product}`);
    if (placed === 0) expect(after.status).toBe(404);
    else expect(after.body).toMatchObject({ status: 'archived', stock: { reserved: String(placed) } });
  }
});

test('ORD-8: a product is archived in the middle of orders; those that were placed go on', async () => {
  const product = await shop.product(1_000);
  const orders = Array.from({ length: ORDERS }, () => shop.admin.post('/orders', { items: [{ productId: product, quantity: '1' }] }));
  const [answers, archived] = await Promise.all([Promise.all(orders), shop.admin.post(`/products/${product}/archive`)]);
  expect(archived.status).toBe(200);
  const placed = answers.filter(({ status }) => status === 201);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const refused = await shop.admin.post('/orders', { items: [{ productId: product, quantity: '1' }] });
  expect(refused.body.error.code).toBe('PRODUCT_NOT_ORDERABLE');
  for (const { body } of placed)
    expect(await shop.move((body as { id: string }).id, 'confirmed', 'shipped')).toMatchObject({ status: 'shipped' });
});

test('STK-15: a store that is removed while orders come in is gone with none of them, or stays with all of them', async () => {
  const product = await shop.product(0, { allowsBackorder: true });
  for (let round = 0; round < ROUNDS; round++) {
    const { body } = await shop.admin.post('/stores', { code: `GOING${round}`, name: `Going ${round}` }).expect(201);
    const { id: storeId } = body as { id: string };
    // A store that was used before is archived, another one is deleted.
    if (round % 2 === 0)
      await shop.admin.post('/orders', { storeId, draft: true, items: [{ productId: product, quantity: '1' }] }).expect(201);
    const drafts = round % 2 === 0 ? 1 : 0;
    const { deletion, placed, refusals } = await raced(`/stores/${storeId}`, round, [{ productId: product, quantity: '1' }], { storeId });
    expect(refusals.filter((refusal) => refusal !== '422 STORE_NOT_USABLE')).toEqual([]);
    expect([deletion, placed]).toEqual(deletion === 204 ? [204, 0] : [409, ORDERS]);
    expect(await ordersBy('store_id', storeId)).toBe(placed + drafts);
  }
});

test('a store that is removed while people are invited to it is gone with none of them, or stays with all of them', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { body } = await shop.admin.post('/stores', { code: `INVITED${round}`, name: `Invited ${round}` }).expect(201);
    const { id: storeId } = body as { id: string };
    const { deletion, placed, refusals } = await racedWith(`/stores/${storeId}`, round, () =>
      shop.admin.post('/users/invitations', { email: `${newId()}@example.com`, role: 'staff', storeIds: [shop.storeId, storeId] }),
    );
    expect(refusals.filter((refusal) => refusal !== '422 UNUSABLE_REFERENCE')).toEqual([]);
    expect([deletion, placed]).toEqual(deletion === 204 ? [204, 0] : [409, ORDERS]);
    const naming = await app.sql('SELECT id FROM invitations WHERE $1::uuid = ANY (store_ids)', [storeId]);
    expect(naming).toHaveLength(placed);
  }
});

test('CAT-3: a customer who is deleted while people are invited to be it is gone with none of them, or nameless with all of them', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { body } = await shop.admin.post('/customers', { name: `Invited ${round}` }).expect(201);
    const { id: customerId } = body as { id: string };
    const { deletion, placed, refusals } = await racedWith(`/customers/${customerId}`, round, () =>
      shop.admin.post('/users/invitations', { email: `${newId()}@example.com`, role: 'customer', customerId }),
    );
    expect(deletion).toBe(204);
    expect(refusals.filter((refusal) => refusal !== '422 UNUSABLE_REFERENCE')).toEqual([]);
    expect(await app.sql('SELECT id FROM invitations WHERE customer_id = $1', [customerId])).toHaveLength(placed);
    const after = await shop.admin.get(`/customers/${customerId}`);
    expect([after.status, after.body.name]).toEqual(placed === 0 ? [404, undefined] : [200, 'Deleted customer']);
  }
});

test('a draft is not placed in a store that was archived, nor while it is', async () => {
  const product = await shop.product(0, { allowsBackorder: true });
  for (let round = 0; round < ROUNDS; round++) {
    const { body: store } = await shop.admin.post('/stores', { code: `LEFT${round}`, name: `Left ${round}` }).expect(201);
    const order = { storeId: store.id, draft: true, items: [{ productId: product, quantity: '1' }] };
    const { body: draft } = await shop.admin.post('/orders', order).expect(201);
    const place = () => shop.admin.patch(`/orders/${draft.id}/status`, { status: 'pending' });
    const [placing, archiving] = await Promise.all([place(), shop.admin.delete(`/stores/${store.id}`)]);
    expect([placing.status, archiving.status]).toEqual(placing.status === 200 ? [200, 409] : [422, 204]);
    if (placing.status === 200) continue;
    expect((await place().expect(422)).body.error.code).toBe('STORE_NOT_USABLE');
  }
});
