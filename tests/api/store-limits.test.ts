import type { Endpoint } from '../../src/http/endpoint';
import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
let owner: SignedUp;
/** Every store. */
let admin: Requests;
/** A manager of the second store only. */
let limited: Requests;
let main: string;
let second: string;
let product: string;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  admin = app.as(owner.token);
  main = owner.storeId;
  second = ((await admin.post('/stores', { code: 'B', name: 'Second' }).expect(201)).body as { id: string }).id;
  limited = await limitedTo([second]);
  product = await stocked('Lamp', 10, 4);
});
afterAll(() => app.close());

async function limitedTo(storeIds: readonly string[]): Promise<Requests> {
  const token = await app.member(owner.organizationId, 'manager');
  const { body } = await app.as(token).get('/auth/me').expect(200);
  await limit((body as { id: string }).id, storeIds);
  return app.as(token);
}

const limit = (userId: string, storeIds: readonly string[]) =>
  app.sql(
    `WITH m AS (UPDATE memberships SET limited_to_stores = true WHERE organization_id = $1 AND user_id = $2 RETURNING organization_id, user_id)
     INSERT INTO membership_stores (organization_id, user_id, store_id) SELECT organization_id, user_id, unnest($3::uuid[]) FROM m`,
    [owner.organizationId, userId, storeIds],
  );

async function stocked(name: string, inMain: number, inSecond: number): Promise<string> {
  const made = await admin.post('/products', { name, price: '5', initialStock: { storeId: main, quantity: inMain } }).expect(201);
  const { id } = made.body as { id: string };
  await admin.post('/inventory/adjust-stock', { productId: id, storeId: second, quantity: inSecond, reason: 'found' }).expect(200);
  return id;
}

const idsOf = (body: { data: Array<{ id: string }> }): string[] => body.data.map(({ id }) => id);
const forbidden = { error: { code: 'STORE_FORBIDDEN', details: { storeId: expect.any(String) } } };

describe('stores', () => {
  it('of the membership are listed, read and changed; others are 403, unknown ones 404', async () => {
    expect(idsOf((await limited.get('/stores').expect(200)).body)).toEqual([second]);
    await limited.get(`/stores/${second}`).expect(200);
    await limited.patch(`/stores/${second}`, { name: 'Second shop' }).expect(200);
    const { body } = await limited.get(`/stores/${main}`).expect(403);
    expect(body).toMatchObject(forbidden);
    expect((body as { error: { message: string } }).error.message).toContain(main);
    await limited.patch(`/stores/${main}`, { name: 'Mine' }).expect(403);
    await limited.delete(`/stores/${main}`).expect(403);
    await limited.get(`/stores/${newId()}`).expect(404);
    const stranger = await app.signUp();
    await limited.get(`/stores/${stranger.storeId}`).expect(404);
    expect(idsOf((await admin.get('/stores').expect(200)).body)).toEqual([main, second]);
  });

  it('are not made by a limited member', async () => {
    const { body } = await limited.post('/stores', { code: 'C', name: 'Third' }).expect(403);
    expect(body).toMatchObject({ error: { code: 'STORE_FORBIDDEN' } });
  });
});

