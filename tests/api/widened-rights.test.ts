import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

/** What is widened acts on the next request, wherever the narrower right was checked: also before anything is asked of the database. */
let app: TestApp;
let owner: SignedUp;
let admin: Requests;
let second: string;
let product: string;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'GBP' });
  admin = app.as(owner.token);
  second = ((await admin.post('/stores', { code: 'B', name: 'Second' }).expect(201)).body as { id: string }).id;
  const made = await admin.post('/products', { name: 'Lamp', price: '5', initialStock: { quantity: 50 } }).expect(201);
  product = (made.body as { id: string }).id;
});
afterAll(() => app.close());

/** A member whose session a process knows already. */
async function member(role: 'staff' | 'manager' | 'viewer', limitedTo?: readonly string[]) {
  const token = await app.member(owner.organizationId, role);
  const { id } = (await app.as(token).get('/auth/me').expect(200)).body as { id: string };
  if (limitedTo !== undefined) await change(id, { storeIds: limitedTo });
  await app.as(token).get('/products').expect(200);
  return { id, token, api: app.as(token) };
}
const change = (userId: string, changes: object) => admin.patch(`/users/${userId}`, changes).expect(200);

it('a role that may set prices', async () => {
  const { id, api } = await member('staff');
  const order = { items: [{ productId: product, quantity: '1', unitPrice: '1' }] };
  await api.post('/orders', order).expect(403);
  await change(id, { role: 'manager' });
  await api.post('/orders', order).set('Idempotency-Key', newId()).expect(201);
  await change(id, { role: 'staff' });
  await api.post('/orders', order).expect(403);
});

it('a limit to stores, wherever the store is named', async () => {
  const { id, api } = await member('manager', [owner.storeId]);
  const asks = [
    () => api.get(`/inventory?storeId=${second}`),
    () => api.get(`/inventory/low-stock?storeId=${second}`),
    () => api.get(`/inventory/movements?storeId=${second}`),
    () => api.get(`/products?storeId=${second}`),
    () => api.get(`/stores/${second}`),
    () => api.get(`/dashboard?storeId=${second}`),
    () => api.post('/inventory/adjust-stock', { productId: product, storeId: second, quantity: '1', reason: 'found' }),
  ];
  for (const ask of asks) {
    await ask().expect(403);
    await change(id, { storeIds: [owner.storeId, second] });
    await ask().expect(200);
    await change(id, { storeIds: [owner.storeId] });
    await ask().expect(403);
  }
});

it('the limit lifted: a store is made, and rows of a bulk name every store', async () => {
  const { id, api } = await member('manager', [owner.storeId]);
  const rows = [{ name: 'Desk', price: '9', initialStock: { storeId: second, quantity: '3' } }];
  expect((await api.post('/products/bulk', { mode: 'continue', rows }).expect(200)).body).toMatchObject({ created: 0 });
  await api.post('/stores', { code: 'C', name: 'Third' }).expect(403);
  await change(id, { storeIds: null });
  expect((await api.post('/products/bulk', { mode: 'continue', rows }).expect(200)).body).toMatchObject({ created: 1 });
  await change(id, { storeIds: [owner.storeId] });
  await api.get('/products').expect(200);
  await change(id, { role: 'admin' });
  await api.post('/stores', { code: 'C', name: 'Third' }).expect(201);
});

it('an import by somebody whose membership has just changed', async () => {
  const { id, token, api } = await member('manager');
  let invoice = 800_000;
  const upload = () =>
    app.http
      .post('/api/v1/orders/import?mapping=online-retail')
      .set({ Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' })
      .send(
        `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n${++invoice},A,Lamp,2,2011-06-01 09:00:00,12.50,501.0,France\n`,
      );
  await change(id, { role: 'admin' });
  await upload().expect(200);
  await api.get('/products').expect(200);
  await change(id, { role: 'viewer' });
  await upload().expect(403);
  await admin.delete(`/users/${id}`).expect(204);
  await upload().expect(401);
});
