import { startTestApp, type SignedUp, type TestApp } from '../support/app';

describe('dashboard and integrity over HTTP', () => {
  let app: TestApp;
  let admin: SignedUp;

  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signUp({ currency: 'NZD', timeZone: 'Pacific/Auckland' });
  });
  afterAll(() => app.close());

  const product = { name: 'Lamp', price: '12.50', cost: '5', reorderLevel: '3' };
  const place = async (productId: string, quantity: string) => {
    const { body } = await app
      .as(admin.token)
      .post('/orders', { items: [{ productId, quantity }] })
      .expect(201);
    return body as { id: string; subtotal: string };
  };

  it('counts what was ordered, and no longer what was cancelled', async () => {
    const { body: lamp } = await app
      .as(admin.token)
      .post('/products', { ...product, initialStock: { quantity: '10' } })
      .expect(201);
    await place((lamp as { id: string }).id, '2');
    const cancelled = await place((lamp as { id: string }).id, '1');
    await app.as(admin.token).post(`/orders/${cancelled.id}/cancel`, { reason: 'Twice' }).expect(200);

    const { body: overview } = await app.as(admin.token).get('/dashboard/overview').expect(200);
    expect(overview).toMatchObject({
      currency: 'NZD',
      timeZone: 'Pacific/Auckland',
      totalRevenue: '25.00',
      totalOrders: 1,
      pendingOrders: 1,
      totalInventoryValue: '50.00',
      totalProducts: 1,
      lowStockItems: 0,
      revenueChangePercent: null,
    });
    const { body: sales } = await app.as(admin.token).get('/dashboard/sales?groupBy=day').expect(200);
    expect(sales).toMatchObject({ groupBy: 'day', totals: { orders: 1, revenue: '25.00', averageOrderValue: '25.00' } });
    expect((sales as { data: unknown[] }).data).toHaveLength(30);
    const { body: ofStore } = await app.as(admin.token).get(`/dashboard/sales?storeId=${admin.storeId}`).expect(200);
    expect(ofStore).toMatchObject({ groupBy: 'month', totals: { orders: 1 } });
  });

  it('shows another organization its own figures only', async () => {
    const other = await app.signUp();
    const { body: overview } = await app.as(other.token).get('/dashboard/overview').expect(200);
    expect(overview).toMatchObject({ totalRevenue: '0.00', totalOrders: 0, totalProducts: 0 });
    const { body: sales } = await app.as(other.token).get(`/dashboard/sales?storeId=${admin.storeId}`).expect(200);
    expect(sales).toMatchObject({ totals: { orders: 0 } });
  });

  it.each([
    ['groupBy=year', 'query.groupBy'],
    ['from=2026-02-30', 'query.from'],
    ['from=2026-02-01&to=2026-01-01', 'query.from'],
    ['groupBy=day&from=2000-01-01&to=2026-01-01', 'query.from'],
    ['storeId=main', 'query.storeId'],
  ])('refuses ?%s', async (query, path) => {
    const { body } = await app.as(admin.token).get(`/dashboard/sales?${query}`).expect(400);
    expect(body).toMatchObject({ error: { code: 'INVALID_INPUT', details: { issues: [{ path }] } } });
  });

  it('reports on every invariant to an admin', async () => {
    const { body } = await app.as(admin.token).get('/integrity').expect(200);
    expect(body).toMatchObject({ organization: { id: admin.organizationId }, healthy: true });
    const { invariants } = body as { invariants: Array<{ id: string; examined: number; violations: number; examples: unknown[] }> };
    expect(invariants.find(({ id }) => id === 'INV-10')).toMatchObject({ violations: 0, examples: [] });
  });

  it.each([
    ['manager', 200, 403],
    ['staff', 200, 403],
    ['viewer', 200, 403],
    ['customer', 403, 403],
  ] as const)('%s: dashboard %d, integrity %d', async (role, dashboard, integrity) => {
    const token = await app.member(admin.organizationId, role);
    await app.as(token).get('/dashboard/overview').expect(dashboard);
    await app.as(token).get('/dashboard/sales').expect(dashboard);
    await app.as(token).get('/integrity').expect(integrity);
  });

  it('wants a token', async () => {
    for (const path of ['/dashboard/overview', '/dashboard/sales', '/integrity']) await app.http.get(`/api/v1${path}`).expect(401);
  });
});