describe('stock', () => {
  it('is adjusted in the membership’s stores only; its oldest one is the default', async () => {
    const adjust = { productId: product, quantity: '1', reason: 'found' };
    const { body } = await limited.post('/inventory/adjust-stock', adjust).expect(200);
    expect(body).toMatchObject({ level: { storeId: second, onHand: '5' } });
    await limited.post('/inventory/adjust-stock', { ...adjust, storeId: second, quantity: '-1' }).expect(200);
    expect((await limited.post('/inventory/adjust-stock', { ...adjust, storeId: main }).expect(403)).body).toMatchObject(forbidden);
    await limited.patch(`/inventory/${product}`, { quantity: '1', reason: 'found', storeId: main }).expect(403);
    await limited.patch(`/products/${product}/stock`, { setTo: '1', storeId: main }).expect(403);
    await limited.post('/inventory/adjust-stock', { ...adjust, storeId: newId() }).expect(422);
  });

  it('of other stores is not counted nor listed', async () => {
    const read = (await limited.get(`/inventory/${product}`).expect(200)).body as { onHand: string; levels: Array<{ storeId: string }> };
    expect(read).toMatchObject({ onHand: '4', levels: [{ storeId: second }] });
    expect(read.levels).toHaveLength(1);
    expect((await limited.get(`/products/${product}`).expect(200)).body).toMatchObject({ stock: { onHand: '4' } });
    expect((await limited.get('/products').expect(200)).body).toMatchObject({ data: [{ id: product, stock: { onHand: '4' } }] });
    const levels = (await limited.get('/inventory').expect(200)).body as { data: Array<{ storeId: string }> };
    expect(levels.data.map(({ storeId }) => storeId)).toEqual([second]);
    const movements = (await limited.get('/inventory/movements').expect(200)).body as { data: Array<{ storeId: string }> };
    expect(new Set(movements.data.map(({ storeId }) => storeId))).toEqual(new Set([second]));
    expect((await admin.get(`/inventory/${product}`).expect(200)).body).toMatchObject({ onHand: '14' });
  });

  it('is low by what the membership’s stores have', async () => {
    await admin.patch(`/products/${product}`, { reorderLevel: '5' }).expect(200);
    expect((await limited.get('/inventory/low-stock').expect(200)).body).toMatchObject({ data: [{ productId: product, onHand: '4' }] });
    expect((await limited.get('/products?lowStock=true').expect(200)).body).toMatchObject({ data: [{ id: product }] });
    expect((await admin.get('/inventory/low-stock').expect(200)).body).toMatchObject({ data: [] });
  });

  it.each(['/inventory', '/inventory/movements', '/inventory/transactions', '/inventory/low-stock', '/products'])(
    'of another store is not asked for at %s',
    async (path) => {
      expect((await limited.get(`${path}?storeId=${main}`).expect(403)).body).toMatchObject(forbidden);
      await limited.get(`${path}?storeId=${second}`).expect(200);
      await admin.get(`${path}?storeId=${main}`).expect(200);
    },
  );

  it('of a new product starts in the membership’s store', async () => {
    const made = await limited.post('/products', { name: 'Chair', price: '9', initialStock: { quantity: '3' } }).expect(201);
    const { id } = made.body as { id: string };
    expect((await admin.get(`/inventory/${id}`).expect(200)).body).toMatchObject({ levels: [{ storeId: second, onHand: '3' }] });
    await limited.post('/products', { name: 'Table', price: '9', initialStock: { storeId: main, quantity: '3' } }).expect(403);
    const rows = [
      { name: 'Bench', quantity: '3' },
      { name: 'Desk', initialStock: { storeId: main, quantity: '3' } },
    ];
    const bulk = (await limited.post('/products/bulk', { mode: 'continue', rows }).expect(200)).body as {
      verdicts: Array<{ id?: string }>;
    };
    expect(bulk).toMatchObject({ created: 1, verdicts: [{ status: 'created' }, { status: 'rejected', ...forbidden }] });
    expect((await admin.get(`/inventory/${bulk.verdicts[0]!.id}`).expect(200)).body).toMatchObject({ levels: [{ storeId: second }] });
  });
});

it('a store in the query is one of the membership’s, on every route', async () => {
  const routes = app.container.endpoints.filter(({ spec }) => {
    const { properties = {} } = (spec.query?.document({}) ?? {}) as { properties?: Record<string, unknown> };
    return 'storeId' in properties;
  });
  expect(routes.length).toBeGreaterThan(6);
  const customer = (await admin.post('/customers', { name: 'Grace' }).expect(201)).body as { id: string };
  for (const { method, path } of routes) {
    const ask = (storeId: string) =>
      limited[method](`${path.replace(':productId', product).replace(':customerId', customer.id)}?storeId=${storeId}`);
    const answer = await ask(main);
    expect({ path, status: answer.status, code: answer.body.error?.code }).toEqual({ path, status: 403, code: 'STORE_FORBIDDEN' });
    expect({ path, status: (await ask(second)).status }).toEqual({ path, status: 200 });
  }
});

describe('orders', () => {
  const place = (by: Requests, fields: object = {}) => by.post('/orders', { items: [{ productId: product, quantity: '1' }], ...fields });
  let theirs: string;
  let own: { id: string; items: Array<{ id: string }> };

  beforeAll(async () => {
    await admin.patch(`/products/${product}`, { reorderLevel: null }).expect(200);
    theirs = ((await place(admin, { storeId: main }).expect(201)).body as { id: string }).id;
    own = (await place(limited).expect(201)).body as typeof own;
  });

  it('are placed in the membership’s store only; its oldest one is the default', async () => {
    expect(own).toMatchObject({ store: { id: second } });
    await place(limited, { storeId: second, draft: true }).expect(201);
    expect((await place(limited, { storeId: main }).expect(403)).body).toMatchObject(forbidden);
    await place(limited, { storeId: main, draft: true }).expect(403);
    await place(limited, { storeId: newId() }).expect(422);
    expect((await place(admin).expect(201)).body).toMatchObject({ store: { id: main } });
  });

  it('of other stores are not listed', async () => {
    const { data } = (await limited.get('/orders').expect(200)).body as { data: Array<{ store: { id: string } }> };
    expect(new Set(data.map(({ store }) => store.id))).toEqual(new Set([second]));
    expect((await limited.get(`/orders?storeId=${main}`).expect(403)).body).toMatchObject(forbidden);
  });

  it('of other stores are neither read nor moved, whatever the route', async () => {
    const items = [{ productId: product, quantity: '1' }];
    const routes = app.container.endpoints.filter(
      (endpoint): endpoint is Endpoint => endpoint.kind === 'json' && endpoint.path.startsWith('/orders/:orderId'),
    );
    expect(routes.length).toBeGreaterThan(10);
    const [{ id: itemId }] = (await admin.get(`/orders/${theirs}`).expect(200)).body.items as [{ id: string }];
    for (const { method, path, spec } of routes) {
      const body = spec.body === undefined ? undefined : path.endsWith('/:orderId') ? { items } : (spec.example as object);
      const url = path.replace(':orderId', theirs).replace(':itemId', itemId).replaceAll(/:\w+/g, newId());
      const answer = await limited[method](url, body).set('Idempotency-Key', newId());
      expect({ method, path, status: answer.status, code: answer.body.error?.code }).toEqual({
        method,
        path,
        status: 403,
        code: 'STORE_FORBIDDEN',
      });
    }
    expect((await admin.get(`/orders/${theirs}`).expect(200)).body).toMatchObject({ status: 'pending', version: 1 });
    await limited.get(`/orders/${newId()}`).expect(404);
    await limited.get(`/orders/${newId()}/history`).expect(404);
  });

  it('of the own store go their whole way', async () => {
    const at = `/orders/${own.id}`;
    await limited.get(at).expect(200);
    await limited.post(`${at}/shipments`, {}).expect(201);
    expect((await limited.get(`${at}/shipments`).expect(200)).body).toMatchObject({ data: [{ storeId: second }] });
    expect((await limited.get(`${at}/history`).expect(200)).body.data).toHaveLength(2);
  });
});

