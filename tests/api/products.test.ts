import { asOrganization } from '../../src/kernel/context';
import { newId } from '../../src/kernel/ids';
import { idOfNew, type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';
import { createProduct, type ProductAnswer } from '../support/products';
import { tally } from '../support/tally';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'GBP' });
  admin = app.as(owner.token);
});
afterAll(() => app.close());

const created = (body: object, requests = admin): Promise<ProductAnswer> => createProduct(requests, body);
const idOf = (path: string, body: object): Promise<string> => idOfNew(admin, path, body);

describe('a new product', () => {
  it('is read as it was created, with its stock', async () => {
    const categoryId = await idOf('/categories', { name: 'Lighting' });
    const sent = {
      sku: 'LAMP-1',
      name: 'Desk lamp',
      description: 'Brass “antique”',
      price: '24.9',
      cost: 11,
      reorderLevel: '5',
      reorderQuantity: '20',
      barcode: '5012345678900',
      supplier: 'Lights Ltd',
      attributes: { colour: 'brass', watts: 40, dimmable: true },
    };
    const { body, headers } = await admin.post('/products', { ...sent, categoryId, initialStock: { quantity: '40' } }).expect(201);
    expect(body).toEqual({
      ...sent,
      id: expect.any(String),
      category: { id: categoryId, code: 'LIGHTING', name: 'Lighting' },
      unit: { id: expect.any(String), code: 'pcs', name: expect.any(String), isWhole: true },
      price: '24.90',
      cost: '11.00',
      currency: 'GBP',
      status: 'published',
      tracksStock: true,
      allowsBackorder: false,
      stock: { onHand: '40', reserved: '0', available: '40' },
      version: 1,
      createdAt: expect.any(String),
      updatedAt: body.createdAt,
    });
    expect(headers['etag']).toBe('"1"');
    expect(headers['location']).toBe(`/api/v1/products/${body.id}`);
    const read = await admin.get(`/products/${body.id}`).set('If-None-Match', '"1"').expect(200);
    expect(read.body).toEqual(body);
    const [movement] = await app.sql(
      'SELECT kind, quantity::text, unit_cost::text, value::text, store_id FROM stock_movements WHERE product_id = $1',
      [body.id],
    );
    expect(movement).toEqual({
      kind: 'adjustment',
      quantity: '40.000000',
      unit_cost: '11.000000',
      value: '440.0000',
      store_id: owner.storeId,
    });
    expect(await app.eventsOf('product', body.id)).toEqual(['product.created']);
  });

  it('CAT-1: is published when it has a price, else draft, unless the caller says', async () => {
    expect((await created({ name: 'Priced', price: '1' })).status).toBe('published');
    expect((await created({ name: 'Priceless' })).status).toBe('draft');
    expect((await created({ name: 'Not yet', price: '1', status: 'draft' })).status).toBe('draft');
    const { body } = await admin.post('/products', { name: 'Too soon', status: 'published' }).expect(409);
    expect(body.error.code).toBe('PRODUCT_NOT_PUBLISHABLE');
    await admin.post('/products', { name: 'Old', price: '1', status: 'archived' }).expect(400);
  });

  it('CAT-2: gets a SKU of its own when it has none', async () => {
    const [one, two] = [await created({ name: 'Oak table' }), await created({ name: 'Oak table' })];
    expect(one.sku).toMatch(/^OAK-TABLE-[2-9A-Z]{6}$/);
    expect(two.sku).not.toBe(one.sku);
  });

  it('CAT-2: SKUs are compared without case, barcodes as they are', async () => {
    await created({ sku: 'Straße-1', name: 'A', barcode: 'abc' });
    const { body } = await admin.post('/products', { sku: 'sTRAßE-1', name: 'B' }).expect(409);
    expect(body.error).toMatchObject({ code: 'DUPLICATE', message: 'Another product already has this SKU' });
    await admin.post('/products', { name: 'B', barcode: 'abc' }).expect(409);
    await admin.post('/products', { name: 'B', barcode: 'ABC' }).expect(201);
  });

  it('takes `quantity` for the first store, and the category by name or code', async () => {
    await idOf('/categories', { name: 'Garden', code: 'GRD' });
    const byName = await created({ name: 'Spade', quantity: 3, category: 'garden', supplier: 'Tools & Co' });
    expect(byName).toMatchObject({ category: { name: 'Garden' }, stock: { onHand: '3' }, supplier: 'Tools & Co' });
    expect(await created({ name: 'Rake', category: 'grd' })).toMatchObject({ category: { name: 'Garden' } });
    const unknown = await admin.post('/products', { name: 'Hose', category: 'Water' }).expect(422);
    expect(unknown.body.error).toMatchObject({ code: 'UNUSABLE_REFERENCE', details: { field: 'category', id: 'Water' } });
    await idOf('/categories', { name: 'GARDEN' });
    const ambiguous = await admin.post('/products', { name: 'Hose', category: 'Garden' }).expect(422);
    expect(ambiguous.body.error.message).toMatch(/more than one/i);
  });

  it('goes to the store that is named', async () => {
    const storeId = await idOf('/stores', { name: 'Warehouse', code: 'W1', kind: 'warehouse' });
    const { id } = await created({ name: 'Crate', initialStock: { storeId, quantity: '7' } });
    const stockIn = async (store: string): Promise<string> =>
      ((await admin.get(`/products?storeId=${store}&q=crate`).expect(200)).body as { data: ProductAnswer[] }).data.find(
        (product) => product.id === id,
      )!.stock.onHand;
    expect(await stockIn(storeId)).toBe('7');
    expect(await stockIn(owner.storeId)).toBe('0');
    const { body } = await admin.post('/products', { name: 'Crate', initialStock: { storeId: newId(), quantity: '7' } }).expect(422);
    expect(body.error.code).toBe('STORE_NOT_USABLE');
  });

  it.each([
    ['a negative price', { price: '-1' }],
    ['a price of seven decimals', { price: '0.1234567' }],
    ['NaN', { price: 'NaN' }],
    ['an operator in place of a text', { sku: { not: '' } }],
    ['an unknown key', { colour: 'red' }],
    ['no name', { name: undefined }],
    ['two ways to say the stock', { quantity: 1, initialStock: { quantity: '1' } }],
    ['two ways to say the category', { category: 'A', categoryId: '01890000-0000-7000-8000-000000000000' }],
    ['half a piece of initial stock', { quantity: '0.5' }],
    ['half a piece as the reorder level', { reorderLevel: '0.5' }],
    ['initial stock of a service', { tracksStock: false, quantity: '1' }],
  ])('is refused with %s', async (_, wrong) => {
    const { body } = await admin.post('/products', { name: 'Wrong', ...wrong }).expect(400);
    expect(body.error.code).toBe('INVALID_INPUT');
  });

  it('needs a unit and a category of the organization', async () => {
    const stranger = app.as((await app.signUp()).token);
    const foreignUnit = (await stranger.post('/units', { code: 'm', name: 'Metre', category: 'length' }).expect(201)).body as {
      id: string;
    };
    const foreignCategory = (await stranger.post('/categories', { name: 'Foreign' }).expect(201)).body as { id: string };
    for (const [field, id] of [
      ['unitId', foreignUnit.id],
      ['categoryId', foreignCategory.id],
      ['unitId', newId()],
      ['categoryId', newId()],
    ] as const) {
      const { body } = await admin.post('/products', { name: 'Wrong', [field]: id }).expect(422);
      expect(body.error).toMatchObject({ code: 'UNUSABLE_REFERENCE', details: { field, id } });
    }
  });

  it('C-7: 100 at once with one SKU: 1 × 201, 99 × 409', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => admin.post('/products', { sku: n % 2 ? 'race' : 'RACE', name: 'Race' })),
    );
    expect(tally(answers)).toEqual({ '201': 1, '409 DUPLICATE': 99 });
  });

  it('is made once for one Idempotency-Key', async () => {
    const key = newId();
    const first = await admin.post('/products', { name: 'Once' }).set('Idempotency-Key', key).expect(201);
    const again = await admin.post('/products', { name: 'Once' }).set('Idempotency-Key', key).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    await admin.post('/products', { name: 'Twice' }).set('Idempotency-Key', key).expect(422);
  });
});

