import type { Endpoint } from '../../src/http/endpoint';
import type { Components, JsonSchema } from '../../src/http/fields/field';
import { startTestApp, type TestApp } from '../support/app';

/** The surface that clients were promised, written out: a route that goes missing, or a key that an answer loses, fails here. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ skipIntegrity: true }); // there is nothing in it
});
afterAll(() => app.close());

/** `METHODS path`, with `:id` for whatever a parameter is called. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  identity: [
    'POST /auth/register',
    'POST /auth/signup',
    'POST /auth/two-factor/setup',
    'POST /auth/two-factor/enable',
    'POST /auth/two-factor/disable',
    'POST /auth/two-factor/verify',
    'POST /auth/login',
    'POST /auth/logout',
    'POST /auth/refresh',
    'GET PATCH /auth/profile',
    'GET /auth/me',
    'POST /auth/forgot-password',
    'POST /auth/reset-password',
    'POST /auth/change-password',
    'GET /auth/sessions',
    'DELETE /auth/sessions/:id',
    'GET POST /users',
    'GET PATCH DELETE /users/:id',
    'POST /users/invitations',
    'POST /auth/accept-invitation',
    'GET POST /tax-rates',
    'PUT DELETE /tax-rates/:id',
    'GET PATCH /organization',
    'GET POST /stores',
    'GET PATCH DELETE /stores/:id',
  ],
  catalogue: [
    'GET POST /categories',
    'GET PUT PATCH DELETE /categories/:id',
    'GET /categories/tree',
    'GET POST /units',
    'PUT DELETE /units/:id',
    'GET /units/convert',
    'GET POST /products',
    'GET PUT PATCH DELETE /products/:id',
    'PATCH /products/:id/stock',
    'PATCH /products/:id/status',
    'POST /products/:id/publish',
    'POST /products/:id/unpublish',
    'POST /products/:id/archive',
    'POST /products/bulk',
    'POST /customers/bulk',
    'GET POST /customers',
    'GET PUT PATCH DELETE /customers/:id',
    'GET /customers/:id/orders',
    'GET /customers/:id/statement',
  ],
  orders: [
    'GET POST /orders',
    'GET PUT DELETE /orders/:id',
    'PATCH /orders/:id/status',
    'GET POST /orders/:id/items',
    'PATCH DELETE /orders/:id/items/:id',
    'POST /orders/:id/cancel',
    'GET POST /orders/:id/shipments',
    'GET POST /orders/:id/returns',
    'GET POST /orders/:id/payments',
    'GET POST /orders/:id/refunds',
    'GET /orders/:id/history',
    'POST /orders/import',
  ],
  overview: [
    'GET /dashboard',
    'GET /dashboard/overview',
    'GET /dashboard/metrics',
    'GET /dashboard/sales',
    'GET /dashboard/inventory',
    'GET /dashboard/recent-activity',
  ],
};

const each = (lines: readonly string[]): Array<{ method: string; path: string }> =>
  lines.flatMap((line) => {
    const words = line.split(' ');
    return words.slice(0, -1).map((method) => ({ method, path: words.at(-1)! }));
  });
const signature = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${path.replaceAll(/:\w+/g, ':id')}`;

describe.each(Object.keys(ROOMS))('%s', (room) => {
  const wanted = each(ROOMS[room]!);

  it('is all declared', () => {
    const declared = new Set(app.container.endpoints.map(signature));
    expect(wanted.map(signature).filter((route) => !declared.has(route))).toEqual([]);
  });

  it('is all reached by its path', async () => {
    const id = '0198c0de-0000-7000-8000-000000000001';
    for (const { method, path } of wanted) {
      const url = `/api/v1${path.replaceAll(':id', id)}`;
      const verb = method.toLowerCase() as 'get';
      const { status, body } = await app.http[verb](url);
      const allow = app.container.endpoints.find((endpoint) => signature(endpoint) === `${method} ${path}`)!.spec.allow;
      // Nobody is signed in: closed routes say so, public ones miss what they were to be sent.
      expect({ method, path, status, code: (body as { error?: { code: string } }).error?.code }).toEqual(
        allow === 'public' ? { method, path, status: 400, code: 'INVALID_INPUT' } : { method, path, status: 401, code: 'UNAUTHENTICATED' },
      );
    }
  });
});

const keys = (text: string): string[] => text.split(' ');

/** What answers have at least. */
const ANSWERS: ReadonlyArray<readonly [route: string, keys: string[]]> = [
  ['POST /auth/login', keys('user organization accessToken token refreshToken tokenType expiresIn')],
  ['POST /auth/refresh', keys('user organization accessToken token refreshToken tokenType expiresIn')],
  ['POST /auth/register', keys('user organization accessToken token refreshToken tokenType expiresIn')],
  [
    'GET /products/:id',
    keys(
      'id sku name description category unit price cost currency status reorderLevel reorderQuantity barcode supplier attributes stock version createdAt updatedAt',
    ),
  ],
  ['GET /products', keys('data pagination')],
  ['GET /categories/:id', keys('id code name parentId level allowedUnitIds')],
  ['GET /customers/:id', keys('id name email phone company billingAddress shippingAddress taxNumber paymentTerms creditLimit notes')],
  [
    'GET /orders/:id',
    keys(
      'id number status paymentStatus fulfilmentStatus customer store currency items subtotal discountTotal shippingAmount taxTotal total paidAmount refundedAmount balance orderedAt dueDate allowedTransitions version createdAt updatedAt',
    ),
  ],
  ['POST /orders', keys('id number totalAmount customerName')],
  ['GET /customers/:id/statement', keys('customer currency openingBalance closingBalance data pagination')],
  ['PATCH /products/:id/stock', keys('level movement')],
  ['POST /products/bulk', keys('created rejected verdicts')],
];

