import { newId } from '../../src/kernel/ids';
import { startTestApp, type Requests, type SignedUp, type TestApp } from '../support/app';

/** Who sees what of the dashboards. */
let app: TestApp;
let owner: SignedUp;
let admin: Requests;
/** A viewer of the second store only. */
let limited: Requests;
let main: string;
let second: string;
let lamp: string;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'EUR', timeZone: 'Europe/Berlin' });
  admin = app.as(owner.token);
  main = owner.storeId;
  second = await made('/stores', { code: 'B', name: 'Second' });
  lamp = await made('/products', {
    name: 'Lamp',
    sku: 'L-1',
    price: '10',
    cost: '4',
    reorderLevel: '3',
    initialStock: { storeId: main, quantity: '10' },
  });
  await admin.post('/inventory/adjust-stock', { productId: lamp, storeId: second, quantity: '5', reason: 'found' }).expect(200);
  const customerId = await made('/customers', { name: 'Grace' });
  const address = { line1: 'Street 1', city: 'Lyon', country: 'FR' };
  await made('/orders', { storeId: main, customerId, items: [{ productId: lamp, quantity: '2' }], shippingAddress: address });
  await made('/orders', { storeId: second, items: [{ productId: lamp, quantity: '3' }] });
  const token = await app.member(owner.organizationId, 'viewer');
  const { id } = (await app.as(token).get('/auth/me').expect(200)).body as { id: string };
  await app.sql('UPDATE memberships SET limited_to_stores = true WHERE organization_id = $1 AND user_id = $2', [owner.organizationId, id]);
  await app.sql('INSERT INTO membership_stores (organization_id, user_id, store_id) VALUES ($1, $2, $3)', [
    owner.organizationId,
    id,
    second,
  ]);
  limited = app.as(token);
});
afterAll(() => app.close());

const made = async (path: string, body: object): Promise<string> => ((await admin.post(path, body).expect(201)).body as { id: string }).id;
const read = async (who: Requests, path: string): Promise<Record<string, unknown>> =>
  (await who.get(path).expect(200)).body as Record<string, unknown>;
const sentences = ({ data }: Record<string, unknown>): string[] => (data as Array<{ sentence: string }>).map(({ sentence }) => sentence);

it('all stores are counted for who sees all, and the allowed ones for who does not', async () => {
  expect(await read(admin, '/dashboard/overview')).toMatchObject({
    totalRevenue: '50.00',
    totalOrders: 2,
    pendingOrders: 2,
    totalInventoryValue: '60.00',
    lowStockItems: 0,
  });
  expect(await read(limited, '/dashboard/metrics')).toMatchObject({
    totalRevenue: '30.00',
    totalOrders: 1,
    pendingOrders: 1,
    totalInventoryValue: '20.00',
    lowStockItems: 1,
  });
  expect(await read(admin, '/dashboard/sales?groupBy=store')).toMatchObject({
    groups: 2,
    data: [
      { id: second, code: 'B', revenue: '30.00' },
      { id: main, revenue: '20.00' },
    ],
  });
  expect(await read(limited, '/dashboard/sales?groupBy=store')).toMatchObject({
    groups: 1,
    data: [{ id: second }],
    totals: { revenue: '30.00' },
  });
  expect(await read(limited, '/dashboard/sales?groupBy=product')).toMatchObject({
    data: [{ id: lamp, code: 'L-1', orders: 1, quantity: '3' }],
  });
  expect(await read(limited, '/dashboard/chart-data?groupBy=product')).toMatchObject({ labels: ['Lamp'], revenue: ['30.00'], orders: [1] });
  expect(await read(admin, '/dashboard/inventory')).toMatchObject({ totalValue: '60.00', lowStock: { products: 0 } });
  expect(await read(limited, '/dashboard/inventory-status')).toMatchObject({
    totalValue: '20.00',
    lowStock: { products: 1, items: [{ productId: lamp, available: '2' }] },
  });
});

it('the country is where the goods went', async () => {
  expect(await read(admin, '/dashboard/sales?groupBy=country')).toMatchObject({
    data: [
      { code: null, name: null, revenue: '30.00' },
      { code: 'FR', name: 'France', revenue: '20.00' },
    ],
  });
});

it('one store is the one asked for, else the oldest one may see', async () => {
  expect(await read(admin, '/dashboard')).toMatchObject({
    store: { id: main },
    stockValue: '40.00',
    products: [{ productId: lamp, onHand: '10', totalSold: '2' }],
  });
  expect(await read(limited, '/dashboard')).toMatchObject({
    store: { id: second },
    lowStockItems: 1,
    products: [{ lowStock: true, totalSold: '3', avgDailySales: '0.1' }],
  });
  expect(await read(admin, `/dashboard?storeId=${second}&lowStock=false`)).toMatchObject({ store: { id: second }, products: [] });
  const stranger = await app.signUp();
  for (const id of [newId(), stranger.storeId]) {
    const { body } = await admin.get(`/dashboard?storeId=${id}`).expect(404);
    expect(body).toMatchObject({ error: { code: 'STORE_NOT_FOUND', message: expect.stringContaining(id) } });
    await limited.get(`/dashboard?storeId=${id}`).expect(404);
  }
});

