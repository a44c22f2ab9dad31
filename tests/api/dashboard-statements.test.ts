import { Client } from 'pg';
import type { Endpoint } from '../../src/http/endpoint';
import { type SignedUp, startTestApp, type TestApp } from '../support/app';

/** Every dashboard takes the same number of statements whatever the number of products, orders and events. */
let app: TestApp;
let admin: SignedUp;
const productIds: string[] = [];

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.signUp();
});
afterAll(() => app.close());

async function growTo(count: number): Promise<void> {
  const rows = Array.from({ length: count - productIds.length }, (_, index) => ({
    name: `Thing ${productIds.length + index}`,
    price: '2',
    cost: '1',
    reorderLevel: '5',
    initialStock: { quantity: '4' },
  }));
  const { body } = await app.as(admin.token).post('/products/bulk', { mode: 'atomic', rows }).expect(200);
  productIds.push(...(body as { verdicts: Array<{ id: string }> }).verdicts.map(({ id }) => id));
  const items = productIds.map((productId) => ({ productId, quantity: '1' }));
  await app.as(admin.token).post('/orders', { items }).expect(201);
}

/** Statements of a request, the opening and closing of its transaction among them. */
async function statementsOf(path: string): Promise<number> {
  const query = jest.spyOn(Client.prototype, 'query');
  try {
    await app.as(admin.token).get(path).expect(200);
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

async function counted(paths: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const path of paths) {
    await app.as(admin.token).get(path).expect(200); // connections and sessions that are there already cost nothing
    counts[path] = await statementsOf(path);
  }
  return counts;
}

test('with 5 products as with 200', async () => {
  const routes = app.container.endpoints.filter(
    (endpoint): endpoint is Endpoint => endpoint.path.startsWith('/dashboard') && endpoint.kind === 'json',
  );
  const groupings = ['day', 'week', 'month', 'product', 'category', 'customer', 'country', 'store'];
  const paths = [
    ...routes.map(({ path }) => path),
    ...groupings.map((groupBy) => `/dashboard/sales?groupBy=${groupBy}&limit=200`),
    '/dashboard?pageSize=200',
    '/dashboard/inventory?limit=200',
    '/dashboard/recent-activity?pageSize=200',
  ];
  expect(routes.length).toBeGreaterThanOrEqual(8);

  await growTo(5);
  const few = await counted(paths);
  await growTo(200);
  const many = await counted(paths);
  expect(many).toEqual(few);
  for (const count of Object.values(few)) {
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(6);
  }

  const { body } = await app.as(admin.token).get('/dashboard?pageSize=200').expect(200);
  expect((body as { products: unknown[] }).products).toHaveLength(200);
}, 120_000);
