import { newId } from '../../src/kernel/ids';
import { startTestApp, type Requests, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** ORD-10: who signs in as a customer sees and touches own orders only, and the published catalogue. */
let app: TestApp;
let shop: Shop;
let product: string;
let ada: { id: string; requests: Requests };
let bob: { id: string; requests: Requests };

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  product = await shop.product(100);
  ada = await customer('Ada');
  bob = await customer('Bob');
});
afterAll(() => app.close());

async function customer(name: string): Promise<{ id: string; requests: Requests }> {
  const { id } = (await shop.admin.post('/customers', { name }).expect(201)).body as { id: string };
  const credentials = { email: `${newId()}@example.com`, password: 'a long passphrase' };
  await shop.admin.post('/users', { ...credentials, name, role: 'customer', customerId: id }).expect(201);
  const { body } = await app.http.post('/api/v1/auth/login').send(credentials).expect(200);
  return { id, requests: app.as(body.accessToken as string) };
}

const codeOf = (answer: { body: { error: { code: string } } }): string => answer.body.error.code;
const items = () => [{ productId: product, quantity: '1' }];

test('orders for oneself, reads and cancels it', async () => {
  const { body: order } = await ada.requests.post('/orders', { items: items() }).expect(201);
  expect(order.customer).toEqual({ id: ada.id, name: 'Ada' });
  const { body: list } = await ada.requests.get('/orders').expect(200);
  expect(list.data.map(({ id }: { id: string }) => id)).toEqual([order.id]);
  await ada.requests.get(`/orders/${order.id}`).expect(200);
  await ada.requests.get(`/orders/${order.id}/shipments`).expect(200);
  const { body: history } = await ada.requests.get(`/orders/${order.id}/history`).expect(200);
  expect(history.data[0].actor.name).toBeNull();
  expect((await ada.requests.post(`/orders/${order.id}/cancel`, { reason: 'x' }).expect(200)).body.status).toBe('cancelled');
});

test('reads one’s own account, and nobody else’s', async () => {
  const order = await shop.order([[product, 1]], { customerId: ada.id });
  const { body: orders } = await ada.requests.get(`/customers/${ada.id}/orders`).expect(200);
  expect(orders).toEqual((await ada.requests.get('/orders').expect(200)).body);
  const { body: account } = await ada.requests.get(`/customers/${ada.id}/statement`).expect(200);
  expect(account).toMatchObject({ customer: { id: ada.id }, closingBalance: '10.00', data: [{ id: order.id }] });
  for (const part of ['orders', 'statement']) {
    const foreign = await ada.requests.get(`/customers/${bob.id}/${part}`).expect(404);
    const unknownId = newId();
    const unknown = await ada.requests.get(`/customers/${unknownId}/${part}`).expect(404);
    expect(foreign.body.error.message.replace(bob.id, unknownId)).toBe(unknown.body.error.message);
  }
});

test('CAT-3: a customer with a login becomes nameless when it is deleted, and orders nothing any more', async () => {
  const eve = await customer('Eve');
  await shop.admin.delete(`/customers/${eve.id}`).expect(204);
  expect((await shop.admin.get(`/customers/${eve.id}`).expect(200)).body).toMatchObject({ name: 'Deleted customer' });
  expect(codeOf(await eve.requests.post('/orders', { items: items() }).expect(422))).toBe('UNUSABLE_REFERENCE');
});

test('another customer’s order is answered like an unknown one, and stays as it is', async () => {
  const order = await shop.order([[product, 1]], { customerId: bob.id });
  const paths = ['', '/items', '/history', '/shipments', '/payments', '/refunds', '/returns'];
  for (const path of paths) {
    const foreign = await ada.requests.get(`/orders/${order.id}${path}`).expect(404);
    const unknown = await ada.requests.get(`/orders/${newId()}${path}`).expect(404);
    expect(foreign.body.error.code).toBe(unknown.body.error.code);
  }
  await ada.requests.post(`/orders/${order.id}/cancel`, { reason: 'x' }).expect(404);
  expect((await ada.requests.get(`/orders?customerId=${bob.id}`).expect(200)).body.data).toEqual([]);
  expect((await bob.requests.get(`/orders/${order.id}`).expect(200)).body.status).toBe('pending');
});