/** What requests take. */
const REQUESTS: ReadonlyArray<readonly [route: string, part: 'body' | 'query', keys: string[]]> = [
  ['POST /auth/login', 'body', keys('email password')],
  ['POST /auth/register', 'body', keys('email password name organizationName')],
  ['POST /auth/refresh', 'body', keys('refreshToken refresh_token')],
  ['GET /products', 'query', keys('q storeId category status lowStock sort pageSize cursor page')],
  [
    'POST /products',
    'body',
    keys(
      'sku name description categoryId category unitId price cost reorderLevel reorderQuantity barcode supplier status attributes initialStock quantity',
    ),
  ],
  ['GET /units/convert', 'query', keys('from to quantity')],
  ['POST /products/bulk', 'body', keys('mode rows')],
  ['POST /customers', 'body', keys('name email phone company billingAddress shippingAddress taxNumber paymentTerms creditLimit notes')],
  ['POST /customers/bulk', 'body', keys('mode rows')],
  [
    'POST /orders',
    'body',
    keys(
      'customerId customerName storeId draft items discountPercent discountAmount shippingAmount shippingAddress billingAddress dueDate notes number orderNumber externalReference totalAmount',
    ),
  ],
  ['GET /orders', 'query', keys('status paymentStatus customerId storeId from to q minTotal maxTotal sort pageSize cursor page')],
  ['PATCH /orders/:id/status', 'body', keys('status reason')],
  ['POST /orders/:id/items', 'body', keys('productId quantity unitPrice')],
  ['POST /orders/:id/cancel', 'body', keys('reason items')],
  ['GET /dashboard', 'query', keys('storeId')],
];

const endpointOf = (route: string): Endpoint =>
  app.container.endpoints.find((endpoint): endpoint is Endpoint => endpoint.kind === 'json' && signature(endpoint) === route)!;

/** The names of an object's keys; of alternatives, those of any. */
function keysOf(schema: JsonSchema, components: Components): string[] {
  if (typeof schema['$ref'] === 'string') return keysOf(components[schema['$ref'].split('/').at(-1)!]!, components);
  const alternatives = (schema['anyOf'] ?? []) as JsonSchema[];
  return [...Object.keys(schema['properties'] ?? {}), ...alternatives.flatMap((one) => keysOf(one, components))];
}

it.each(ANSWERS)('%s answers what was promised', (route, wanted) => {
  const components: Components = {};
  const { returns } = endpointOf(route).spec;
  const found = returns === 'nothing' ? [] : keysOf(returns.document(components), components);
  expect(wanted.filter((key) => !found.includes(key))).toEqual([]);
});

it.each(REQUESTS)('%s takes in its %s what was promised', (route, part, wanted) => {
  const components: Components = {};
  const found = keysOf(endpointOf(route).spec[part]!.document(components), components);
  expect(wanted.filter((key) => !found.includes(key))).toEqual([]);
});