it('products of a store come page by page', async () => {
  const names = ['Bulb', 'Chair', 'Desk'];
  for (const name of names) await made('/products', { name, price: '1' });
  const found: string[] = [];
  let cursor = '';
  do {
    const page = (await read(admin, `/dashboard?sort=name&pageSize=2${cursor}`)) as unknown as {
      products: Array<{ name: string }>;
      pagination: { nextCursor: string | null };
    };
    found.push(...page.products.map(({ name }) => name));
    cursor = page.pagination.nextCursor === null ? '' : `&cursor=${page.pagination.nextCursor}`;
  } while (cursor !== '');
  expect(found).toEqual([...names, 'Lamp']);
  expect(await read(admin, '/dashboard?page=2&pageSize=3')).toMatchObject({ pagination: { page: 2, total: 4 } });
});

it.each(['/dashboard', '/dashboard/sales', '/dashboard/chart-data', '/dashboard/inventory', '/dashboard/inventory-status'])(
  '%s of another store is refused',
  async (path) => {
    const { body } = await limited.get(`${path}?storeId=${main}`).expect(403);
    expect(body).toMatchObject({ error: { code: 'STORE_FORBIDDEN', details: { storeId: main } } });
    await limited.get(`${path}?storeId=${second}`).expect(200);
    await admin.get(`${path}?storeId=${main}`).expect(200);
  },
);

it('recent activity tells what happened, newest first, page by page', async () => {
  const all = sentences(await read(admin, '/dashboard/recent-activity?pageSize=100'));
  expect(all).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Ada Admin placed order \S+ at Second over 30\.00 EUR$/),
      'Ada Admin added product Lamp (L-1)',
      'Ada Admin adjusted the stock of Lamp (L-1) at Second by 5 to 5 (found)',
      'Ada Admin added customer Grace',
      'Ada Admin added store Second',
    ]),
  );
  const paged: string[] = [];
  let cursor = '';
  do {
    const page = (await read(admin, `/dashboard/recent-activity?pageSize=4${cursor}`)) as unknown as {
      data: Array<{ id: string; sentence: string }>;
      pagination: { nextCursor: string | null };
    };
    paged.push(...page.data.map(({ sentence }) => sentence));
    cursor = page.pagination.nextCursor === null ? '' : `&cursor=${page.pagination.nextCursor}`;
  } while (cursor !== '');
  expect(paged).toEqual(all);
  const oldest = sentences(await read(admin, '/dashboard/recent-activity?pageSize=100&sort=recordedAt'));
  expect(oldest).toEqual([...all].reverse());
});

it('recent activity tells only what one may read', async () => {
  const viewer = app.as(await app.member(owner.organizationId, 'viewer'));
  await admin.post('/users/invitations', { email: 'invited@example.com', role: 'staff' }).expect(201);
  const seen = (await read(viewer, '/dashboard/recent-activity?pageSize=100'))['data'] as Array<{ subject: { type: string } }>;
  const types = new Set(seen.map(({ subject }) => subject.type));
  expect(types).toContain('order');
  const secret = ['session', 'user', 'membership', 'invitation'];
  for (const type of secret) expect(types).not.toContain(type);
  const ofAdmin = (await read(admin, '/dashboard/recent-activity?pageSize=100'))['data'] as Array<{ subject: { type: string } }>;
  expect([...new Set(ofAdmin.map(({ subject }) => subject.type))]).toEqual(expect.arrayContaining(secret));

  const told = sentences(await read(limited, '/dashboard/recent-activity?pageSize=100'));
  expect(told).toContain('Ada Admin added product Lamp (L-1)');
  expect(told.filter((sentence) => sentence.includes('order'))).toEqual([expect.stringContaining('at Second')]);
  expect(told.filter((sentence) => sentence.includes('the stock of'))).toEqual([expect.stringContaining('at Second')]);
});

it('customers see none of it', async () => {
  const customer = app.as(await app.member(owner.organizationId, 'customer'));
  for (const { path } of app.container.endpoints.filter((endpoint) => endpoint.path.startsWith('/dashboard'))) {
    await customer.get(path).expect(403);
    await app.http.get(`/api/v1${path}`).expect(401);
    const stranger = await app.signUp();
    expect((await app.as(stranger.token).get(path).expect(200)).text).not.toContain(lamp);
  }
});