test('may not order for others, at other prices, or do the shop’s work', async () => {
  for (const body of [
    { items: items(), customerId: bob.id },
    { items: items(), customerName: 'Bob' },
    { items: items(), number: 'MINE-1' },
    { items: items(), draft: true },
    { items: items(), dueDate: '2999-12-31' },
    { items: items(), shippingAmount: '0.01' },
    { items: [{ ...items()[0], unitPrice: '0.01' }] },
    { items: items(), discountPercent: '99' },
  ])
    expect(codeOf(await ada.requests.post('/orders', body).expect(403))).toBe('FORBIDDEN');
  const { body: order } = await ada.requests.post('/orders', { items: items() }).expect(201);
  await ada.requests.patch(`/orders/${order.id}/status`, { status: 'confirmed' }).expect(403);
  await ada.requests.post(`/orders/${order.id}/shipments`, {}).expect(403);
  await ada.requests.post(`/orders/${order.id}/payments`, { method: 'cash' }).expect(403);
  await ada.requests.put(`/orders/${order.id}`, { items: items() }).expect(403);
  for (const path of ['/customers', '/inventory', '/dashboard/overview', '/stores', `/customers/${ada.id}`])
    await ada.requests.get(path).expect(403);
});

test('sees published products without cost and supplier', async () => {
  const hidden = await shop.product(1, { status: 'draft', name: 'Secret lamp' });
  await shop.admin.patch(`/products/${product}`, { supplier: 'Lamps Ltd' }).expect(200);
  expect((await ada.requests.get(`/products/${product}`).expect(200)).body).toMatchObject({ cost: null, supplier: null, price: '10.00' });
  await ada.requests.get(`/products/${hidden}`).expect(404);
  const { body } = await ada.requests.get('/products?status=draft,published').expect(200);
  expect(body.data.map(({ status }: { status: string }) => status)).not.toContain('draft');
  expect((await ada.requests.get('/products?q=secret').expect(200)).body.data).toEqual([]);
});

test('a login that is linked to no customer sees nothing and orders nothing', async () => {
  const nobody = app.as(await app.member(shop.organizationId, 'customer'));
  expect((await nobody.get('/orders').expect(200)).body.data).toEqual([]);
  expect(codeOf(await nobody.post('/orders', { items: items() }).expect(403))).toBe('FORBIDDEN');
});

test('an admin says who a login is, also in an invitation; only customers are customers', async () => {
  const other = await openShop(app);
  const { id: foreign } = (await other.admin.post('/customers', { name: 'Of another shop' }).expect(201)).body as { id: string };
  const person = () => ({ email: `${newId()}@example.com`, password: 'a long passphrase', name: 'Eve' });
  const refused = await shop.admin.post('/users', { ...person(), role: 'customer', customerId: foreign }).expect(422);
  expect(codeOf(refused)).toBe('UNUSABLE_REFERENCE');
  await shop.admin.post('/users', { ...person(), role: 'staff', customerId: ada.id }).expect(400);

  const credentials = person();
  const { body: user } = await shop.admin.post('/users', { ...credentials, role: 'customer' }).expect(201);
  expect(user.customerId).toBeNull();
  const { email, password } = credentials;
  const { body } = await app.http.post('/api/v1/auth/login').send({ email, password }).expect(200);
  const eve = app.as(body.accessToken as string);
  await eve.post('/orders', { items: items() }).expect(403);
  await shop.admin.patch(`/users/${user.id}`, { customerId: bob.id }).expect(200);
  expect((await eve.post('/orders', { items: items() }).expect(201)).body.customer.id).toBe(bob.id);
  const promoted = await shop.admin.patch(`/users/${user.id}`, { role: 'staff' }).expect(200);
  expect(promoted.body).toMatchObject({ role: 'staff', customerId: null });

  const invited = { email: `${newId()}@example.com`, role: 'customer', customerId: ada.id };
  expect((await shop.admin.post('/users/invitations', invited).expect(201)).body.customerId).toBe(ada.id);
  await shop.admin.post('/users/invitations', { ...invited, email: `${newId()}@example.com`, customerId: foreign }).expect(422);
});

test('CAT-3: a customer somebody is invited to be stays, nameless, until the invitation is over', async () => {
  const { id } = (await shop.admin.post('/customers', { name: 'Cyd' }).expect(201)).body as { id: string };
  const { id: other } = (await shop.admin.post('/customers', { name: 'Dee' }).expect(201)).body as { id: string };
  const invite = async (customerId: string): Promise<string> => {
    const { body } = await shop.admin
      .post('/users/invitations', { email: `${newId()}@example.com`, role: 'customer', customerId })
      .expect(201);
    return body.id as string;
  };
  await invite(id);
  await shop.admin.delete(`/customers/${id}`).expect(204);
  expect((await shop.admin.get(`/customers/${id}`).expect(200)).body).toMatchObject({ name: 'Deleted customer' });

  await shop.admin.delete(`/users/invitations/${await invite(other)}`).expect(204);
  await shop.admin.delete(`/customers/${other}`).expect(204);
  await shop.admin.get(`/customers/${other}`).expect(404);
});
