import { OLDER_PATHS } from '../../src/description/older-paths';
import { newId } from '../../src/kernel/ids';
import { idOfNew, PASSWORD, type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
let productId: string;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  admin = app.as(owner.token);
  productId = await idOf('/products', { name: 'Lamp', price: '12.50', quantity: 10 });
});
afterAll(() => app.close());

const idOf = (path: string, body: object): Promise<string> => idOfNew(admin, path, body);

/** Every row of the table, with how a thing is made there, and what one is called. */
const ROOMS: ReadonlyArray<readonly [older: string, path: string, newThing: () => object, change: object]> = [
  ['/inventory/products', '/products', () => ({ name: 'Older lamp', price: '3' }), { price: '4' }],
  ['/masters/items', '/products', () => ({ name: 'Item', price: '3' }), { price: '4' }],
  ['/masters/item-categories', '/categories', () => ({ name: 'Lamps' }), { name: 'Lights' }],
  ['/sales/orders', '/orders', () => ({ items: [{ productId, quantity: '1' }] }), { notes: 'Older' }],
];

describe.each(ROOMS)('%s is %s', (older, path, newThing, change) => {
  it('in lists, creation, reading, change and deletion', async () => {
    const made = await admin.post(older, newThing()).expect(201);
    const { id } = made.body as { id: string };
    if (made.headers['location'] !== undefined) expect(made.headers['location']).toBe(`/api/v1${path}/${id}`);
    const read = await admin.get(`${older}/${id}`).expect(200);
    expect(read.body).toEqual((await admin.get(`${path}/${id}`).expect(200)).body);
    expect((await admin.get(`${older}?pageSize=5`).expect(200)).body).toEqual((await admin.get(`${path}?pageSize=5`).expect(200)).body);
    if (path !== '/orders') await admin.patch(`${older}/${id}`, change).set('If-Match', '"1"').expect(200);
    else await admin.patch(`${older}/${id}/status`, { status: 'cancelled', reason: 'Older' }).expect(200);
    if (path !== '/orders') await admin.delete(`${older}/${id}`).expect(204);
  });

  it('by /api as well, and with one Idempotency-Key for both paths', async () => {
    await app.http.get(`/api${older}`).set('Authorization', `Bearer ${owner.token}`).expect(200);
    const key = newId();
    const body = newThing();
    const first = await admin.post(older, body).set('Idempotency-Key', key).expect(201);
    const again = await admin.post(path, body).set('Idempotency-Key', key).expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('and needs the same permission', async () => {
    await app.http.get(`/api/v1${older}`).expect(401);
    const customer = app.as(await app.member(owner.organizationId, 'customer'));
    await customer.post(older, newThing()).expect(403);
    const unknown = newId();
    expect((await admin.get(`${older}/${unknown}`).expect(404)).body.error.code).toBe(
      (await admin.get(`${path}/${unknown}`).expect(404)).body.error.code,
    );
  });
});

it('/masters/uoms is /units', async () => {
  const unit = { code: 'kg', name: 'Kilogram', category: 'mass', factor: '1', isWhole: false };
  const made = await admin.post('/masters/uoms', unit).expect(201);
  expect(made.headers['location']).toMatch(/^\/api\/v1\/units\//);
  const { id } = made.body as { id: string };
  await admin.put(`/masters/uoms/${id}`, { ...unit, name: 'Kilo' }).expect(200);
  expect((await admin.get('/masters/uoms?q=kilo').expect(200)).body).toMatchObject({ data: [{ id, name: 'Kilo' }] });
  expect((await admin.get('/masters/uoms/convert?from=kg&to=kg&quantity=1.5').expect(200)).body).toMatchObject({ result: '1.5' });
  await admin.delete(`/masters/uoms/${id}`).expect(204);
});

it('/inventory/stock is /inventory', async () => {
  expect((await admin.get('/inventory/stock').expect(200)).body).toEqual((await admin.get('/inventory').expect(200)).body);
  expect((await admin.get(`/inventory/stock/${productId}`).expect(200)).body).toMatchObject({ productId });
  await admin.patch(`/inventory/stock/${productId}`, { quantity: '5', reason: 'found' }).expect(200);
  await admin.get('/inventory/stock/low-stock').expect(200);
});

it('/inventory/transactions reads the ledger and, by POST, adjusts the stock', async () => {
  const { body } = await admin.post('/inventory/transactions', { productId, quantity: '-2', reason: 'damaged' }).expect(200);
  expect(body).toMatchObject({ movement: { kind: 'adjustment', quantity: '-2' } });
  const ledger = (await admin.get('/inventory/transactions').expect(200)).body;
  expect(ledger.data[0]).toEqual(body.movement);
  expect(ledger).toEqual((await admin.get('/inventory/movements').expect(200)).body);
});

it('static segments win over ids', async () => {
  for (const path of [
    '/inventory/products',
    '/inventory/stock',
    '/inventory/transactions',
    '/products/bulk',
    '/units/convert',
    '/categories/tree',
  ])
    expect((await admin.get(path)).status).not.toBe(404);
  await admin.get('/inventory/anything').expect(400); // an id, which it is none of
});

it('every row of the table is tried here', () => {
  const tried = new Set([...ROOMS.map(([older]) => older), '/masters/uoms', '/inventory/stock', '/inventory/transactions']);
  expect(new Set(OLDER_PATHS.map(({ from }) => from))).toEqual(tried);
});

describe('older names beside the canonical ones', () => {
  it('`token` is the access token in the answers of register, signup, login and refresh; `refresh_token` is taken', async () => {
    const post = async (path: string, body: object, status: number) =>
      (await app.http.post(`/api/v1${path}`).send(body).expect(status)).body;
    const registration = { email: `${newId()}@example.com`, password: PASSWORD, name: 'Older' };
    const registered = await post('/auth/register', registration, 201);
    const signedUp = await post('/auth/signup', { ...registration, email: `${newId()}@example.com` }, 201);
    const loggedIn = await post('/auth/login', { email: registration.email, password: PASSWORD }, 200);
    const refreshed = await post('/auth/refresh', { refresh_token: loggedIn.refreshToken }, 200);
    for (const answer of [registered, signedUp, loggedIn, refreshed]) {
      expect(answer.token).toBe(answer.accessToken);
      await app
        .as(answer.token as string)
        .get('/auth/me')
        .expect(200);
    }
    await app
      .as(refreshed.token as string)
      .post('/auth/logout', { refresh_token: refreshed.refreshToken })
      .expect(204);
  });

  it('a product takes `category` by name or code, `quantity` for the initial stock, and `supplier`', async () => {
    await admin.post('/categories', { name: 'Garden tools', code: 'GT' }).expect(201);
    const older = { price: '9', quantity: 4, supplier: 'Tools & Co' };
    for (const category of ['garden tools', 'gt']) {
      const { body } = await admin.post('/masters/items', { ...older, name: 'Spade', category }).expect(201);
      expect(body).toMatchObject({ category: { code: 'GT' }, stock: { onHand: '4' }, supplier: 'Tools & Co' });
      const changed = await admin.patch(`/products/${(body as { id: string }).id}`, { category: null, supplier: 'Others' }).expect(200);
      expect(changed.body).toMatchObject({ category: null, supplier: 'Others' });
    }
    const rows = [{ ...older, name: 'Rake', category: 'GT' }];
    expect((await admin.post('/products/bulk', { rows }).expect(200)).body).toMatchObject({ created: 1 });
  });

  it('an order takes and answers `customerName`, `orderNumber`, `totalAmount`', async () => {
    const body = { items: [{ productId, quantity: '1' }], customerName: 'Walk-in', orderNumber: 'OLD-7', totalAmount: '12.50' };
    const { body: order } = await admin.post('/sales/orders', body).expect(201);
    expect(order).toMatchObject({ number: 'OLD-7', customerName: 'Walk-in', totalAmount: '12.50', total: '12.50' });
    await admin.post('/sales/orders', { ...body, orderNumber: 'OLD-8', totalAmount: '12.51' }).expect(422);
  });
});

it('the description of the API tells them, and lists no operation twice', async () => {
  const { body } = await app.http.get('/api/openapi.json').expect(200);
  const document = body as { info: { description: string }; paths: object };
  for (const { from } of OLDER_PATHS) {
    expect(document.info.description).toContain(`\`${from}\``);
    expect(Object.keys(document.paths)).not.toContain(from);
  }
});

it('what is no older path is not found', async () => {
  for (const path of ['/masters', '/masters/items-and-more', '/sales', '/inventory/products/a/b/c']) await admin.get(path).expect(404);
});
