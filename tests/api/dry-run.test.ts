import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** ?dryRun=true does everything and leaves nothing: every table is dumped before and after, and the dumps are equal. */
let app: TestApp;
let shop: Shop;
let product: string;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  product = await shop.product(100);
});
afterAll(() => app.close());

async function dump(): Promise<Record<string, unknown>> {
  const tables = await app.sql<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await app.sql<{ hash: string }>(
      `SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS hash FROM ${name} t`,
    );
    contents[name] = row!.hash;
  }
  return contents;
}

interface Case {
  readonly method: 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly body?: object;
  readonly shows?: object;
}

async function cases(): Promise<Record<string, Case>> {
  const open = await shop.order([[product, 4]]);
  const draft = await shop.draft([[product, 1]]);
  const sold = await shop.order([[product, 2]]);
  await shop.move(sold.id, 'confirmed', 'shipped');
  await shop.post(sold.id, 'payments', { amount: '15.00', method: 'card' }).expect(201);
  const order = `/orders/${open.id}`;
  const item = `${order}/items/${open.items[0].id}`;
  const quantity = { quantity: '1' };
  return {
    place: {
      method: 'post',
      path: '/orders',
      body: { items: [{ productId: product, ...quantity }] },
      shows: { status: 'pending', total: '10.00' },
    },
    draft: {
      method: 'post',
      path: '/orders',
      body: { draft: true, items: [{ productId: product, ...quantity }] },
      shows: { status: 'draft' },
    },
    'place the draft': { method: 'patch', path: `/orders/${draft.id}/status`, body: { status: 'pending' }, shows: { status: 'pending' } },
    confirm: { method: 'patch', path: `${order}/status`, body: { status: 'confirmed' }, shows: { status: 'confirmed', version: 2 } },
    'complete by shipping': { method: 'post', path: `${order}/shipments`, body: {}, shows: { order: { status: 'shipped' } } },
    replace: { method: 'put', path: order, body: { items: [{ productId: product, ...quantity }] }, shows: { total: '10.00' } },
    'add an item': { method: 'post', path: `${order}/items`, body: { productId: product, ...quantity }, shows: { total: '50.00' } },
    'change an item': { method: 'patch', path: item, body: { quantity: '7' }, shows: { total: '70.00' } },
    cancel: { method: 'post', path: `${order}/cancel`, body: { reason: 'x' }, shows: { status: 'cancelled' } },
    'delete the draft': { method: 'delete', path: `/orders/${draft.id}` },
    pay: { method: 'post', path: `${order}/payments`, body: { method: 'cash' }, shows: { order: { paymentStatus: 'paid' } } },
    refund: { method: 'post', path: `/orders/${sold.id}/refunds`, body: { reason: 'x' }, shows: { order: { paymentStatus: 'refunded' } } },
    return: {
      method: 'post',
      path: `/orders/${sold.id}/returns`,
      body: { items: [{ itemId: sold.items[0].id, ...quantity }], reason: 'x' },
      shows: { return: { number: 'RT-000001', total: '10.00' } },
    },
    adjust: {
      method: 'post',
      path: '/inventory/adjust-stock',
      body: { productId: product, quantity: '-1', reason: 'lost' },
      shows: { movement: { quantity: '-1' } },
    },
    'create a product': {
      method: 'post',
      path: '/products',
      body: { name: 'Tried', price: '10.00', cost: '4.00', initialStock: { quantity: '5' } },
      shows: { name: 'Tried', stock: { onHand: '5' } },
    },
    'create products': {
      method: 'post',
      path: '/products/bulk',
      body: {
        mode: 'continue',
        rows: [
          { name: 'Tried', initialStock: quantity },
          { name: 'Refused', price: '-1' },
        ],
      },
      shows: { created: 1, rejected: 1 },
    },
    'set the stock': { method: 'patch', path: `/products/${product}/stock`, body: { setTo: '500' }, shows: { level: { onHand: '500' } } },
  };
}

test('every command that moves stock or money can be tried', async () => {
  const tried = await cases();
  const before = await dump();
  for (const [what, { method, path, body, shows }] of Object.entries(tried)) {
    const answer = await shop.admin[method](`${path}?dryRun=true`, body).set('Idempotency-Key', newId());
    expect([what, answer.status, answer.headers['dry-run']]).toEqual([what, method === 'delete' ? 204 : 200, 'true']);
    if (shows) expect(answer.body).toMatchObject(shows);
    expect([answer.headers['location'], answer.headers['etag']]).toEqual([undefined, undefined]);
    expect([what, await dump()]).toEqual([what, before]);
  }
});

test('a trial refuses what the real thing would refuse', async () => {
  const short = await shop.admin.post('/orders?dryRun=true', { items: [{ productId: product, quantity: '1000' }] }).expect(409);
  expect(short.body.error.code).toBe('INSUFFICIENT_STOCK');
  expect(short.headers['dry-run']).toBeUndefined();
  await shop.admin.post('/orders?dryRun=perhaps', { items: [{ productId: product, quantity: '1' }] }).expect(400);
});

test('products that were tried can be created, and a row that was refused is refused again', async () => {
  const rows = [
    { sku: 'TRIED', name: 'Tried', initialStock: { quantity: '5' } },
    { sku: 'tried', name: 'Another' },
  ];
  const trial = await shop.admin.post('/products/bulk?dryRun=true', { mode: 'continue', rows }).expect(200);
  const real = await shop.admin.post('/products/bulk', { mode: 'continue', rows }).expect(200);
  expect(real.headers['dry-run']).toBeUndefined();
  expect(trial.body.verdicts.map(({ sku, error }: { sku: string; error?: { code: string } }) => [sku, error?.code])).toEqual(
    real.body.verdicts.map(({ sku, error }: { sku: string; error?: { code: string } }) => [sku, error?.code]),
  );
  await shop.admin.post('/products/bulk?dryRun=true', { mode: 'atomic', rows }).expect(422);
  await shop.admin.post('/products?dryRun=true', { sku: 'TRIED', name: 'Tried' }).expect(409);
});

test('its number is the one that comes next, and nobody loses it', async () => {
  const order = { items: [{ productId: product, quantity: '1' }] };
  const fresh = await openShop(app);
  const own = await fresh.product(10);
  const trial = await fresh.admin.post('/orders?dryRun=true', { items: [{ productId: own, quantity: '1' }] }).expect(200);
  expect(trial.body.number).toBe('SO-000001');
  expect((await fresh.order([[own, 1]])).number).toBe('SO-000001');
  await shop.admin.post('/orders', order).expect(201);
});