describe('a limit', () => {
  it('acts on the very next request, and so does its end', async () => {
    const token = await app.member(owner.organizationId, 'staff');
    const member = app.as(token);
    const { id } = (await member.get('/auth/me').expect(200)).body as { id: string };
    await member.get(`/stores/${main}`).expect(200);
    await limit(id, [second]);
    await member.get(`/stores/${main}`).expect(403);
    await app.sql('INSERT INTO membership_stores (organization_id, user_id, store_id) VALUES ($1, $2, $3)', [
      owner.organizationId,
      id,
      main,
    ]);
    await member.get(`/stores/${main}`).expect(200);
    await app.sql('DELETE FROM membership_stores WHERE user_id = $1 AND store_id = $2', [id, main]);
    await member.get(`/stores/${main}`).expect(403);
    await app.sql('UPDATE memberships SET limited_to_stores = false WHERE user_id = $1', [id]);
    await member.get(`/stores/${main}`).expect(200);
  });

  it('holds its stores: one goes when nobody is limited to it any more', async () => {
    const third = ((await admin.post('/stores', { code: 'GONE', name: 'Gone soon' }).expect(201)).body as { id: string }).id;
    const member = await limitedTo([third]);
    const { id } = (await member.get('/auth/me').expect(200)).body as { id: string };
    const { error } = (await admin.delete(`/stores/${third}`).expect(409)).body as { error: { code: string; message: string } };
    expect(error).toMatchObject({
      code: 'IN_USE',
      details: { users: 1, invitations: 0 },
      message: expect.stringContaining('1 user is limited to store'),
    });
    await member.get(`/stores/${third}`).expect(200);
    await admin.patch(`/users/${id}`, { storeIds: [second] }).expect(200);
    await admin.delete(`/stores/${third}`).expect(204);
    await member.get(`/stores/${third}`).expect(404);
    await member.get(`/stores/${second}`).expect(200);
  });

  it('of somebody who is invited holds its stores as well, until the invitation is revoked', async () => {
    const third = ((await admin.post('/stores', { code: 'SOON', name: 'Gone soon' }).expect(201)).body as { id: string }).id;
    const invite = async (): Promise<string> => {
      const invitation = { email: `${newId()}@example.com`, role: 'staff', storeIds: [second, third] };
      return ((await admin.post('/users/invitations', invitation).expect(201)).body as { id: string }).id;
    };
    const invitations = [await invite(), await invite()];
    const { error } = (await admin.delete(`/stores/${third}`).expect(409)).body as { error: { code: string; message: string } };
    expect(error).toMatchObject({
      code: 'IN_USE',
      details: { users: 0, invitations: 2 },
      message: expect.stringContaining('2 open invitations are limited to store'),
    });
    for (const id of invitations) await admin.delete(`/users/invitations/${id}`);
    await admin.delete(`/stores/${third}`).expect(204);
  });

  it('of no store shows nothing', async () => {
    const member = await limitedTo([]);
    expect((await member.get('/stores').expect(200)).body).toMatchObject({ data: [] });
    await member.get(`/stores/${main}`).expect(403);
    await member.post('/inventory/adjust-stock', { productId: product, quantity: '1', reason: 'found' }).expect(422);
  });

  it('and a store that it just got: the database keeps the store', async () => {
    const late = ((await admin.post('/stores', { code: 'LATE', name: 'Late' }).expect(201)).body as { id: string }).id;
    const member = await limitedTo([late]);
    await member.get(`/stores/${late}`).expect(200);
    await expect(app.sql('DELETE FROM stores WHERE id = $1', [late])).rejects.toThrow('membership_stores_organization_id_store_id_fkey');
  });

  it('is nothing for an admin', async () => {
    await expect(
      app.sql('UPDATE memberships SET limited_to_stores = true WHERE organization_id = $1 AND role = $2', [owner.organizationId, 'admin']),
    ).rejects.toThrow('memberships_admin_unlimited_check');
  });
});