describe('who may', () => {
  it.each([
    ['manager', 200, 201, 204],
    ['staff', 200, 403, 403],
    ['viewer', 200, 403, 403],
    ['customer', 200, 403, 403],
  ] as const)('%s may read: %i, create: %i, delete: %i', async (role, reading, creating, removing) => {
    const member = app.as(await app.member(owner.organizationId, role));
    const changing = creating === 201 ? 200 : 403;
    const { id } = await created({ name: `For ${role}`, price: '1' });
    await member.get('/products').expect(reading);
    await member.get(`/products/${id}`).expect(reading);
    await member.post('/products', { name: 'Mine', price: '1', quantity: 1 }).expect(creating);
    await member.patch(`/products/${id}`, { price: '2' }).expect(changing);
    await member.put(`/products/${id}`, { name: 'Mine' }).expect(changing);
    for (const verb of ['unpublish', 'publish', 'archive']) await member.post(`/products/${id}/${verb}`).expect(changing);
    await member.patch(`/products/${id}/status`, { status: 'draft' }).expect(changing);
    await member.delete(`/products/${id}`).expect(removing);
  });

  it('ORD-7: a price or cost without the permission to set prices is refused', async () => {
    const { products } = app.container.modules.catalogue;
    const { id } = await created({ name: 'Fixed', price: '1' });
    const attempt = (work: () => Promise<unknown>): Promise<unknown> => asOrganization(owner.organizationId, work);
    const nobody = { maySetPrices: false };
    await expect(attempt(async () => products.create({ name: 'X', price: '1' }, nobody))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(attempt(async () => products.update(id, { cost: '1' }, undefined, nobody))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(attempt(async () => products.update(id, { name: 'Renamed' }, undefined, nobody))).resolves.toMatchObject({ version: 2 });
  });

  it('another organization’s product is like an unknown one', async () => {
    const { id } = await created({ name: 'Secret', price: '1' });
    const stranger = app.as((await app.signUp()).token);
    const unknownId = newId();
    const attempts: Array<(id: string) => ReturnType<Requests['get']>> = [
      (product) => stranger.get(`/products/${product}`),
      (product) => stranger.put(`/products/${product}`, { name: 'Mine' }),
      (product) => stranger.patch(`/products/${product}`, { name: 'Mine' }),
      (product) => stranger.patch(`/products/${product}/status`, { status: 'draft' }),
      (product) => stranger.post(`/products/${product}/publish`),
      (product) => stranger.post(`/products/${product}/unpublish`),
      (product) => stranger.post(`/products/${product}/archive`),
      (product) => stranger.delete(`/products/${product}`),
    ];
    for (const attempt of attempts) {
      const foreign = await attempt(id).expect(404);
      const unknown = await attempt(unknownId).expect(404);
      expect(foreign.body.error.message.replace(id, unknownId)).toBe(unknown.body.error.message);
      expect(foreign.body.error.code).toBe('PRODUCT_NOT_FOUND');
    }
    expect((await stranger.get('/products?q=secret').expect(200)).body.data).toEqual([]);
  });
});
