import type { Endpoint } from '../../src/http/endpoint';
import { newId } from '../../src/kernel/ids';
import { type SignedUp, startTestApp, type TestApp } from '../support/app';

/**
 * A-2, generated from the route table: every route with an id answers another organization's id exactly like an unknown one. A new route
 * with a new parameter fails here until it gets a sample below.
 */
let app: TestApp;
let owner: SignedUp;
let stranger: SignedUp;
let samples: Record<string, string>;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  stranger = await app.signUp();
  samples = await thingsOf(owner);
});
afterAll(() => app.close());

async function thingsOf({ token, userId, storeId, organizationId }: SignedUp): Promise<Record<string, string>> {
  const as = app.as(token);
  const made = async (path: string, body: object): Promise<{ id: string; items: Array<{ id: string }> }> =>
    (await as.post(path, body).expect(201)).body as { id: string; items: Array<{ id: string }> };
  const category = await made('/categories', { name: 'Lamps' });
  const product = await made('/products', { name: 'Lamp', price: '12.50', initialStock: { quantity: '100' } });
  const customer = await made('/customers', { name: 'Grace' });
  const taxRate = await made('/tax-rates', { name: 'VAT', rate: '20', inclusive: false, isDefault: false });
  const order = await made('/orders', { items: [{ productId: product.id, quantity: '1' }], customerId: customer.id });
  const [unit] = await app.sql<{ id: string }>('SELECT id FROM units WHERE organization_id = $1', [organizationId]);
  const invitation = await made('/users/invitations', { email: 'guest@example.com', role: 'staff' });
  const [session] = await app.sql<{ id: string }>('SELECT id FROM sessions WHERE user_id = $1', [userId]);
  return {
    sessionId: session!.id,
    userId,
    invitationId: invitation.id,
    productId: product.id,
    categoryId: category.id,
    customerId: customer.id,
    taxRateId: taxRate.id,
    unitId: unit!.id,
    storeId,
    orderId: order.id,
    itemId: order.items[0]!.id,
  };
}

const withIds = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name]!);

/** The answer without what differs between any two requests: the request id and the ids that were sent. */
async function answerTo(endpoint: Endpoint, ids: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  const body = endpoint.spec.body === undefined ? undefined : (endpoint.spec.example as object);
  const request = app.as(stranger.token)[endpoint.method](withIds(endpoint.path, ids), body);
  const response = await (endpoint.spec.keyRequired === true ? request.set('Idempotency-Key', newId()) : request);
  let text = response.text;
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id, `<${name}>`);
  return { status: response.status, text: text.replace(/"requestId":"[^"]*"/, '') };
}

test('A-2: another organization’s id is answered like an unknown one, on every route', async () => {
  const routes = app.container.endpoints.filter(
    (endpoint): endpoint is Endpoint => endpoint.kind === 'json' && endpoint.path.includes('/:'),
  );
  expect(routes.length).toBeGreaterThan(20);
  for (const endpoint of routes) {
    const names = [...endpoint.path.matchAll(/:(\w+)/g)].map((match) => match[1]!);
    const route = `${endpoint.method} ${endpoint.path}`;
    expect({ route, withoutSample: names.filter((name) => samples[name] === undefined) }).toEqual({ route, withoutSample: [] });
    expect({ route, example: endpoint.spec.body === undefined || endpoint.spec.example !== undefined }).toEqual({ route, example: true });

    const foreign = await answerTo(endpoint, Object.fromEntries(names.map((name) => [name, samples[name]!])));
    const unknown = await answerTo(endpoint, Object.fromEntries(names.map((name) => [name, newId()])));
    expect({ route, ...foreign }).toEqual({ route, ...unknown });
    expect({ route, status: foreign.status }).toEqual({ route, status: 404 });
  }
});

test('A-2: nothing of the owner’s was changed on the way', async () => {
  for (const [name, id] of Object.entries(samples)) {
    const table = { productId: 'products', categoryId: 'categories', customerId: 'customers', orderId: 'orders', storeId: 'stores' }[name];
    if (table === undefined) continue;
    const [row] = await app.sql<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]);
    expect({ table, version: row?.version }).toEqual({ table, version: 1 });
  }
});
